// What the scripted upstream is told to answer, and what it remembers of each request.
import type { IncomingHttpHeaders } from 'node:http';
import type { DialectId } from '../../src/core/dialects/dialect.ts';

export type ScriptedDialect = DialectId;

/** One piece of an answer, in order. The last four concern the transport; in a whole (not streamed) answer they hit the answer as such. */
export type Part =
  /** A list gives the exact deltas; a string is cut into pieces of 16 characters. */
  | { text: string | string[] }
  /**
   * Chat: `reasoning_content`; Responses: a summary; Gemini: a thought. The signature is remembered: thinking that comes
   * back with another one is refused. Responses: the encrypted content; Gemini: on the next part, so base64.
   */
  | { thinking: string | string[]; signature?: string }
  /** Anthropic: thinking that nobody can read; the other dialects have no such thing. */
  | { redacted: string }
  /** Arguments are streamed in pieces of 7 characters; a string is sent as it stands (so it may be broken JSON). */
  | { tool: string; input: unknown; id?: string }
  /** Anthropic: `server_tool_use` and its result; chat: `url_citation` annotations; Responses: a call; Gemini: grounding. */
  | { webSearch: string; results: { title: string; url: string }[] }
  /** Nothing goes out until the promise settles. */
  | { wait: Promise<unknown> }
  /** Bytes that go out as they stand. */
  | { bytes: string | Uint8Array }
  /** An error inside the stream, in the dialect's form; the stream ends after it. */
  | { error: { type: string; message: string } }
  /** reset: the socket is destroyed; cut: the body ends cleanly without the dialect's closing events. */
  | { end: 'reset' | 'cut' };

export interface Usage {
  /** All input tokens, cached ones included. */
  input: number;
  output: number;
  cacheRead?: number;
  cacheWrite?: number;
  reasoning?: number;
}

export interface PartsAnswer {
  parts: Part[];
  usage?: Usage;
  /** In the dialect's own words; by default what follows from the parts. */
  stopReason?: string;
  headers?: Record<string, string>;
  /** Nothing, not even headers, goes out until the promise settles. */
  after?: Promise<unknown>;
}

export interface StatusAnswer {
  status: number;
  /** Text as it stands, or JSON. Give either this or `error`. */
  body?: unknown;
  /** Put into the dialect's error body. */
  error?: { type: string; message: string; code?: string };
  headers?: Record<string, string>;
  after?: Promise<unknown>;
}

/** The connection is destroyed before any header. */
export interface ResetAnswer {
  reset: true;
  after?: Promise<unknown>;
}

export type Answer = PartsAnswer | StatusAnswer | ResetAnswer;

/** What an answer needs to know of its request. */
export interface AnswerContext {
  model: string;
  /** Unique per answer. */
  id: string;
  usage: Usage;
}

export type JsonObject = { [key: string]: unknown };

export type RequestKind = 'message' | 'count-tokens' | 'models' | 'other';

export interface RecordedRequest {
  dialect: ScriptedDialect;
  kind: RequestKind;
  method: string;
  /** With the query. */
  path: string;
  headers: IncomingHttpHeaders;
  /** From `x-api-key`, `x-goog-api-key` or `Authorization: Bearer`, without the prefix. */
  key: string | undefined;
  /** `{}` when there was none or it was no JSON object. */
  body: JsonObject;
  /** The body as text: for searching. */
  text: string;
  model: string;
  stream: boolean;
  /** Why the upstream refused it by its own rules. */
  refusal?: string;
  /** How it ended, once it has: `aborted` = the caller closed the connection before the answer was complete. */
  closed: Promise<'answered' | 'aborted'>;
}

/** Thrown by the checks; becomes the provider's 400 (or other status). */
export class Refusal extends Error {
  readonly status: number;
  readonly type: string;
  /** OpenAI's `param`. */
  readonly param: string | null;
  readonly code: string | null;
  constructor(
    message: string,
    details: { status?: number; type?: string; param?: string; code?: string } = {},
  ) {
    super(message);
    this.status = details.status ?? 400;
    this.type = details.type ?? 'invalid_request_error';
    this.param = details.param ?? null;
    this.code = details.code ?? null;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as an object, or a refusal that names the place. */
export function objectAt(value: unknown, place: string): JsonObject {
  if (!isObject(value)) throw new Refusal(`${place}: Input should be an object`, { param: place });
  return value;
}

export function listAt(value: unknown, place: string): unknown[] {
  if (!Array.isArray(value)) throw new Refusal(`${place}: Input should be a valid list`, { param: place });
  return value;
}

export function textAt(value: unknown, place: string): string {
  if (typeof value !== 'string')
    throw new Refusal(`${place}: Input should be a valid string`, { param: place });
  return value;
}

/** Cuts text into pieces without splitting a character. */
export function pieces(text: string | string[], size: number): string[] {
  if (Array.isArray(text)) return text;
  const characters = Array.from(text);
  const list: string[] = [];
  for (let at = 0; at < characters.length; at += size) list.push(characters.slice(at, at + size).join(''));
  return list;
}

export function joined(text: string | string[]): string {
  return Array.isArray(text) ? text.join('') : text;
}
