// Switch Profile…: which profile of the config file is in force, for every client that names none itself.
import * as vscode from 'vscode';
import { profileEdit } from '../../core/config/edit/route-edits.ts';
import { noProfile } from '../../core/config/router-config.ts';
import type { ProfileView, RoutingView } from '../../core/snapshot.ts';
import { routeLabel } from '../present/route-names.ts';
import { joined } from '../present/row.ts';
import { windowProfile } from '../settings.ts';
import type { Shell } from '../shell.ts';
import { t } from '../translate.ts';
import { type Choice, pickOne } from './inputs.ts';

export async function switchProfile(shell: Shell): Promise<void> {
  const snapshot = shell.ready();
  if (snapshot === undefined) return;
  const { routing } = snapshot;
  if (routing === undefined || routing.profiles.length === 0) return offerConfig();
  const own = windowProfile();
  const answer = await pickOne(
    {
      title: t('Switch Profile'),
      placeholder: t('Which profile is in force from the next request on?'),
      ...(own !== '' && {
        notice: t('Terminals of this window have a profile of their own by a setting: {0}.', own),
      }),
    },
    profileChoices(routing),
    routing.profile ?? noProfile,
  );
  if (answer === undefined || answer === 'back') return;
  const name = answer.value;
  await shell.editConfig(() => (name === (routing.profile ?? noProfile) ? [] : [profileEdit(name)]));
}

/** No profile first, then each with what it changes. */
export function profileChoices(routing: RoutingView): Choice<string>[] {
  const current = (name: string) =>
    (routing.profile ?? noProfile) === name ? `$(check) ${t('current')}` : '';
  return [
    {
      label: t('No Profile'),
      description: joined(current(noProfile), t('the routes of the file itself')),
      value: noProfile,
    },
    ...routing.profiles.map((profile) => ({
      label: profile.name,
      description: joined(current(profile.name), profileWords(profile)),
      value: profile.name,
    })),
  ];
}

/** `Default → gpt-mini, Think → opus · 2 rules` */
export function profileWords({ routes, rules }: ProfileView): string {
  const changes = Object.entries(routes).map(
    ([route, target]) => `${routeLabel(route as keyof typeof routes)} → ${target}`,
  );
  const added = rules === 0 ? undefined : rules === 1 ? t('1 rule') : t('{0} rules', rules);
  return joined(changes.length === 0 ? undefined : changes.join(', '), added);
}

async function offerConfig(): Promise<void> {
  const open = t('Open Config');
  const message = t('The config file has no profiles yet. They stand in it under “profiles”.');
  if ((await vscode.window.showInformationMessage(message, open)) !== open) return;
  await vscode.commands.executeCommand('switchyard.openConfig');
}
