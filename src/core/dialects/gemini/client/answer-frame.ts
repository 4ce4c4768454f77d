// What stands around the parts of an answer: finish reason, token counts, names.
import { isObject, type JsonObject, numberOf, objectOf, textOf } from '../../../json/values.ts';
import { readUsage } from '../../usage.ts';

/** Google knows one reason for a natural end, with calls or without. */
export function finishFields(message: JsonObject): JsonObject {
  const reason = textOf(message.stop_reason);
  const detail = textOf(objectOf(message.stop_details)?.explanation);
  switch (reason) {
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return { finishReason: 'MAX_TOKENS' };
    case 'refusal':
      return { finishReason: 'SAFETY', ...(detail === undefined ? {} : { finishMessage: detail }) };
    default:
      return { finishReason: 'STOP' };
  }
}

/** @param usage Anthropic's: input without cached tokens, output with thinking */
export function usageMetadata(usage: unknown): JsonObject {
  const { input = 0, output = 0, cacheRead = 0, cacheWrite = 0 } = readUsage(usage) ?? {};
  const details = isObject(usage) ? objectOf(usage.output_tokens_details) : undefined;
  const thoughts = Math.min(output, numberOf(details?.thinking_tokens) ?? 0);
  const prompt = input + cacheRead + cacheWrite;
  const metadata: JsonObject = {
    promptTokenCount: prompt,
    candidatesTokenCount: output - thoughts,
    totalTokenCount: prompt + output,
  };
  if (thoughts > 0) metadata.thoughtsTokenCount = thoughts;
  if (cacheRead > 0) metadata.cachedContentTokenCount = cacheRead;
  return metadata;
}

/** Beside the candidates of a chunk or an answer. */
export function nameFields(message: JsonObject): JsonObject {
  return { modelVersion: message.model, responseId: message.id };
}
