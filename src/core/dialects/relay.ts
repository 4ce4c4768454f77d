// Between a client and an upstream of the same dialect nothing is converted: the client's bytes travel on, and so do the
// answer's. This is what a dialect has to know for it: what an upstream must not get, and what is read from an answer in
// passing.
import type { Failure } from '../failure.ts';
import type { JsonObject } from '../json/values.ts';
import type { SseEvent } from '../sse/event.ts';
import type { TokenUsage } from '../tokens/usage.ts';
import { cutOff, emptyStream } from './broken-stream.ts';
import type { FrameKind } from './frame-kind.ts';
import type { HubErrorEvent, HubRequest } from './hub.ts';
import type { TargetProfile } from './target-profile.ts';

export interface Relay {
  /** Never changes `asked`, which other attempts use too. */
  prepare(asked: AskedRequest, target: TargetProfile): RelayedRequest;
  /** `prepare` goes by the hub's form, so that what was changed there goes on too. */
  readsHub?: boolean;
  /** The top-level field of a whole answer that names the model. */
  modelField: string;
  /**
   * The body of an error answer means to a client of this dialect what it means to us.
   * @param error parsed; undefined when it was no JSON
   */
  understands(error: unknown, failure: Failure): boolean;
  /** `prepare` does all that this target needs, which refused something before; otherwise such a request is converted. */
  heeds(target: TargetProfile): boolean;
}

export interface AskedRequest {
  /** As the client sent it, parsed. */
  body: Readonly<JsonObject>;
  /** The same in the hub's form. */
  hub: HubRequest;
  /** The client's query without credentials. */
  query: URLSearchParams;
}

export interface RelayedRequest {
  /** Below the provider's base URL, with a query where one goes on. */
  path: string;
  /** A copy of the asked body: top-level fields that had to change were replaced as a whole, all others are the same. */
  body: JsonObject;
  /** Shortened tool name → the client's own: then the answer is converted. */
  toolNames?: ReadonlyMap<string, string>;
  /** Sentences for the log. */
  notes: string[];
  /** @param model the name that the client asked for, where the answer will tell another */
  createPeek(model: string | undefined): StreamPeek;
}

/** Looks at a stream that passes. Not reusable. */
export interface StreamPeek {
  push(event: SseEvent): PeekedFrame;
  /** The body ended. Gives what the upstream forgot to say, or an error: a cut answer never gets a fake end. */
  end(): PeekedFrame[];
  /** The answer's last event has passed: whatever the connection does now, nothing is missing. */
  readonly complete: boolean;
}

export interface PeekedFrame {
  /** The event's own bytes, unless they had to be changed. Empty for what the client must not see or has no words for. */
  bytes: Uint8Array;
  kind: FrameKind;
  usage?: Partial<TokenUsage>;
  error?: { type: string; message: string; status?: number };
}

/** What the client must not see. */
export const noBytes = new Uint8Array(0);

/** The last frame of a stream that just ended. @param begun something of an answer had come */
export function cutFrame(begun: boolean): PeekedFrame {
  return {
    bytes: noBytes,
    kind: 'error',
    error: { type: 'api_error', message: begun ? cutOff : emptyStream },
  };
}

/** @param bytes the upstream's own words; none where a client of the dialect would not know them for an error */
export function errorFrame({ error, status }: HubErrorEvent, bytes: Uint8Array): PeekedFrame {
  return { bytes, kind: 'error', error: { ...error, ...(status === undefined ? {} : { status }) } };
}
