// Tints rows and gives them a letter. Rows carry addresses of a scheme of our own, because decorations are found by
// address and `file:` would bring those of Git along.
import * as vscode from 'vscode';
import type { Mark, Row } from '../present/row.ts';
import { t } from '../translate.ts';

const scheme = 'switchyard';

/** The address of a row in a view; a change of its mark changes the address, which refreshes the decoration. */
export function markUri(view: string, row: Row): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${view}/${encodeURIComponent(row.id)}`, query: row.mark ?? '' });
}

/** Registers the decorations of our scheme. */
export function registerMarks(): vscode.Disposable {
  return vscode.window.registerFileDecorationProvider({
    provideFileDecoration: (uri) => (uri.scheme === scheme ? decoration(uri.query) : undefined),
  });
}

function decoration(mark: string): vscode.FileDecoration | undefined {
  const decorations: Record<Mark, () => vscode.FileDecoration> = {
    warning: () =>
      new vscode.FileDecoration('!', t('partly failing'), new vscode.ThemeColor('list.warningForeground')),
    error: () =>
      new vscode.FileDecoration('✕', t('not available'), new vscode.ThemeColor('list.errorForeground')),
    off: () =>
      new vscode.FileDecoration(undefined, t('switched off'), new vscode.ThemeColor('disabledForeground')),
  };
  return Object.hasOwn(decorations, mark) ? decorations[mark as Mark]() : undefined;
}
