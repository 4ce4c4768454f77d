import * as vscode from 'vscode';
import type { Problem } from '../core/config/problem.ts';

/** Mistakes in the config files, at their places in the Problems panel. */
export class ConfigDiagnostics {
  readonly #collection = vscode.languages.createDiagnosticCollection('switchyard');
  #shown = '';

  show(problems: readonly Problem[]): void {
    const signature = JSON.stringify(problems);
    if (signature === this.#shown) return;
    this.#shown = signature;
    const byFile = Map.groupBy(problems, (problem) => problem.file);
    this.#collection.clear();
    for (const [file, found] of byFile) {
      this.#collection.set(vscode.Uri.file(file), found.map(toDiagnostic));
    }
  }

  dispose(): void {
    this.#collection.dispose();
  }
}

function toDiagnostic(problem: Problem): vscode.Diagnostic {
  const range = new vscode.Range(
    problem.line - 1,
    problem.column - 1,
    problem.endLine - 1,
    problem.endColumn - 1,
  );
  const severity =
    problem.severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
  const path = problem.path === '' ? '' : `${problem.path}: `;
  const diagnostic = new vscode.Diagnostic(range, path + problem.message, severity);
  diagnostic.source = 'Switchyard';
  return diagnostic;
}
