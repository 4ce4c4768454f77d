// What stands as <original> in a signature carrier when the upstream's dialect is not Anthropic's. Chat completions have
// three forms: a bare signature (Claude behind a relay), `details.` + JSON (a list of reasoning details whose texts are
// lengths in the block's thinking), `google.` + a thought signature that belongs to the tool call behind the block.
// Responses have one: `encrypted.` + a reasoning item's encrypted content.
import { type JsonObject, numberOf, objectsOf, parseJson, shown, textOf } from '../json/values.ts';

const detailsMark = 'details.';
const googleMark = 'google.';
const encryptedMark = 'encrypted.';
/** OpenRouter's own default for `format`. */
const usualFormat = 'anthropic-claude-v1';

/** The original is no bare signature: only an upstream of the dialect that wrapped it can take it back. */
export function isWrapped(original: string): boolean {
  return [detailsMark, googleMark, encryptedMark].some((mark) => original.startsWith(mark));
}

export function wrapEncrypted(content: string): string {
  return encryptedMark + content;
}

/** Undefined when the original is no encrypted content. */
export function encryptedIn(original: string): string | undefined {
  return original.startsWith(encryptedMark) ? original.slice(encryptedMark.length) : undefined;
}

export function wrapThoughtSignature(signature: string): string {
  return googleMark + signature;
}

export function thoughtSignatureIn(original: string): string | undefined {
  return original.startsWith(googleMark) ? original.slice(googleMark.length) : undefined;
}

/** @param thinking the text of the block that carries the details */
export function wrapDetails(details: readonly JsonObject[], thinking: string): string {
  const [only] = details;
  if (only && details.length === 1 && isPlainSigned(only, thinking)) return shown(only.signature);
  const texts = details.map(detailText).join('');
  const short =
    texts === thinking
      ? details.map((detail) => {
          const key = textKey(detail);
          return key === undefined ? detail : { ...detail, [key]: detailText(detail).length };
        })
      : details;
  return detailsMark + JSON.stringify(short);
}

/** The details of a block, texts included; for a block without any, its thinking as one detail. */
export function unwrapDetails(original: string, thinking: string): JsonObject[] {
  if (original.startsWith(googleMark) || original.startsWith(encryptedMark))
    return thinking === '' ? [] : [{ type: 'reasoning.text', text: thinking }];
  if (!original.startsWith(detailsMark)) {
    if (original !== '')
      return [{ type: 'reasoning.text', text: thinking, signature: original, format: usualFormat, index: 0 }];
    return thinking === '' ? [] : [{ type: 'reasoning.text', text: thinking }];
  }
  let at = 0;
  return objectsOf(parseJson(original.slice(detailsMark.length))).map((detail) => {
    const key = textKey(detail);
    const length = key === undefined ? undefined : numberOf(detail[key]);
    if (key === undefined || length === undefined) return detail;
    const text = thinking.slice(at, at + length);
    at += length;
    return { ...detail, [key]: text };
  });
}

function isPlainSigned(detail: JsonObject, thinking: string): boolean {
  const { type, text, signature, format = usualFormat, index = 0, ...rest } = detail;
  return (
    type === 'reasoning.text' &&
    (text ?? '') === thinking &&
    textOf(signature) !== undefined &&
    format === usualFormat &&
    index === 0 &&
    Object.keys(rest).length === 0
  );
}

function textKey(detail: JsonObject): 'text' | 'summary' | undefined {
  if (detail.text !== undefined) return 'text';
  return detail.summary !== undefined ? 'summary' : undefined;
}

/** The readable part of a reasoning detail. */
export function detailText(detail: JsonObject): string {
  return textOf(detail.text) ?? textOf(detail.summary) ?? '';
}
