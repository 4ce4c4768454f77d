// All commands. Each works from the palette, from a menu, from a row of a tree (which may be undefined when it was
// refreshed under the pointer) and from code with a subject.
import * as vscode from 'vscode';
import { type RouteName, routeNames } from '../core/config/route-names.ts';
import { addProvider } from './add-provider/add-provider.ts';
import type { ClaudeExtension } from './claude-extension/claude-extension.ts';
import type { ClaudeTerminals } from './claude-terminal.ts';
import { diagnose } from './diagnose/diagnose.ts';
import { importConfig } from './import/import.ts';
import { openConfig } from './open-config.ts';
import { copyConnectionSettings } from './pickers/connection.ts';
import { enableProvider } from './pickers/enable-provider.ts';
import { showMenu } from './pickers/menu.ts';
import { removeClaudeTraces } from './pickers/remove-traces.ts';
import { rotateToken } from './pickers/rotate-token.ts';
import { setClientToken } from './pickers/set-client-token.ts';
import { setKey } from './pickers/set-key.ts';
import { switchProfile } from './pickers/switch-profile.ts';
import { switchRoute } from './pickers/switch-route.ts';
import { testProvider } from './pickers/test-provider.ts';
import { useAnotherPort } from './pickers/use-another-port.ts';
import type { Subject } from './present/row.ts';
import type { Shell } from './shell.ts';
import type { StaleTerminals } from './stale-terminals.ts';
import type { TerminalEnvironment } from './terminal-environment.ts';
import { t } from './translate.ts';
import { moveTarget } from './views/move-target.ts';

export interface CommandContext {
  shell: Shell;
  terminals: ClaudeTerminals;
  environment: TerminalEnvironment;
  staleTerminals: StaleTerminals;
  claudeExtension: ClaudeExtension;
  channel: vscode.LogOutputChannel;
}

/** What each command does, by id. */
export function commandTable(context: CommandContext): Record<string, (subject?: Subject) => unknown> {
  const { shell, terminals, environment, claudeExtension, channel } = context;
  return {
    'switchyard.addProvider': () => addProvider(shell),
    'switchyard.setKey': (subject) => setKey(shell, subject),
    'switchyard.switchRoute': (subject) =>
      switchRoute(shell, subject?.kind === 'route' ? subject.route : undefined),
    'switchyard.switchDefaultRoute': () => switchRoute(shell, 'default'),
    'switchyard.switchThinkRoute': () => switchRoute(shell, 'think'),
    'switchyard.switchLongContextRoute': () => switchRoute(shell, 'longContext'),
    'switchyard.switchProfile': () => switchProfile(shell),
    'switchyard.setClientToken': () => setClientToken(shell),
    'switchyard.testProvider': (subject) => testProvider(shell, subject),
    'switchyard.openClaudeCode': () => terminals.open(),
    'switchyard.openConfig': () => openConfig(shell),
    'switchyard.import': () => importConfig(shell),
    'switchyard.copyConnectionSettings': () => copyConnectionSettings(shell),
    'switchyard.diagnose': () => diagnose(context),
    'switchyard.rotateToken': () => rotateToken(shell),
    'switchyard.connectClaudeExtension': () => claudeExtension.connect(),
    'switchyard.disconnectClaudeExtension': () => claudeExtension.disconnect(),
    'switchyard.removeClaudeTraces': () => removeClaudeTraces(),
    'switchyard.showLog': () => channel.show(),
    'switchyard.showMenu': () => showMenu(shell),
    'switchyard.enableProvider': (subject) => enableProvider(shell, true, subject),
    'switchyard.disableProvider': (subject) => enableProvider(shell, false, subject),
    'switchyard.pauseRouter': () => shell.setPaused(true),
    'switchyard.resumeRouter': () => shell.setPaused(false),
    'switchyard.restartRouter': () => restart(shell),
    'switchyard.useAnotherPort': () => useAnotherPort(shell),
    'switchyard.clearCooldowns': (subject) => clearCooldowns(shell, subject),
    'switchyard.updateTerminals': () => updateTerminals(environment),
    'switchyard.moveTargetUp': (subject) => moveTarget(shell, subject, -1),
    'switchyard.moveTargetDown': (subject) => moveTarget(shell, subject, 1),
  };
}

/** Commands that end in an edit of the config file: none of their questions makes sense when that is not ours. */
const editing: ReadonlySet<string> = new Set(
  ['addProvider', 'setKey', 'switchRoute', 'switchDefaultRoute', 'switchThinkRoute', 'switchLongContextRoute']
    .concat(['enableProvider', 'disableProvider', 'moveTargetUp', 'moveTargetDown'])
    .map((name) => `switchyard.${name}`),
);

/** Registers all commands; a failure is told in one sentence. */
export function registerCommands(context: CommandContext): vscode.Disposable[] {
  return Object.entries(commandTable(context)).map(([id, run]) =>
    vscode.commands.registerCommand(id, async (argument: unknown) => {
      try {
        if (editing.has(id) && !(await context.shell.canEdit())) return;
        await run(subjectOf(argument));
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        void vscode.window.showErrorMessage(t('Switchyard: {0}', reason));
      }
    }),
  );
}

const kinds = ['route', 'group', 'target', 'provider', 'key', 'model'];

/** A tree's node, a subject, or anything else that the editor passes to commands. */
function subjectOf(argument: unknown): Subject | undefined {
  const row = property(argument, 'row');
  const subject = row === undefined ? argument : property(row, 'subject');
  const kind = property(subject, 'kind');
  if (typeof kind !== 'string' || !kinds.includes(kind)) return undefined;
  if (kind === 'route' && !routeNames.includes(property(subject, 'route') as RouteName)) return undefined;
  return subject as Subject;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

async function restart(shell: Shell): Promise<void> {
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t('Restarting the router…') },
    () => shell.restart(),
  );
}

async function clearCooldowns(shell: Shell, subject: Subject | undefined): Promise<void> {
  const provider = subject !== undefined && 'provider' in subject ? subject.provider : undefined;
  await shell.call('clearCooldowns', provider === undefined ? {} : { provider });
  vscode.window.setStatusBarMessage(`$(check) ${t('Cooldowns cleared')}`, 4000);
}

function updateTerminals(environment: TerminalEnvironment): void {
  const message = environment.applyRoutes()
    ? t('New terminals use the present routes. Open ones keep their settings.')
    : t('Terminals get no settings now: the router is not ready, paused, or this is switched off.');
  void vscode.window.showInformationMessage(message);
}
