// Gemini's `:embedContent` and `:batchEmbedContents` as clients send them.
import { fieldOf, objectField, objectsField, refused } from '../dialects/gemini/client/asked-field.ts';
import { type JsonObject, numberOf, objectsOf } from '../json/values.ts';
import type { EmbeddingInput, EmbeddingsAsk } from './ask.ts';

export const embeddingVerbs = ['embedContent', 'batchEmbedContents'] as const;
export type EmbeddingVerb = (typeof embeddingVerbs)[number];

export function isEmbeddingVerb(verb: string): verb is EmbeddingVerb {
  return (embeddingVerbs as readonly string[]).includes(verb);
}

/** @param model from the path. Throws `ClientError` (400) that names the field. */
export function decodeGeminiEmbeddings(body: JsonObject, model: string, verb: EmbeddingVerb): EmbeddingsAsk {
  const requests = verb === 'embedContent' ? [body] : objectsField(body, 'requests', 'requests');
  if (requests.length === 0)
    throw refused('* BatchEmbedContentsRequest.requests: must have at least one request');
  return { model, inputs: requests.map(inputOf) };
}

function inputOf(request: JsonObject): EmbeddingInput {
  const content = objectField(request, 'content', 'content');
  if (!content) throw refused('* EmbedContentRequest.content: contents is not specified');
  const parts = objectsOf(content.parts);
  const input: EmbeddingInput = { native: request };
  const dimensions = numberOf(fieldOf(request, 'outputDimensionality'));
  if (dimensions !== undefined) input.dimensions = dimensions;
  if (parts.every((part) => typeof part.text === 'string'))
    input.value = parts.map((part) => part.text).join('\n');
  return input;
}
