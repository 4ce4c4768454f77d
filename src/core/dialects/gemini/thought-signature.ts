// Thought signatures on their way through a client that keeps `thinking.signature` only. Gemini signs the part that
// follows its thinking (a call, a text), Code Assist also the thought itself.

import { signatureOrigin } from '../signature-carrier.ts';
import { thoughtSignatureIn, wrapThoughtSignature } from '../signature-forms.ts';
import type { TargetProfile } from '../target-profile.ts';

const ownMark = 'thought.';

/** As `original` of a carrier in the block before the signed part. */
export function wrapForNext(signature: string): string {
  return wrapThoughtSignature(signature);
}

/** As `original` of a carrier in the signed thought itself. */
export function wrapForThought(signature: string): string {
  return wrapThoughtSignature(ownMark + signature);
}

export interface ThoughtSignature {
  signature: string;
  /** What the signature belongs to: the thought that carries it or the part behind it. */
  of: 'thought' | 'next';
}

/** The signature that a thinking block carries; undefined when it was not made by this provider for this dialect. */
export function thoughtSignatureOf(signature: unknown, target: TargetProfile): ThoughtSignature | undefined {
  if (target.thinkingHistory === 'dropped') return undefined;
  const origin = signatureOrigin(signature, target.provider);
  const found = origin.kind === 'own' ? thoughtSignatureIn(origin.original) : undefined;
  if (found === undefined) return undefined;
  return found.startsWith(ownMark)
    ? { signature: found.slice(ownMark.length), of: 'thought' }
    : { signature: found, of: 'next' };
}

/**
 * Google's own word for calls that no Gemini model made (ai.google.dev/gemini-api/docs/thought-signatures): without any
 * signature the first call of a step is refused. It claims nothing, so it is no forgery.
 */
export const unsignedCall = 'skip_thought_signature_validator';
