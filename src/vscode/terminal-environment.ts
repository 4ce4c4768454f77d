// Keeps the variables of new terminals in step with the router. The editor keeps them over reloads by itself; they are
// written only when a value differs (equal writes would mark every open terminal as stale), and deactivation leaves
// them alone, because the router of the next start has the same port and token.
import type * as vscode from 'vscode';
import { type ClaudeEnvironment, claudeVariables, noProxySuffix } from '../core/claude-environment.ts';
import { customHeaders } from '../core/custom-headers.ts';
import { t } from './translate.ts';

const everywhere = { applyAtProcessCreation: true, applyAtShellIntegration: true };
const atCreation = { applyAtProcessCreation: true, applyAtShellIntegration: false };
/** `vscode.EnvironmentVariableMutatorType`, whose import would tie this file to a running editor. */
const replaceType: vscode.EnvironmentVariableMutatorType.Replace = 1;
const appendType: vscode.EnvironmentVariableMutatorType.Append = 2;

export interface TerminalState {
  /** Undefined while port or token are unknown: then nothing is touched. */
  environment: ClaudeEnvironment | undefined;
  /** False when the user switched the variables off, or paused the router. */
  wanted: boolean;
  /** The routes are known, so that `routed` can be trusted. */
  routesKnown: boolean;
  /** The built-in demo answers; what was computed then gives way without a question. */
  demo: boolean;
}

/** The part of the editor's collection that is used. */
export type VariableCollection = Pick<
  vscode.EnvironmentVariableCollection,
  'description' | 'get' | 'replace' | 'append' | 'delete'
>;

/**
 * The variables that keep requests to this machine away from an HTTP proxy and may be extended. Where only one of the
 * spellings is set, the other one is left alone: many programs read it first, and would miss what the user's says.
 * @param env the editor's own environment
 */
export function noProxyVariables(env: Record<string, string | undefined>): string[] {
  const names = process.platform === 'win32' ? ['NO_PROXY'] : ['NO_PROXY', 'no_proxy'];
  const set = names.filter((name) => env[name]?.trim());
  // A lone asterisk means "no proxy at all" and stops meaning it when something is appended.
  return (set.length === 0 ? names : set).filter((name) => env[name]?.trim() !== '*');
}

export class TerminalEnvironment {
  readonly #collection: VariableCollection;
  readonly #confirm: () => Promise<boolean>;
  readonly #processEnv: Record<string, string | undefined>;
  #state: TerminalState | undefined;
  #applied: { signature: string; demo: boolean } | undefined;
  /** The values that the user was asked about last. */
  #asked: string | undefined;
  #asking = false;

  /**
   * @param confirm asks the user whether new terminals get what changed routes call for
   * @param processEnv the editor's own environment
   */
  constructor(
    collection: VariableCollection,
    confirm: () => Promise<boolean>,
    processEnv: Record<string, string | undefined>,
  ) {
    this.#collection = collection;
    this.#confirm = confirm;
    this.#processEnv = processEnv;
  }

  /** Call it at every change of the router's state; it does nothing when nothing differs. */
  update(state: TerminalState): void {
    this.#state = state;
    if (!state.wanted) {
      this.#clear();
      return;
    }
    if (state.environment === undefined) return;
    this.#collection.description ??= t('Lets Claude Code use the Switchyard router on this machine.');
    this.#writeFixed(state.environment.fixed);
    // Appended, never by the shell: what the user's start-up files set stays as it is.
    if (state.environment.headers === '') this.#delete(customHeaders);
    else this.#append(customHeaders, state.environment.headers);
    if (!state.routesKnown) return;
    const signature = JSON.stringify(state.environment.routed);
    if (this.#applied === undefined || this.#applied.demo) this.applyRoutes();
    else if (signature !== this.#applied.signature) void this.#ask(signature);
  }

  /** Gives new terminals what the present routes call for. False when that is not known. */
  applyRoutes(): boolean {
    const state = this.#state;
    if (!state?.wanted || state.environment === undefined || !state.routesKnown) return false;
    const { fixed, routed } = state.environment;
    for (const [name, value] of Object.entries(routed)) this.#replace(name, value);
    for (const name of claudeVariables) {
      if (!(name in routed) && !(name in fixed)) this.#delete(name);
    }
    this.#applied = { signature: JSON.stringify(routed), demo: state.demo };
    this.#asked = undefined;
    return true;
  }

  #writeFixed(fixed: Record<string, string>): void {
    for (const [name, value] of Object.entries(fixed)) this.#replace(name, value);
    const extended = noProxyVariables(this.#processEnv);
    for (const name of ['NO_PROXY', 'no_proxy']) {
      if (extended.includes(name)) this.#append(name, noProxySuffix);
      else this.#delete(name);
    }
  }

  /** Once for the same values, and never twice at a time; the answer counts for the values of that moment. */
  async #ask(signature: string): Promise<void> {
    if (this.#asking || signature === this.#asked) return;
    this.#asked = signature;
    this.#asking = true;
    const agreed = await this.#confirm();
    this.#asking = false;
    if (agreed) this.applyRoutes();
  }

  #replace(name: string, value: string): void {
    const present = this.#collection.get(name);
    const same =
      present?.type === replaceType &&
      present.value === value &&
      present.options.applyAtProcessCreation === true &&
      present.options.applyAtShellIntegration === true;
    if (!same) this.#collection.replace(name, value, everywhere);
  }

  #append(name: string, value: string): void {
    const present = this.#collection.get(name);
    const same =
      present?.type === appendType &&
      present.value === value &&
      present.options.applyAtProcessCreation === true &&
      present.options.applyAtShellIntegration !== true;
    if (!same) this.#collection.append(name, value, atCreation);
  }

  #delete(name: string): void {
    if (this.#collection.get(name) !== undefined) this.#collection.delete(name);
  }

  #clear(): void {
    for (const name of [...claudeVariables, customHeaders, 'NO_PROXY', 'no_proxy']) this.#delete(name);
    this.#applied = undefined;
    this.#asked = undefined;
  }
}
