// Signatures of thinking survive the way through the client in one carrier: `sy1.<provider>.<original>` in
// `thinking.signature`. Only the provider that made a signature gets it back; nothing is ever forged.

const mark = 'sy1.';

/** The provider's name as one word without dots: names may hold dots and CJK, signatures travel as ASCII. */
function word(provider: string): string {
  return encodeURIComponent(provider).replaceAll('.', '%2E');
}

/** @param original the upstream's own signature, or '' when it gave none */
export function carrySignature(provider: string, original: string): string {
  return `${mark}${word(provider)}.${original}`;
}

export type SignatureOrigin =
  /** Made by this provider; `original` may be empty. */
  | { kind: 'own'; original: string }
  /** One of our carriers, of another provider. */
  | { kind: 'foreign' }
  /** No signature at all. */
  | { kind: 'none' }
  /** Not one of ours: an Anthropic upstream's own, by all we know. */
  | { kind: 'unknown' };

export function signatureOrigin(signature: unknown, provider: string): SignatureOrigin {
  if (typeof signature !== 'string' || signature === '') return { kind: 'none' };
  if (!signature.startsWith(mark)) return { kind: 'unknown' };
  const own = carrySignature(provider, '');
  return signature.startsWith(own)
    ? { kind: 'own', original: signature.slice(own.length) }
    : { kind: 'foreign' };
}
