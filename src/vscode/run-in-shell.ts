import * as vscode from 'vscode';
import { commandLine } from './command-line.ts';

/** Milliseconds that a shell gets to report its integration before the command is simply typed. */
const patience = 3000;

/**
 * Runs a program in a terminal's shell as if it was typed there.
 * @returns the exit code once it ends, or undefined when the shell does not tell
 */
export async function runInShell(
  terminal: vscode.Terminal,
  program: string,
  args: string[],
): Promise<number | undefined> {
  const integration = terminal.shellIntegration ?? (await integrationOf(terminal));
  if (integration === undefined) {
    terminal.sendText(commandLine(program, args, terminal.state.shell ?? '', process.platform));
    return undefined;
  }
  const execution = integration.executeCommand(program, args);
  return new Promise((resolve) => {
    const subscriptions = [
      vscode.window.onDidEndTerminalShellExecution((event) => {
        if (event.execution === execution) finish(event.exitCode);
      }),
      vscode.window.onDidCloseTerminal((closed) => {
        if (closed === terminal) finish(undefined);
      }),
    ];
    function finish(code: number | undefined): void {
      for (const subscription of subscriptions) subscription.dispose();
      resolve(code);
    }
  });
}

function integrationOf(terminal: vscode.Terminal): Promise<vscode.TerminalShellIntegration | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(undefined), patience);
    const subscriptions = [
      vscode.window.onDidChangeTerminalShellIntegration((event) => {
        if (event.terminal === terminal) finish(event.shellIntegration);
      }),
      vscode.window.onDidCloseTerminal((closed) => {
        if (closed === terminal) finish(undefined);
      }),
    ];
    function finish(integration: vscode.TerminalShellIntegration | undefined): void {
      clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
      resolve(integration);
    }
  });
}
