import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { isCode } from '../node/private-files.ts';
import type { Shell } from './shell.ts';

/** What a config file says before anything is configured. Comments only: the built-in demo goes on. */
const firstLines = `# Configuration of Switchyard. Changes apply as soon as the file is saved.
# Keys never stand here: "secret:NAME" is kept by the editor, "env:NAME" is an environment variable.
# The command "Switchyard: Add Provider…" writes this for you:
#
# providers:
#   deepseek:
#     preset: deepseek
#     keys: [secret:deepseek]
#     models: [deepseek-v4-pro]
# groups:
#   coder:
#     targets: [deepseek/deepseek-v4-pro]
# routes:
#   default: coder
`;

/** Shows the config file, at its first mistake if it has one. A file that is missing is made first. */
export async function openConfig(shell: Shell): Promise<void> {
  const file = shell.configFile;
  createIfMissing(file);
  const problem = shell.snapshot?.config.problems[0];
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(problem?.file ?? file));
  const place = problem === undefined ? undefined : new vscode.Position(problem.line - 1, problem.column - 1);
  await vscode.window.showTextDocument(
    document,
    place === undefined ? {} : { selection: new vscode.Range(place, place) },
  );
}

function createIfMissing(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, file.endsWith('.json') ? '{}\n' : firstLines, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  }
}
