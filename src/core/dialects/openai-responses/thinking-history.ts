// Earlier thinking on its way back to the model that had it, as reasoning items.
import { type JsonObject, textOf } from '../../json/values.ts';
import { signatureOrigin } from '../signature-carrier.ts';
import { encryptedIn } from '../signature-forms.ts';
import type { TargetProfile } from '../target-profile.ts';
import type { ReasoningInput } from './wire.ts';

/** Puts the thinking blocks of one assistant turn together to items: an item's parts came as blocks of their own. */
export class ReasoningItems {
  readonly #target: TargetProfile;
  /** Texts whose item is not complete: its encrypted content stands in the last of its blocks. */
  #texts: string[] = [];

  constructor(target: TargetProfile) {
    this.#target = target;
  }

  /** The item that this block completes, if it does. Another provider's thinking would be refused and is left out. */
  add(block: JsonObject): ReasoningInput | undefined {
    if (this.#target.thinkingHistory === 'dropped') return undefined;
    const origin = signatureOrigin(block.signature, this.#target.provider);
    if (origin.kind !== 'own') return undefined;
    const text = textOf(block.thinking);
    if (text !== undefined) this.#texts.push(text);
    const encrypted = encryptedIn(origin.original);
    if (encrypted === undefined) return undefined;
    const summary = this.#texts.map((part) => ({ type: 'summary_text' as const, text: part }));
    this.#texts = [];
    return { type: 'reasoning', summary, encrypted_content: encrypted };
  }

  /** Something else follows. Open thinking goes back only to servers that want it: OpenAI takes none that is not encrypted. */
  end(): ReasoningInput | undefined {
    const texts = this.#texts;
    this.#texts = [];
    if (texts.length === 0 || this.#target.quirks.reasoningHistory === 'drop') return undefined;
    return {
      type: 'reasoning',
      summary: [],
      content: texts.map((text) => ({ type: 'reasoning_text', text })),
    };
  }
}
