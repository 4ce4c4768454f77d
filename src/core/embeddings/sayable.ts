// Token ids, media and sizes that differ can be said to some providers only.
import { ClientError } from '../client-error.ts';
import type { TargetProfile } from '../dialects/target-profile.ts';
import type { Deployment } from '../routing/candidates.ts';
import type { EmbeddingsAsk } from './ask.ts';
import { encodeGeminiBatch } from './gemini-upstream.ts';
import { encodeOpenAiBatch } from './openai-upstream.ts';

export interface Sayable {
  able: readonly Deployment[];
  /** Sentences for the log: who was passed over, and why. */
  hints: string[];
}

/**
 * The deployments that can be asked for this in their dialect.
 * Throws `ClientError` (400), what the first one lacks, when there are none.
 * @param candidates at least one
 */
export function sayableTo(
  candidates: readonly Deployment[],
  ask: EmbeddingsAsk,
  profileOf: (deployment: Deployment) => TargetProfile,
): Sayable {
  const known = new Map<boolean, ClientError | undefined>();
  const refusalOf = (deployment: Deployment) => {
    const isGemini = deployment.provider.dialect === 'gemini';
    if (!known.has(isGemini)) known.set(isGemini, refusal(ask, profileOf(deployment), isGemini));
    return known.get(isGemini);
  };
  const able = candidates.filter((candidate) => refusalOf(candidate) === undefined);
  const [first] = candidates;
  const lacks = first && refusalOf(first);
  if (able.length === 0 && lacks) throw lacks;
  const hints = candidates.flatMap((candidate) => {
    const why = refusalOf(candidate);
    const { provider, model } = candidate;
    return why
      ? `${provider.name}/${model.id} passed over, because it speaks ${provider.dialect}: ${why.message}`
      : [];
  });
  return { able, hints: [...new Set(hints)] };
}

function refusal(ask: EmbeddingsAsk, target: TargetProfile, isGemini: boolean): ClientError | undefined {
  try {
    if (isGemini) encodeGeminiBatch(ask, ask.inputs, target);
    else encodeOpenAiBatch(ask, ask.inputs, target, false);
    return undefined;
  } catch (error) {
    if (error instanceof ClientError) return error;
    throw error;
  }
}
