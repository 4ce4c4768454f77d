// A provider of embeddings under the test's command: OpenAI's `/v1/embeddings` and Gemini's two verbs over real HTTP.
// Each text has one vector, so that a test can tell which text an answer belongs to.
import type { IncomingMessage } from 'node:http';
import type { TestContext } from 'node:test';
import { serveForTest } from './router-harness.ts';
import { isObject, type JsonObject } from './scripted-upstream-types.ts';

export interface VectorServerOptions {
  /** More inputs in one request are refused, as DashScope (10) and Gemini (100) do. */
  limit?: number;
  /** Words of one request, above which it is refused, as OpenAI does with tokens. */
  words?: number;
  /** `refuse`: 400 for the field, as Ollama's older versions; `ignore`: always numbers. By default it is honoured. */
  encoding?: 'refuse' | 'ignore';
  /** Answers in reverse, told apart by `index` only. */
  reversed?: boolean;
  /** Every request fails with this status. */
  status?: number;
  /** Existing models; by default every name is one. */
  models?: string[];
  /** Leaves one vector out. */
  short?: boolean;
}

export interface VectorRequest {
  path: string;
  body: JsonObject;
  headers: IncomingMessage['headers'];
}

const fullSize = 8;

/** The vector of a text (of token ids joined by commas): of length 1 in full size, cut off without mending as Google does it. */
export function vectorOf(text: string, size = fullSize): number[] {
  let seed = 1;
  for (const character of text) seed = (Math.imul(seed, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  const raw = Array.from({ length: fullSize }, (_, index) => {
    seed = (Math.imul(seed, 1664525) + 1013904223 + index) >>> 0;
    // 32-bit floats, so that nothing is lost in base64.
    return seed / 2 ** 32 - 0.5;
  });
  const length = Math.hypot(...raw);
  return raw.slice(0, size).map((value) => Math.fround(value / length));
}

export function lengthOf(vector: readonly number[]): number {
  return Math.hypot(...vector);
}

/** Starts one; it is closed after the test. */
export async function startVectorServer(
  t: TestContext,
  options: VectorServerOptions = {},
): Promise<{ url: string; requests: VectorRequest[] }> {
  const requests: VectorRequest[] = [];
  const url = await serveForTest(t, async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const record = { path: request.url ?? '', body: isObject(body) ? body : {}, headers: request.headers };
    requests.push(record);
    const [status, value] = reply(record, options);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  });
  return { url, requests };
}

/** Status and body. */
type Reply = [status: number, body: unknown];

function reply({ path, body }: VectorRequest, options: VectorServerOptions): Reply {
  if (options.status !== undefined) return refusal(options.status, 'scripted failure');
  const verb = /^\/v1beta\/models\/([^:]+):(embedContent|batchEmbedContents)$/.exec(path);
  if (verb) return geminiReply(verb[1] ?? '', verb[2] === 'embedContent', body, options);
  if (path !== '/v1/embeddings') return refusal(404, `Invalid URL (POST ${path})`);
  if (options.models && !options.models.includes(String(body.model)))
    return refusal(404, `The model \`${body.model}\` does not exist`);
  if (options.encoding === 'refuse' && 'encoding_format' in body)
    return refusal(400, 'unsupported parameter: encoding_format');
  const inputs = inputsOf(body.input);
  if (inputs.length > (options.limit ?? 2048))
    return refusal(400, `batch size is invalid, it should not be larger than ${options.limit}`);
  if (inputs.join(' ').split(' ').length > (options.words ?? Number.POSITIVE_INFINITY))
    return refusal(400, `Requested too much, max ${options.words} tokens per request`);
  const size = typeof body.dimensions === 'number' ? body.dimensions : fullSize;
  const base64 = body.encoding_format === 'base64' && options.encoding === undefined;
  const data = inputs.map((text, index) => {
    const vector = vectorOf(text, size);
    const bytes = Buffer.from(new Float32Array(vector).buffer);
    return { object: 'embedding', index, embedding: base64 ? bytes.toString('base64') : vector };
  });
  if (options.reversed) data.reverse();
  if (options.short) data.pop();
  const tokens = inputs.join('').length;
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return [200, { object: 'list', data, model: `${body.model}-of-the-day`, usage }];
}

function geminiReply(model: string, single: boolean, body: JsonObject, options: VectorServerOptions): Reply {
  const requests: unknown[] = single ? [body] : Array.isArray(body.requests) ? body.requests : [];
  if (requests.length > (options.limit ?? 100))
    return refusal(400, 'at most 100 requests can be in one batch');
  const embeddings = requests.map((each) => {
    if (!isObject(each) || each.model !== `models/${model}` || !isObject(each.content)) return undefined;
    const parts: unknown[] = Array.isArray(each.content.parts) ? each.content.parts : [];
    const text = parts.map((part) => (isObject(part) ? String(part.text) : '')).join('\n');
    const size = typeof each.outputDimensionality === 'number' ? each.outputDimensionality : fullSize;
    return { values: vectorOf(text, size) };
  });
  if (embeddings.includes(undefined)) return refusal(400, 'model or content of a request is wrong');
  return [200, single ? { embedding: embeddings[0] } : { embeddings }];
}

function inputsOf(input: unknown): string[] {
  if (typeof input === 'string') return [input];
  if (!Array.isArray(input)) return [];
  if (typeof input[0] === 'number') return [input.join(',')];
  return input.map((each) => (Array.isArray(each) ? each.join(',') : String(each)));
}

function refusal(status: number, message: string): Reply {
  return [status, { error: { message, type: 'invalid_request_error', param: null, code: null } }];
}
