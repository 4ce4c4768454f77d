// A failure of an attempt is described where it is born; the attempt loop only obeys the description.
import type { Remedy } from './dialects/remedy.ts';

export type FailureKind =
  | 'connect' // no connection: DNS, refused, TLS
  | 'reset' // connection lost before or inside the answer
  | 'timeout' // first token, idle or total watchdog
  | 'overloaded' // 529, 503, "overloaded" inside a stream
  | 'server' // other 5xx, 408
  | 'rate-limit' // 429 without quota wording
  | 'quota' // money or plan used up: 402, insufficient_quota, weekly limits
  | 'auth' // 401, 403
  | 'model-not-found' // 404 for the model
  | 'context-length' // prompt too long, in any wording
  | 'invalid-request' // every other 4xx: the client's own mistake
  | 'bad-stream' // error, HTML, garbage or nothing inside a 200
  | 'no-key' // the key's secret or variable is missing
  | 'canceled'; // the client went away

/**
 * What the failure says about: this request only, one key, the models of one family (opus, sonnet, …) of one key,
 * provider × key × model, or the whole provider host.
 */
export type FailureScope = 'request' | 'key' | 'family' | 'deployment' | 'provider';

export interface Failure {
  kind: FailureKind;
  scope: FailureScope;
  /** same: the same deployment may succeed after a wait; next: another deployment at once; never: give it to the client. */
  retry: 'same' | 'next' | 'never';
  /** The HTTP status that the client gets if nothing else helps. */
  status: number;
  /** One sentence for people, without secrets. */
  message: string;
  /** Anthropic's error type for the client's body, e.g. `rate_limit_error`. */
  errorType: string;
  /** When the upstream named the end of the limit: milliseconds since the epoch. */
  until?: number;
  /** The request was refused for something that can be left out or said in another way. */
  remedy?: Remedy;
  /** A rule of the user's gives it to the client: nothing else is tried, whatever it means. */
  final?: true;
  /** What the upstream answered, where it did: its own status, and the text of its error as far as it was kept. */
  answered?: { status: number; text: string };
  /** The upstream's own answer, for verbatim forwarding to a client of the same dialect. */
  answer?: { status: number; headers: Record<string, string>; body: Uint8Array };
}

/** Thrown for a failed attempt. `isUpstreamFailure` also recognises instances of another bundle's copy of this class. */
export class UpstreamFailure extends Error {
  readonly failure: Failure;
  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options);
    this.name = 'UpstreamFailure';
    this.failure = failure;
  }
}

export function isUpstreamFailure(error: unknown): error is UpstreamFailure {
  return error instanceof Error && error.name === 'UpstreamFailure' && 'failure' in error;
}
