import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Shell } from './shell.ts';

/** Shows the config file, at its first mistake if it has one. A file that is missing is made, with a comment that explains it. */
export async function openConfig(shell: Shell): Promise<void> {
  const file = shell.configFile;
  if (!existsSync(file) && !(await shell.editConfig([]))) return;
  const problem = shell.snapshot?.config.problems[0];
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(problem?.file ?? file));
  const place = problem === undefined ? undefined : new vscode.Position(problem.line - 1, problem.column - 1);
  await vscode.window.showTextDocument(
    document,
    place === undefined ? {} : { selection: new vscode.Range(place, place) },
  );
}
