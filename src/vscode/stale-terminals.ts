// Which open terminals have other variables than a new one would get. The editor marks them, but tells no extension.
import * as vscode from 'vscode';
import { claudeVariables } from '../core/claude-environment.ts';
import { customHeaders } from '../core/custom-headers.ts';
import type { VariableCollection } from './terminal-environment.ts';

/** What a terminal's shell was started with. */
interface Given {
  signature: string;
  /** Another one has been started since when it differs: the user, or the editor, has relaunched the terminal. */
  pid: PromiseLike<number | undefined>;
}

export class StaleTerminals {
  readonly #collection: Pick<VariableCollection, 'get'>;
  /** Of terminals that were there first, only what the editor kept for new ones is known. */
  readonly #given = new Map<vscode.Terminal, Given>();
  readonly #subscriptions: vscode.Disposable[];

  /** Build it before the variables are brought in step with the router. */
  constructor(collection: Pick<VariableCollection, 'get'>) {
    this.#collection = collection;
    for (const terminal of vscode.window.terminals) this.#note(terminal);
    this.#subscriptions = [
      vscode.window.onDidOpenTerminal((terminal) => this.#note(terminal)),
      // Until something is typed, the editor relaunches a terminal by itself when variables change.
      vscode.window.onDidChangeTerminalState((terminal) => {
        if (terminal.state.isInteractedWith && !this.#given.has(terminal)) this.#note(terminal);
      }),
      vscode.window.onDidCloseTerminal((terminal) => this.#given.delete(terminal)),
    ];
  }

  async count(): Promise<number> {
    const now = signature(this.#collection);
    const stale = [...this.#given].map(
      async ([terminal, given]) =>
        given.signature !== now && (await terminal.processId) === (await given.pid),
    );
    return (await Promise.all(stale)).filter(Boolean).length;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #note(terminal: vscode.Terminal): void {
    // Terminals that an extension draws itself have no variables at all.
    if ('pty' in terminal.creationOptions || !terminal.state.isInteractedWith) return;
    this.#given.set(terminal, { signature: signature(this.#collection), pid: terminal.processId });
  }
}

/** What new terminals get, as one text. */
function signature(collection: Pick<VariableCollection, 'get'>): string {
  return JSON.stringify([...claudeVariables, customHeaders].map((name) => collection.get(name)?.value));
}
