// Which open terminals have other variables than a new one would get. The editor marks them, but tells no extension.
import * as vscode from 'vscode';
import { claudeVariables } from '../core/claude-environment.ts';
import { customHeaders } from '../core/custom-headers.ts';
import type { VariableCollection } from './terminal-environment.ts';

export class StaleTerminals {
  readonly #collection: Pick<VariableCollection, 'get'>;
  /** What each got. Of terminals that were there first, only what the editor kept for new ones is known. */
  readonly #given = new Map<vscode.Terminal, string>();
  readonly #subscriptions: vscode.Disposable[];

  /** Build it before the variables are brought in step with the router. */
  constructor(collection: Pick<VariableCollection, 'get'>) {
    this.#collection = collection;
    for (const terminal of vscode.window.terminals) this.#note(terminal);
    this.#subscriptions = [
      vscode.window.onDidOpenTerminal((terminal) => this.#note(terminal)),
      vscode.window.onDidCloseTerminal((terminal) => this.#given.delete(terminal)),
    ];
  }

  get count(): number {
    const now = signature(this.#collection);
    return [...this.#given.values()].filter((given) => given !== now).length;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #note(terminal: vscode.Terminal): void {
    // Terminals of extensions that draw them themselves have no variables at all.
    if (!('pty' in terminal.creationOptions)) this.#given.set(terminal, signature(this.#collection));
  }
}

/** What new terminals get, as one text. */
function signature(collection: Pick<VariableCollection, 'get'>): string {
  return JSON.stringify([...claudeVariables, customHeaders].map((name) => collection.get(name)?.value));
}
