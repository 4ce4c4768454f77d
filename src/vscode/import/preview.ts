// Shows what an import would write, before it is written.
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { t } from '../translate.ts';

const scheme = 'switchyard-import';

/** Opens the text read-only beside nothing else, runs `ask`, and closes it again. */
export async function withPreview<T>(target: string, text: string, ask: () => Promise<T>): Promise<T> {
  const uri = vscode.Uri.from({ scheme, path: `/${t('Import')}: ${basename(target)}` });
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: () => text,
  });
  try {
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, 'yaml').then(undefined, () => undefined);
    await vscode.window.showTextDocument(document, { preview: true, preserveFocus: true });
    return await ask();
  } finally {
    provider.dispose();
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const ours = tabs.filter(
      ({ input }) => input instanceof vscode.TabInputText && input.uri.scheme === scheme,
    );
    await vscode.window.tabGroups.close(ours).then(undefined, () => undefined);
  }
}
