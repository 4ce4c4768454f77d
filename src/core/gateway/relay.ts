// After the gate: pieces to the client as they arrive, with backpressure and a ping when it is quiet for long.
import type { Clock } from '../clock.ts';
import type { StreamEncoder } from '../dialects/dialect.ts';
import type { TokenUsage } from '../tokens/usage.ts';
import type { Committed } from './attempt-input.ts';
import type { ClientResponse } from './client.ts';
import type { GatewayContext } from './context.ts';
import type { Piece } from './stream-path.ts';
import { mergeUsage } from './usage.ts';

export interface RelayOutcome {
  usage?: Partial<TokenUsage>;
  /** The stream broke after content was sent. */
  error?: { type: string; message: string; status?: number };
  /** The client went away. */
  canceled?: boolean;
}

/** Claude Code gives up after 300 s without a byte; other clients after 60 s and less. */
const pingInterval = 15_000;

interface RelayInput {
  response: ClientResponse;
  committed: Committed & { kind: 'stream' };
  context: Pick<GatewayContext, 'clock' | 'redact'>;
  signal: AbortSignal;
}

/** Sends the whole stream and ends the response. Never rejects. */
export async function relayStream(input: RelayInput): Promise<RelayOutcome> {
  const { response, committed, context, signal } = input;
  const outcome: RelayOutcome = {};
  const write = (pieces: readonly Piece[]) => writePieces(input, pieces, outcome);
  const stopPings = keepAlive(response, committed.encoder, context.clock);
  try {
    if (!write(committed.held)) await response.drained();
    if (!outcome.error) {
      for (let pieces = await committed.next(); pieces; pieces = await committed.next()) {
        if (signal.aborted) break;
        stopPings.touch();
        const fluent = write(pieces);
        if (outcome.error) break;
        if (!fluent) await response.drained();
      }
    }
  } finally {
    stopPings.stop();
    committed.close();
    if (signal.aborted && !committed.complete()) outcome.canceled = true;
    response.end();
  }
  return outcome;
}

/** Writes a batch, texts joined; stops after an error piece. False when the client reads slower than we write. */
function writePieces(input: RelayInput, pieces: readonly Piece[], outcome: RelayOutcome): boolean {
  const { response } = input;
  let fluent = true;
  let text = '';
  const flush = () => {
    if (text !== '') fluent = response.write(text);
    text = '';
  };
  for (const piece of pieces) {
    if (piece.usage) outcome.usage = mergeUsage(outcome.usage ?? {}, piece.usage);
    if (piece.error) {
      outcome.error = piece.error;
      text += errorFrame(input, piece.bytes, piece.error);
      break;
    }
    if (typeof piece.bytes === 'string') text += piece.bytes;
    else {
      flush();
      fluent = response.write(piece.bytes);
    }
  }
  flush();
  return fluent;
}

/** A cut stream has no error frame of its own: the client must not take it for complete. */
function errorFrame(
  { committed, context }: RelayInput,
  bytes: Piece['bytes'],
  { type, message }: NonNullable<RelayOutcome['error']>,
): string {
  if (bytes.length === 0)
    return committed.encoder.push({
      type: 'error',
      error: { type, message: context.redact(message) },
    });
  return context.redact(typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes));
}

function keepAlive(
  response: ClientResponse,
  encoder: StreamEncoder,
  clock: Clock,
): { touch(): void; stop(): void } {
  let last = clock.elapsed();
  let cancel = () => {};
  const watch = (wait: number) => {
    cancel = clock.after(wait, () => {
      const left = last + pingInterval - clock.elapsed();
      if (left > 0) return watch(left);
      response.write(encoder.push({ type: 'ping' }));
      last = clock.elapsed();
      watch(pingInterval);
    });
  };
  watch(pingInterval);
  return {
    touch() {
      last = clock.elapsed();
    },
    stop: () => cancel(),
  };
}
