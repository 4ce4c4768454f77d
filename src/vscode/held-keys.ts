// Asks once whether a key may go to a place that it was not entered for.
import * as vscode from 'vscode';
import type { HeldKeyView, RouterSnapshot } from '../core/snapshot.ts';
import { t } from './translate.ts';

/** What the questions are about: the keys of this window. */
interface KeyKeeper {
  /** False for keys of other windows, and for places that the user has refused. */
  canAllow(reference: string, place: string): boolean;
  allowKey(reference: string, place: string, allowed: boolean): Promise<void>;
}

export class HeldKeyQuestions {
  readonly #keeper: KeyKeeper;
  readonly #asked = new Set<string>();
  #asking: Promise<void> = Promise.resolve();

  constructor(keeper: KeyKeeper) {
    this.#keeper = keeper;
  }

  /** One after the other, in the window that the user looks at. */
  show(snapshot: RouterSnapshot | undefined): void {
    if (!vscode.window.state.focused) return;
    for (const held of snapshot?.config.heldKeys ?? []) {
      const about = `${held.reference} ${held.place}`;
      if (this.#asked.has(about) || !this.#keeper.canAllow(held.reference, held.place)) continue;
      this.#asked.add(about);
      this.#asking = this.#asking.then(() => this.#ask(held)).catch(() => undefined);
    }
  }

  async #ask({ reference, place, entered }: HeldKeyView): Promise<void> {
    const allow = t('Send It to {0}', place);
    const keep = t('Do Not Send');
    const question = t('Send the key {0} to {1}?', reference, place);
    const detail =
      entered.length === 0
        ? t('It is not known for which host it was entered. The config file leads it there now.')
        : t('It was entered for {0}. The config file leads it there now.', entered.join(', '));
    // The first is what Enter means: whoever types on when the question comes up must not give the key away.
    const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, keep, allow);
    // Closed without an answer: asked again when the window starts anew.
    if (answer === undefined) return;
    await this.#keeper.allowKey(reference, place, answer === allow);
  }
}
