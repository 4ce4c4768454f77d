// A provider under the test's command: a real HTTP server on loopback that speaks Anthropic Messages
// (`/v1/messages`, `/v1/messages/count_tokens`), OpenAI Chat Completions (`/v1/chat/completions`) and Responses
// (`/v1/responses`) and Gemini (`/v1beta/models/…`), lists models (`/v1/models`, `/v1beta/models`), answers by script,
// remembers every request, and refuses what the real providers refuse.
//
//   const upstream = await startScriptedUpstream();
//   upstream.answer(text('Hello.'), failure(429, { headers: { 'retry-after': '1' } }));
//   … let a client call `${upstream.url}` (Anthropic, Gemini) or `${upstream.url}/v1` (OpenAI) …
//   assert.deepEqual(upstream.refusals, []);
//   await upstream.close();
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MessageCreateParams } from '@anthropic-ai/sdk/resources/messages';
import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import {
  badKey,
  modelList,
  noModel,
  tooLong,
  writeError,
  writeJson,
  writeStatus,
} from './scripted-upstream-answers.ts';
import { askedBy, sides } from './scripted-upstream-sides.ts';
import {
  type Answer,
  isObject,
  type JsonObject,
  joined,
  type Part,
  type PartsAnswer,
  type RecordedRequest,
  Refusal,
  type ScriptedDialect,
  type StatusAnswer,
} from './scripted-upstream-types.ts';
import { AnswerOver, answerSink, closed } from './scripted-upstream-writer.ts';

export type { Answer, JsonObject, Part, RecordedRequest } from './scripted-upstream-types.ts';

export interface ScriptedUpstreamOptions {
  /** Only this dialect is served, the others' paths are 404; by default all are. */
  dialect?: ScriptedDialect;
  /** Accepted keys; others, and none, get 401. By default everything is accepted. */
  keys?: string[];
  /** Existing models; others get 404. By default every name exists, and the list is empty. */
  models?: string[];
  /** Context window in tokens (4 characters each): more is refused as too long, in the dialect's words. */
  contextWindow?: number;
  /** Largest output limit that a request may ask for. */
  maxOutput?: number;
  /** Anthropic: whether `role: "system"` inside messages is taken (as the newest models do). Default true. */
  systemRole?: boolean;
  /** Chat, Responses: further request, message and part fields that are taken, e.g. `reasoning_content`, `thinking`. */
  extensions?: string[];
  /** Answers message requests for which the queue has nothing; undefined = 400 that says so. */
  otherwise?: (request: RecordedRequest) => Answer | undefined;
}

type Scripted = Answer | ((request: RecordedRequest) => Answer);

export class ScriptedUpstream {
  /** `http://127.0.0.1:PORT`, without `/v1`. */
  url = '';
  /** Every request, in the order of arrival. */
  readonly requests: RecordedRequest[] = [];
  /** Signatures that count as this upstream's own; those of scripted thinking are added by themselves. */
  readonly signatures = new Set<string>();
  /** Answers message requests for which the queue has nothing. May be changed at any time. */
  otherwise: (request: RecordedRequest) => Answer | undefined;
  readonly #options: ScriptedUpstreamOptions;
  readonly #queue: { answer: Scripted; when: (request: RecordedRequest) => boolean }[] = [];
  readonly #server = createServer((request, response) => void this.#handle(request, response));
  #waiters: (() => void)[] = [];
  #answers = 0;

  constructor(options: ScriptedUpstreamOptions) {
    this.#options = options;
    this.otherwise = options.otherwise ?? (() => undefined);
  }

  /** Requests for messages or completions: all but count_tokens, models and unknown paths. */
  get messages(): RecordedRequest[] {
    return this.requests.filter((request) => request.kind === 'message');
  }

  /** Why requests were refused by the provider's own rules; a test of a converter wants this empty. */
  get refusals(): string[] {
    return this.requests.flatMap(({ refusal }) => (refusal === undefined ? [] : [refusal]));
  }

  /** Queues answers for the next message requests, in order. */
  answer(...answers: Scripted[]): void {
    for (const answer of answers) this.#queue.push({ answer, when: (request) => request.kind === 'message' });
  }

  /** Queues an answer for the first request (of any kind) that fits. */
  answerWhen(when: (request: RecordedRequest) => boolean, answer: Scripted): void {
    this.#queue.push({ answer, when });
  }

  /** How many queued answers nobody has asked for. */
  get unused(): number {
    return this.#queue.length;
  }

  /** Resolves with the n-th message request (the first is 1) once it has arrived; its answer may still be under way. */
  async message(n: number): Promise<RecordedRequest> {
    for (;;) {
      const found = this.messages[n - 1];
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  /** Forgets requests and queued answers; signatures stay. */
  clear(): void {
    this.requests.length = 0;
    this.#queue.length = 0;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends all connections and gives up the port. */
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return; // The caller left before its body was complete: no request.
    }
    const record = this.#record(request, response, Buffer.concat(chunks).toString('utf8'));
    this.requests.push(record);
    for (const wake of this.#waiters.splice(0)) wake();
    const id = `${record.dialect === 'anthropic' ? 'a' : 'o'}${++this.#answers}`;
    try {
      await this.#reply(record, response, id);
    } catch (error) {
      if (error instanceof Refusal) {
        record.refusal = error.message;
        writeError(response, record.dialect, error.status, error, id);
      } else if (!(error instanceof AnswerOver)) {
        // A mistake in the script itself: it must show in the test, not look like a slow provider.
        record.refusal = `script failed: ${error instanceof Error ? error.message : error}`;
        response.destroy();
      }
    }
  }

  #record(request: IncomingMessage, response: ServerResponse, text: string): RecordedRequest {
    const path = request.url ?? '/';
    const body = parse(text);
    const { kind, dialect, model, stream } = askedBy(request);
    const { 'x-api-key': own, 'x-goog-api-key': google, authorization } = request.headers;
    const key = own ?? google ?? authorization?.replace(/^Bearer /, '');
    return {
      dialect,
      kind: this.#options.dialect !== undefined && this.#options.dialect !== dialect ? 'other' : kind,
      method: request.method ?? 'GET',
      path,
      headers: request.headers,
      key: Array.isArray(key) ? key[0] : key,
      body: body ?? {},
      text,
      model: model ?? (typeof body?.model === 'string' ? body.model : ''),
      stream: stream ?? body?.stream === true,
      closed: closed(response).then(() => (response.writableFinished ? 'answered' : 'aborted')),
    };
  }

  async #reply(request: RecordedRequest, response: ServerResponse, id: string): Promise<void> {
    const { keys, models } = this.#options;
    if (keys !== undefined && !keys.includes(request.key ?? '')) throw badKey(request);
    this.#check(request);
    const answer = this.#next(request);
    if (answer?.after !== undefined) await Promise.race([answer.after, closed(response)]);
    if (response.destroyed) return;
    if (answer === undefined) this.#unscripted(request, response, models ?? [], id);
    else if ('reset' in answer) response.socket?.resetAndDestroy();
    else if ('status' in answer) writeStatus(response, request.dialect, answer, id);
    else await this.#writeParts(request, response, answer, id);
  }

  #check(request: RecordedRequest): void {
    const { kind, dialect } = request;
    const { models, maxOutput, systemRole = true, extensions = [], contextWindow } = this.#options;
    if (kind !== 'message' && kind !== 'count-tokens') return;
    if (request.text !== '' && parse(request.text) === undefined)
      throw new Refusal('We could not parse the JSON body of your request.');
    if (models !== undefined && !models.includes(request.model)) throw noModel(request);
    sides[dialect].check(request, { maxOutput, systemRole, extensions, signatures: this.signatures });
    const tokens = Math.ceil(request.text.length / 4);
    if (contextWindow !== undefined && kind === 'message' && tokens > contextWindow)
      throw tooLong(dialect, tokens, contextWindow);
  }

  #next(request: RecordedRequest): Answer | undefined {
    const index = this.#queue.findIndex(({ when }) => when(request));
    const scripted = index < 0 ? undefined : this.#queue.splice(index, 1)[0]?.answer;
    const answer = typeof scripted === 'function' ? scripted(request) : scripted;
    return answer ?? (request.kind === 'message' ? this.otherwise(request) : undefined);
  }

  #unscripted(request: RecordedRequest, response: ServerResponse, models: string[], id: string): void {
    if (request.kind === 'count-tokens')
      writeJson(response, 200, { input_tokens: Math.ceil(request.text.length / 4) });
    else if (request.kind === 'models') writeJson(response, 200, modelList(request.dialect, models));
    else if (request.kind === 'message')
      throw new Refusal('scripted upstream: no answer left for this request');
    else {
      const error = { type: 'not_found_error', message: `Invalid URL (${request.method} ${request.path})` };
      writeError(response, request.dialect, 404, error, id);
    }
  }

  async #writeParts(
    request: RecordedRequest,
    response: ServerResponse,
    answer: PartsAnswer,
    id: string,
  ): Promise<void> {
    for (const part of answer.parts)
      if ('thinking' in part && part.signature !== undefined) this.signatures.add(part.signature);
    const context = { model: request.model, id, usage: answer.usage ?? estimate(request, answer.parts) };
    const sink = answerSink(response);
    if (request.stream) {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', ...answer.headers });
      response.flushHeaders();
      await sides[request.dialect].stream(answer, context, sink, request);
      response.end();
      return;
    }
    for (const part of answer.parts) {
      if ('error' in part) {
        writeError(response, request.dialect, 500, part.error, id);
        return;
      }
      await sink.control(part);
    }
    writeJson(response, 200, sides[request.dialect].whole(answer, context), answer.headers);
  }
}

/** Starts one on an ephemeral port of 127.0.0.1. */
export async function startScriptedUpstream(
  options: ScriptedUpstreamOptions = {},
): Promise<ScriptedUpstream> {
  const upstream = new ScriptedUpstream(options);
  await upstream.listen();
  return upstream;
}

/** An answer of plain text. */
export function text(...list: string[]): PartsAnswer {
  return { parts: list.map((piece) => ({ text: piece })) };
}

/** An answer that calls tools, all in one turn. */
export function toolCalls(...calls: { tool: string; input: unknown; id?: string }[]): PartsAnswer {
  return { parts: calls };
}

/** An error in the dialect's own form; the type follows from the status unless given. */
export function failure(
  status: number,
  details: { type?: string; message?: string; code?: string; headers?: Record<string, string> } = {},
): StatusAnswer {
  const type = details.type ?? errorTypes[status] ?? 'api_error';
  const error = { type, message: details.message ?? `scripted ${status}` };
  return {
    status,
    error: details.code === undefined ? error : { ...error, code: details.code },
    ...(details.headers === undefined ? {} : { headers: details.headers }),
  };
}

/** The body with its type; it has passed the checks. */
export function anthropicBody(request: RecordedRequest): MessageCreateParams {
  assertDialect(request, 'anthropic');
  return request.body as unknown as MessageCreateParams;
}

/** The body with its type; it has passed the checks. */
export function openAiBody(request: RecordedRequest): ChatCompletionCreateParams {
  assertDialect(request, 'openai-chat');
  return request.body as unknown as ChatCompletionCreateParams;
}

function assertDialect(request: RecordedRequest, dialect: ScriptedDialect): void {
  if (request.dialect !== dialect || request.refusal !== undefined)
    throw new Error(`not an accepted ${dialect} request: ${request.path} ${request.refusal ?? ''}`);
}

/** A promise with its switch, for `wait` and `after`. */
export function gate(): { promise: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, open: () => resolve() };
}

const errorTypes: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function estimate(request: RecordedRequest, parts: readonly Part[]) {
  const output = parts.map((part) => ('text' in part ? joined(part.text) : JSON.stringify(part))).join('');
  return { input: Math.ceil(request.text.length / 4), output: Math.ceil(output.length / 4) + 1 };
}
