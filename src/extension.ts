// The composition root of the extension: builds the objects and connects them, nothing else.
import { join } from 'node:path';
import * as vscode from 'vscode';
import { homeFolder } from './node/home.ts';
import { ClaudeExtension } from './vscode/claude-extension/claude-extension.ts';
import { writeClaudeSettings } from './vscode/claude-settings.ts';
import { ClaudeTerminals } from './vscode/claude-terminal.ts';
import { registerCommands } from './vscode/commands.ts';
import { ContextKeys } from './vscode/context-keys.ts';
import { ConfigDiagnostics } from './vscode/diagnostics.ts';
import { HeldKeyQuestions } from './vscode/held-keys.ts';
import { ImportLinks } from './vscode/import-link/import-link.ts';
import { launchVariables, terminalState } from './vscode/launch.ts';
import { createLogChannel } from './vscode/log-channel.ts';
import { confirmNewEnvironment, Notices } from './vscode/notices.ts';
import { injectsEnvironment, onSettingsChange } from './vscode/settings.ts';
import { Shell } from './vscode/shell.ts';
import { StaleTerminals } from './vscode/stale-terminals.ts';
import { StatusBar } from './vscode/status-bar.ts';
import { TerminalEnvironment } from './vscode/terminal-environment.ts';
import { useTranslation } from './vscode/translate.ts';
import { UserPresence } from './vscode/user-presence.ts';
import { Views } from './vscode/views/views.ts';

let running: Shell | undefined;

export function activate(context: vscode.ExtensionContext): void {
  useTranslation(vscode.l10n.t);
  const { channel, log } = createLogChannel();
  const shell = new Shell({
    version: String(context.extension.packageJSON.version),
    home: homeFolder(process.env),
    workerFile: join(context.extensionPath, 'dist', 'worker.js'),
    storage: context.secrets,
    log,
  });
  running = shell;

  const statusBar = new StatusBar();
  const views = new Views(shell);
  const diagnostics = new ConfigDiagnostics();
  const contextKeys = new ContextKeys();
  const notices = new Notices();
  const heldKeys = new HeldKeyQuestions(shell);
  const staleTerminals = new StaleTerminals(context.environmentVariableCollection);
  const claudeExtension = new ClaudeExtension(shell, context.globalState, log);
  const environment = new TerminalEnvironment(
    context.environmentVariableCollection,
    confirmNewEnvironment,
    process.env,
  );
  const terminals = new ClaudeTerminals(
    () => {
      const variables = shell.environment();
      if (variables === undefined || shell.snapshot?.phase === 'down') return undefined;
      return {
        settingsFile: writeClaudeSettings(shell.home, variables),
        env: launchVariables(injectsEnvironment() && !shell.snapshot?.paused, variables.headers, process.env),
      };
    },
    {
      paused: () => shell.snapshot?.paused ?? false,
      resume: () => shell.setPaused(false),
    },
  );

  const show = () => {
    const { snapshot } = shell;
    statusBar.show(snapshot, shell.secretsAvailable);
    views.show();
    notices.show(snapshot);
    heldKeys.show(snapshot);
    if (snapshot === undefined) return;
    diagnostics.show(snapshot.config.problems);
    environment.update(terminalState(snapshot, shell.environment(), injectsEnvironment()));
    contextKeys.show(snapshot);
    void claudeExtension.update();
  };

  context.subscriptions.push(
    channel,
    statusBar,
    views,
    diagnostics,
    terminals,
    staleTerminals,
    shell.onDidChange(show),
    vscode.workspace.onDidChangeWorkspaceFolders(show),
    vscode.window.onDidChangeWindowState(() => heldKeys.show(shell.snapshot)),
    onSettingsChange({
      configFile: () => shell.configFileChanged(),
      injectEnvironment: show,
      profile: show,
      proxy: () => shell.proxyChanged(),
    }),
    vscode.window.registerUriHandler(new ImportLinks(shell)),
    new UserPresence(
      // A context key that nothing uses: the least that a window can be asked.
      () => vscode.commands.executeCommand('setContext', 'switchyard.present', true),
      (alone) => shell.setAlone(alone),
    ),
    ...registerCommands({ shell, terminals, environment, staleTerminals, claudeExtension, channel }),
  );
  void shell.start();
}

/** The editor gives it five seconds. */
export async function deactivate(): Promise<void> {
  await running?.stop();
  running = undefined;
}
