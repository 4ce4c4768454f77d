// Claude Code's own extension does not look at terminals: it reads its variables from user settings. They are set there
// on request only, kept out of Settings Sync (the address is of this machine, the token secret), and taken out again.
import * as vscode from 'vscode';
import { noProxySuffix } from '../../core/claude-environment.ts';
import type { Log } from '../../core/log.ts';
import type { Shell } from '../shell.ts';
import { noProxyVariables } from '../terminal-environment.ts';
import { t } from '../translate.ts';
import { connectedEntries, disconnectedEntries, leadsTo, withNames, withoutNames } from './entries.ts';

const extensionId = 'anthropic.claude-code';
const variablesId = 'claudeCode.environmentVariables';
const loginPromptId = 'claudeCode.disableLoginPrompt';
const ignoredId = 'settingsSync.ignoredSettings';

/** What has to be known to take everything back. */
interface Connection {
  /** Names that were written. */
  names: string[];
  /** The user's own value of before; absent for none. */
  loginPrompt?: unknown;
  /** What was added to the settings that are not synced. */
  ignored: string[];
}

const memory = 'claudeExtension';

export class ClaudeExtension {
  readonly #shell: Shell;
  readonly #memento: vscode.Memento;
  readonly #log: Log;
  #updating = false;

  constructor(shell: Shell, memento: vscode.Memento, log: Log) {
    this.#shell = shell;
    this.#memento = memento;
    this.#log = log;
  }

  get state(): 'absent' | 'connected' | 'other' {
    if (vscode.extensions.getExtension(extensionId) === undefined) return 'absent';
    const variables = this.#variables();
    return variables !== undefined && leadsTo(userValue(variablesId), variables) ? 'connected' : 'other';
  }

  /** Asks, then writes the user settings. */
  async connect(): Promise<void> {
    if (this.state === 'absent') return offerExtension();
    const variables = this.#variables();
    if (variables === undefined) {
      void vscode.window.showWarningMessage(
        this.#shell.snapshot?.downReason ?? t('The router is not running.'),
      );
      return;
    }
    const connect = t('Connect');
    const detail = t(
      'Your user settings get {0} and {1}, with the router’s address and token, and are kept out of Settings Sync. “Disconnect Claude Code Extension” takes them back.',
      variablesId,
      loginPromptId,
    );
    const question = t('Let the Claude Code extension use the router?');
    const options = { modal: true, detail };
    if ((await vscode.window.showInformationMessage(question, options, connect)) !== connect) return;
    await this.#write(variables);
    void vscode.window.showInformationMessage(
      t('The Claude Code extension uses the router from its next session on. Reload its panel.'),
    );
  }

  /** Takes back what `connect` wrote. What the user has changed since stays. */
  async disconnect(): Promise<void> {
    const { names, loginPrompt, ignored } = this.#connection ?? { names: [], ignored: [] };
    if (this.#connection === undefined && this.state !== 'connected') {
      void vscode.window.showInformationMessage(
        t('The Claude Code extension is not connected to the router.'),
      );
      return;
    }
    // Without the extension its settings can't be written; what is left of them does nothing.
    if (this.state !== 'absent') {
      await setUserValue(variablesId, disconnectedEntries(userValue(variablesId), names));
      if (userValue(loginPromptId) === true) await setUserValue(loginPromptId, loginPrompt);
    }
    if (ignored.length > 0) await setUserValue(ignoredId, withoutNames(userValue(ignoredId), ignored));
    await this.#memento.update(memory, undefined);
    void vscode.window.showInformationMessage(t('The Claude Code extension no longer uses the router.'));
  }

  /** Keeps a connection in step with the router's address and token. Call it as often as you like. */
  async update(): Promise<void> {
    if (this.#updating || this.#connection === undefined || this.state !== 'other') return;
    const variables = this.#variables();
    if (variables === undefined) return;
    this.#updating = true;
    try {
      await this.#write(variables);
      this.#updating = false;
    } catch (error) {
      // It stays so until the next start: the next snapshot would only fail as this one did.
      this.#log('warn', `The settings of the Claude Code extension were not updated: ${String(error)}`);
    }
  }

  get #connection(): Connection | undefined {
    return this.#memento.get<Connection>(memory);
  }

  /** Undefined while the router is not ready. */
  #variables(): Record<string, string> | undefined {
    const environment = this.#shell.environment();
    if (environment === undefined || this.#shell.snapshot?.phase === 'down') return undefined;
    const proxies = noProxyVariables(process.env).filter(
      (name) => process.env[name] !== undefined || hasProxy(),
    );
    const extended = proxies.map((name) => [name, (process.env[name] ?? '') + noProxySuffix] as const);
    return { ...environment.fixed, ...environment.routed, ...Object.fromEntries(extended) };
  }

  async #write(variables: Record<string, string>): Promise<void> {
    const before = this.#connection;
    // An editor that does not know the setting has no Settings Sync either.
    const { list, added } = withNames(userValue(ignoredId), isKnown(ignoredId) ? [variablesId] : []);
    const loginPrompt = before === undefined ? userValue(loginPromptId) : before.loginPrompt;
    const names = [...new Set([...(before?.names ?? []), ...Object.keys(variables)])];
    // First what takes it back, then what keeps the token out of the cloud, then the token.
    await this.#memento.update(memory, {
      names,
      ...(loginPrompt !== undefined && { loginPrompt }),
      ignored: [...(before?.ignored ?? []), ...added],
    } satisfies Connection);
    if (added.length > 0) await setUserValue(ignoredId, list);
    await setUserValue(variablesId, connectedEntries(userValue(variablesId), variables));
    await setUserValue(loginPromptId, true);
  }
}

function hasProxy(): boolean {
  const { env } = process;
  return Boolean(env.HTTP_PROXY || env.http_proxy || env.ALL_PROXY || env.all_proxy);
}

function isKnown(id: string): boolean {
  return vscode.workspace.getConfiguration().inspect(id)?.defaultValue !== undefined;
}

function userValue(id: string): unknown {
  return vscode.workspace.getConfiguration().inspect(id)?.globalValue;
}

async function setUserValue(id: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration().update(id, value, vscode.ConfigurationTarget.Global);
}

async function offerExtension(): Promise<void> {
  const show = t('Show Extension');
  const message = t('The Claude Code extension is not installed here.');
  if ((await vscode.window.showInformationMessage(message, show)) !== show) return;
  await vscode.commands.executeCommand('workbench.extensions.search', `@id:${extensionId}`);
}
