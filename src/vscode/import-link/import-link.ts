// `vscode://switchyard.switchyard/import?…`: a provider from a link. It is shown whole, and goes on as Add Provider….
import * as vscode from 'vscode';
import { keyPlace } from '../../core/config/key-place.ts';
import { addProvider, takenInFile } from '../add-provider/add-provider.ts';
import type { Shell } from '../shell.ts';
import { t } from '../translate.ts';
import { type LinkedProvider, readImportLink } from './linked-provider.ts';

export class ImportLinks implements vscode.UriHandler {
  readonly #shell: Shell;
  #busy = false;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  /** One at a time: a page that opens links again and again must not bury the user in questions. */
  async handleUri(uri: vscode.Uri): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      if (!(await this.#shell.canEdit())) return;
      const linked = readImportLink(uri.path, uri.query, await takenInFile(this.#shell));
      if (await confirm(linked)) await addProvider(this.#shell, linked);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(t('Switchyard: {0}', reason));
    } finally {
      this.#busy = false;
    }
  }
}

async function confirm({ name, preset, baseUrl, models }: LinkedProvider): Promise<boolean> {
  const go = t('Continue');
  const detail = [
    t('Provider: {0}', preset.label),
    t('Address: {0}', baseUrl),
    t('Models: {0}', models.join(', ') || t('to be chosen')),
    '',
    t('A key that you enter, and what clients ask this provider, go to {0}.', keyPlace(baseUrl)),
    t('The link comes from outside: go on only if you trust where it came from. Nothing is written yet.'),
  ].join('\n');
  const question = t('Add the provider {0} from a link?', name);
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, go)) === go;
}
