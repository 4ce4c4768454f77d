// What an attempt is given and what it gives.
import type { Clock, Random } from '../clock.ts';
import type { ErrorRule } from '../config/router-config.ts';
import type { AskedBy, ClientDialect, DecodeContext, StreamEncoder } from '../dialects/dialect.ts';
import type { Log } from '../log.ts';
import type { Deployment } from '../routing/candidates.ts';
import type { TokenUsage } from '../tokens/usage.ts';
import type { EncodedAttempt } from './encode-attempt.ts';
import type { Piece } from './stream-path.ts';
import type { Transport } from './transport.ts';

export interface AttemptInput {
  transport: Transport;
  clock: Clock;
  random: Random;
  log: Log;
  client: ClientDialect;
  /** What the client asked, for dialects that say it back. */
  asked: AskedBy;
  deployment: Deployment;
  encoded: EncodedAttempt;
  /** The user's own judgement of failures. */
  errorRules: readonly ErrorRule[];
  stream: boolean;
  /** The model name that the client asked for. */
  model: string;
  estimatedInputTokens: () => number;
  /** Aborts when the client goes away. */
  signal: AbortSignal;
}

/** The gate is open: this attempt's answer is the exchange's answer. */
export type Committed =
  | {
      kind: 'whole';
      status: number;
      headers: Record<string, string>;
      body: Uint8Array | string;
      usage?: Partial<TokenUsage>;
    }
  | {
      kind: 'stream';
      status: number;
      headers: Record<string, string>;
      /** Pieces held back at the gate. */
      held: Piece[];
      /** Writes what the router itself has to say into the stream: pings, and the error of a cut. */
      encoder: StreamEncoder;
      /** What follows, batch by batch as it arrives; undefined at the end. Never rejects: failures are error pieces. */
      next(): Promise<Piece[] | undefined>;
      /** All that belongs to the answer has come out: a client that leaves now has it. */
      complete(): boolean;
      /** Ends the attempt; call always, also after an early stop. */
      close(): void;
    };

/** Holds nothing of the request: it lives as long as the answer. */
export function decodeContext({
  model,
  deployment,
  encoded,
  random,
  estimatedInputTokens,
}: AttemptInput): DecodeContext {
  return {
    model,
    provider: deployment.provider.name,
    memory: encoded.memory,
    random,
    // Counting a long request takes its time, and most answers bring their own numbers.
    get estimatedInputTokens() {
      return estimatedInputTokens();
    },
  };
}
