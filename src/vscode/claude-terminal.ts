// Terminals in which Claude Code runs against the router: the command and the terminal profile. Both open the user's own
// shell and start `claude` in it, so that the shell's PATH holds and the terminal stays when `claude` ends.
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { findProgram } from './find-program.ts';
import { runInShell } from './run-in-shell.ts';
import { claudeProgram } from './settings.ts';
import { t } from './translate.ts';

const profileId = 'switchyard.claudeCode';
const installPage = 'https://code.claude.com/docs/en/setup';

/** Names the launch that a terminal of the profile belongs to: the editor creates those terminals itself. */
const marker = 'SWITCHYARD_LAUNCH';

export interface ClaudeLaunch {
  /** Path of the file for `--settings`. */
  settingsFile: string;
  /** Variables that the terminal needs because the editor does not give them to all terminals. */
  env: Record<string, string>;
}

export interface PausableRouter {
  paused(): boolean;
  resume(): Promise<unknown>;
}

export class ClaudeTerminals {
  readonly #prepare: () => ClaudeLaunch | undefined;
  readonly #router: PausableRouter;
  readonly #subscriptions: vscode.Disposable[];
  readonly #expected = new Map<string, ClaudeLaunch>();

  /** @param prepare what a launch needs now; undefined while the router is not ready */
  constructor(prepare: () => ClaudeLaunch | undefined, router: PausableRouter) {
    this.#prepare = prepare;
    this.#router = router;
    this.#subscriptions = [
      vscode.window.registerTerminalProfileProvider(profileId, {
        provideTerminalProfile: () => this.#profile(),
      }),
      vscode.window.onDidOpenTerminal((terminal) => this.#opened(terminal)),
    ];
  }

  /** Opens a terminal with Claude Code, or says why not. */
  async open(): Promise<void> {
    if (this.#router.paused() && !(await this.#resumed())) return;
    const launch = this.#ready();
    if (launch === undefined) return;
    const program = claudeProgram();
    if (findProgram(program, process.env) === undefined && !(await confirmMissing(program))) return;
    const terminal = vscode.window.createTerminal(terminalOptions(launch.env));
    terminal.show();
    await start(terminal, launch);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #profile(): vscode.TerminalProfile | undefined {
    const launch = this.#ready();
    if (launch === undefined) return undefined;
    if (this.#router.paused()) void this.#resumed();
    const id = randomUUID();
    this.#expected.set(id, launch);
    return new vscode.TerminalProfile(terminalOptions({ ...launch.env, [marker]: id }));
  }

  #opened(terminal: vscode.Terminal): void {
    const options = terminal.creationOptions;
    const id = 'env' in options ? options.env?.[marker] : undefined;
    const launch = this.#expected.get(id ?? '');
    // A terminal that was restored after a reload carries an id that nobody expects: its program runs already.
    if (typeof id !== 'string' || launch === undefined) return;
    this.#expected.delete(id);
    // The editor leaves terminals of contributed profiles in the background when another one is open.
    terminal.show();
    void start(terminal, launch);
  }

  /** A paused router would refuse every request. */
  async #resumed(): Promise<boolean> {
    const resume = t('Resume Router');
    const message = t('The router is paused: clients get no answers.');
    if ((await vscode.window.showWarningMessage(message, resume)) !== resume) return false;
    await this.#router.resume();
    return true;
  }

  #ready(): ClaudeLaunch | undefined {
    const launch = this.#prepare();
    if (launch === undefined) {
      void vscode.window.showWarningMessage(
        t('The router is not ready: Claude Code can’t be opened. The log tells why.'),
      );
    }
    return launch;
  }
}

function terminalOptions(env: Record<string, string>): vscode.TerminalOptions {
  return { name: 'Claude Code', iconPath: new vscode.ThemeIcon('type-hierarchy'), env };
}

async function start(terminal: vscode.Terminal, launch: ClaudeLaunch): Promise<void> {
  const program = claudeProgram();
  const code = await runInShell(terminal, program, ['--settings', launch.settingsFile]);
  // The shells' way to say that there is no such program.
  if (code === 127) await offerInstall(program);
}

async function offerInstall(program: string): Promise<void> {
  const choice = await vscode.window.showWarningMessage(missing(program), t('How to Install'));
  if (choice !== undefined) await vscode.env.openExternal(vscode.Uri.parse(installPage));
}

async function confirmMissing(program: string): Promise<boolean> {
  const install = t('How to Install');
  const anyway = t('Open Anyway');
  const choice = await vscode.window.showWarningMessage(missing(program), install, anyway);
  if (choice === install) await vscode.env.openExternal(vscode.Uri.parse(installPage));
  return choice === anyway;
}

function missing(program: string): string {
  return t(
    'Claude Code was not found: there is no program “{0}” on this machine. Install it, or name it in the setting switchyard.claudeCode.path.',
    program,
  );
}
