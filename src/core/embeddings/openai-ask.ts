// OpenAI's `POST /embeddings` as clients send it: a text, a list of texts, token ids, or a list of lists of them.
import { ClientError } from '../client-error.ts';
import { isObject, type JsonObject, numberOf } from '../json/values.ts';
import type { EmbeddingInput, EmbeddingsAsk } from './ask.ts';

/** Throws `ClientError` (400) that names the field. */
export function decodeOpenAiEmbeddings(body: JsonObject): EmbeddingsAsk {
  const { model, input, encoding_format: encoding } = body;
  if (typeof model !== 'string' || model === '')
    throw refused("Missing required parameter: 'model', the name of an embedding model.");
  if (encoding !== undefined && encoding !== null && encoding !== 'float' && encoding !== 'base64')
    throw refused("Invalid value for 'encoding_format': supported values are 'float' and 'base64'.");
  const dimensions = numberOf(body.dimensions);
  const inputs = inputList(input).map((value): EmbeddingInput => {
    const each: EmbeddingInput = { value };
    if (dimensions !== undefined) each.dimensions = dimensions;
    return each;
  });
  const ask: EmbeddingsAsk = { model, inputs, body };
  if (encoding) ask.encoding = encoding;
  return ask;
}

type Value = NonNullable<EmbeddingInput['value']>;

function inputList(input: unknown): Value[] {
  if (typeof input === 'string') return [input];
  if (!Array.isArray(input) || input.length === 0)
    throw refused(
      "Invalid 'input': a text, a list of texts or of token ids is expected, and not an empty one.",
    );
  if (isTokens(input)) return [input];
  for (const [index, each] of input.entries())
    if (!isValue(each))
      throw refused(`Invalid 'input[${index}]': a text or a list of token ids is expected.`);
  return input as Value[];
}

function isValue(value: unknown): value is Value {
  return typeof value === 'string' || isObject(value) || isTokens(value);
}

function isTokens(value: unknown): value is number[] {
  return Array.isArray(value) && value.length > 0 && value.every(Number.isInteger);
}

function refused(message: string): ClientError {
  return new ClientError(400, 'invalid_request_error', message);
}
