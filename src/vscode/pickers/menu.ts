import * as vscode from 'vscode';
import type { RouterSnapshot } from '../../core/snapshot.ts';
import { routeLabel } from '../present/route-names.ts';
import { statusOf } from '../present/status.ts';
import type { Shell } from '../shell.ts';
import { t } from '../translate.ts';
import { type Choice, pickOne, separator } from './inputs.ts';

/** What a click on the status bar item opens: the routes in force and the usual deeds. */
export async function showMenu(shell: Shell): Promise<void> {
  const status = statusOf(shell.snapshot, shell.secretsAvailable);
  const answer = await pickOne(
    { title: 'Switchyard', placeholder: status.reason || t('What do you want to do?') },
    menuChoices(shell.snapshot),
  );
  if (answer === undefined || answer === 'back') return;
  const [command = '', argument] = answer.value.split('#');
  const subject = argument === undefined ? [] : [{ kind: 'route', route: argument }];
  await vscode.commands.executeCommand(`switchyard.${command}`, ...subject);
}

/** Values are command ids without prefix, with a route behind `#`. */
export function menuChoices(snapshot: RouterSnapshot | undefined): Choice<string>[] {
  const routes = snapshot?.routes.filter((route) => route.own) ?? [];
  return [
    ...(routes.length === 0 ? [] : [separator<string>(t('Routes'))]),
    ...routes.map(
      (route): Choice<string> => ({
        label: `$(arrow-swap) ${routeLabel(route.name)}`,
        description: route.target ?? '',
        value: `switchRoute#${route.name}`,
      }),
    ),
    { label: `$(list-unordered) ${t('Another route…')}`, value: 'switchRoute' },
    ...profileChoice(snapshot),
    separator(t('Router')),
    ...(snapshot?.takenPort === undefined
      ? []
      : [{ label: `$(plug) ${t('Use Another Port…')}`, value: 'useAnotherPort' }]),
    { label: `$(terminal) ${t('Open Claude Code')}`, value: 'openClaudeCode' },
    { label: `$(add) ${t('Add Provider…')}`, value: 'addProvider' },
    { label: `$(copy) ${t('Copy Connection Settings…')}`, value: 'copyConnectionSettings' },
    { label: `$(go-to-file) ${t('Open Config')}`, value: 'openConfig' },
    { label: `$(cloud-download) ${t('Import…')}`, value: 'import' },
    { label: `$(pulse) ${t('Diagnose')}`, value: 'diagnose' },
    { label: `$(output) ${t('Show Log')}`, value: 'showLog' },
    snapshot?.paused
      ? { label: `$(debug-start) ${t('Resume Router')}`, value: 'resumeRouter' }
      : { label: `$(debug-pause) ${t('Pause Router')}`, value: 'pauseRouter' },
    { label: `$(debug-restart) ${t('Restart Router')}`, value: 'restartRouter' },
  ];
}

/** Only where there is something to switch. */
function profileChoice(snapshot: RouterSnapshot | undefined): Choice<string>[] {
  const { routing } = snapshot ?? {};
  if (routing === undefined || routing.profiles.length === 0) return [];
  const description = routing.profile ?? t('No Profile');
  return [{ label: `$(layers) ${t('Switch Profile…')}`, description, value: 'switchProfile' }];
}
