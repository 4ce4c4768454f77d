// What a wire format must be able to do. One object per dialect implements one side or both.
import type { Random } from '../clock.ts';
import type { JsonObject } from '../json/values.ts';
import type { SseEvent } from '../sse/event.ts';
import type { HubEvent, HubMessage, HubRequest } from './hub.ts';
import type { Carried } from './only-carried.ts';
import type { Relay } from './relay.ts';
import type { TargetProfile } from './target-profile.ts';

export const dialectIds = ['anthropic', 'openai-chat', 'openai-responses', 'gemini'] as const;
export type DialectId = (typeof dialectIds)[number];

/** What must be remembered between a request and its answer. */
export interface EncodedRequest {
  /** Path below the provider's base URL, e.g. `/chat/completions`. */
  path: string;
  body: Record<string, unknown>;
  /** Passed to the decoder of the answer. */
  memory: AnswerMemory;
  /** Sentences for the log: what was dropped or replaced. */
  notes: string[];
}

/**
 * A tool that the upstream itself runs, but only when its calls come back, arguments and all, as their own results: one
 * answer takes several requests.
 */
export interface EchoedTool {
  name: string;
  /** How often at most within one answer. */
  most: number;
}

export interface AnswerMemory {
  /** Shortened tool name → the client's own name. */
  toolNames: ReadonlyMap<string, string>;
  /** The client asked for the server-side web search tool under this name. */
  webSearchTool?: string;
  /** What is searched for, as far as the request tells: stands in the answer's `server_tool_use`. */
  webSearchQuery?: string;
  /** The search is a tool of this kind. Such a request is never streamed. */
  echoed?: EchoedTool;
  /** Ids of the tool calls in the conversation so far: those of the answer must differ from them. */
  toolIds?: ReadonlySet<string>;
  /** The client switched thinking off: what the model thinks all the same is not shown. */
  hideThinking?: boolean;
}

export interface DecodeContext {
  /** The model name that the client asked for; it stands in the answer. */
  model: string;
  provider: string;
  memory: AnswerMemory;
  random: Random;
  /**
   * Estimated input tokens: stands in `message_start` until the upstream tells the truth. To be read before the first
   * content comes out: later there may be nothing to estimate from.
   */
  estimatedInputTokens: number;
}

/** Reads one upstream stream. Not reusable. */
export interface StreamDecoder {
  /** One SSE event in, hub events out, in order. An error inside the stream becomes one `error` event, after which nothing comes. */
  push(event: SseEvent): HubEvent[];
  /**
   * The upstream's body ended. Returns the closing events if the answer is complete (also when the upstream forgot
   * `[DONE]` or the like), else an `error` event: a cut answer never gets a fake end.
   */
  end(): HubEvent[];
}

export interface DecodedError {
  /** One of Anthropic's error types. */
  type: string;
  message: string;
  /** The upstream's own code, else its own type, when it has one. */
  code?: string;
  /** The request's field that the error is about, as OpenAI's errors name it. */
  param?: string;
  /** Which limit was hit, in the upstream's words, where it says so outside of the message. */
  limit?: string;
  /** Seconds, as told in the body. */
  retryAfter?: number;
  /** The same as milliseconds since the epoch, where a time of day was told. */
  resetAt?: number;
}

/** A provider's own counting of a request's input tokens. */
export interface TokenCounting {
  encodeRequest(request: HubRequest, target: TargetProfile): Pick<EncodedRequest, 'path' | 'body'>;
  /** Undefined when the answer holds no count. */
  decodeCount(body: unknown): number | undefined;
}

/** The upstream side of a dialect. */
export interface UpstreamDialect {
  id: DialectId;
  encodeRequest(request: HubRequest, target: TargetProfile): EncodedRequest;
  /** A whole answer (status 2xx). Throws `UpstreamFailure` of kind `bad-stream` when the body is no answer. */
  decodeResponse(body: unknown, context: DecodeContext): HubMessage;
  createStreamDecoder(context: DecodeContext): StreamDecoder;
  /**
   * The request that follows `body` with an answer's calls of an echoed tool sent back; undefined when there are none, or
   * others beside them. Absent: the dialect has no such tools.
   */
  encodeEcho?(body: JsonObject, answer: unknown, tool: string): JsonObject | undefined;
  /** Reads an error body of any shape (JSON, text, HTML). */
  decodeError(status: number, body: string): DecodedError;
  /** Absent: the dialect has no such thing. */
  tokenCount?: TokenCounting;
}

/** Writes one client stream. Not reusable. */
export interface StreamEncoder {
  /** Hub events in, SSE text out (may be empty). */
  push(event: HubEvent): string;
}

/** What some dialects say back in their answers. */
export interface AskedBy {
  /** The client's own body, as `decodeRequest` got it. */
  body: Readonly<Record<string, unknown>>;
  /** When it was asked: milliseconds since the epoch. */
  at: number;
}

/** The client side of a dialect. Without `asked`, what an answer repeats of the request is left at its default. */
export interface ClientDialect {
  id: DialectId;
  /** Content type of its streams, where it is not an event stream. */
  streamType?: string;
  /** HTTP status in place of Anthropic's 529, where its clients don't know that one and would not try again. */
  overloadedStatus?: number;
  /**
   * Throws `ClientError` (400) naming the field when the body is not a request of this dialect.
   * @param carried gets a refusal for everything that the hub has no place for, but an upstream of this dialect has;
   * without it such a refusal is thrown
   */
  decodeRequest(body: Record<string, unknown>, carried?: Carried): HubRequest;
  encodeResponse(message: HubMessage, asked?: AskedBy): unknown;
  createStreamEncoder(asked?: AskedBy): StreamEncoder;
  encodeError(error: { status: number; type: string; message: string }): unknown;
  /** How requests go on to upstreams of the same dialect, and answers back, as they are. Absent: they are converted. */
  relay?: Relay;
  /** The answer to a client that asked for a count. Absent: there is no such question. */
  encodeTokenCount?(tokens: number): unknown;
}
