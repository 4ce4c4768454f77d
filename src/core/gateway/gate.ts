// Holds a stream back until its first content, so that an error inside a 200 can still be answered by another deployment.
import type { Clock } from '../clock.ts';
import type { ProviderConfig } from '../config/router-config.ts';
import type { StreamEncoder } from '../dialects/dialect.ts';
import { resetAtOf, retryAfterOf } from '../dialects/retry-text.ts';
import { type Failure, isUpstreamFailure, UpstreamFailure } from '../failure.ts';
import { badStream, classifyStreamError } from '../resilience/classify.ts';
import { limitEnd } from '../resilience/retry-after.ts';
import { type AttemptInput, type Committed, decodeContext } from './attempt-input.ts';
import { ConvertedPath, type Piece, RelayPath, type StreamPath } from './stream-path.ts';
import type { UpstreamResponse } from './transport.ts';
import type { OpenCall } from './upstream-call.ts';
import { answerHeaders } from './upstream-headers.ts';

/** Frames and bytes that are held back at most; beyond, the gate opens. */
const gateFrames = 64;
const gateBytes = 256 * 1024;

export interface StreamToHold {
  /** From upstream bytes to client bytes. */
  path: StreamPath;
  /** Writes what the router itself has to say. */
  encoder: StreamEncoder;
  provider: ProviderConfig;
  /** The upstream's, as far as the client gets them. */
  headers: Record<string, string>;
  body: UpstreamResponse['body'];
  clock: Clock;
}

/** Reads the answer to a message up to the first content. Throws `UpstreamFailure` when there is none. */
export function openGate(
  input: AttemptInput,
  response: UpstreamResponse,
  call: OpenCall,
): Promise<Committed> {
  const encoder = input.client.createStreamEncoder(input.asked);
  return holdStream(
    {
      path: streamPath(input, encoder),
      encoder,
      provider: input.deployment.provider,
      headers: input.encoded.relayed ? answerHeaders(response.headers) : {},
      body: response.body,
      clock: input.clock,
    },
    call,
  );
}

/** Reads any stream up to its first content. Throws `UpstreamFailure` when there is none. */
export async function holdStream(stream: StreamToHold, call: OpenCall): Promise<Committed> {
  const { path, encoder, provider, headers, clock } = stream;
  const chunks = stream.body[Symbol.asyncIterator]();
  const held: Piece[] = [];
  let bytes = 0;
  let open = false;
  while (!open) {
    const next = await chunks.next();
    const pieces = next.done ? path.end() : path.push(next.value);
    for (const piece of pieces) {
      if (!open && piece.error) throw new UpstreamFailure(streamFailure(piece.error, clock.now()));
      held.push(piece);
      bytes += piece.bytes.length;
      open ||= piece.kind === 'content' || piece.kind === 'end';
    }
    if (next.done && !open) throw new UpstreamFailure(badStream(`${provider.name} sent an empty stream`));
    open ||= held.length >= gateFrames || bytes >= gateBytes;
  }
  call.watchdog.contentSeen(provider.timeout.idle);
  return {
    kind: 'stream',
    status: 200,
    headers: { ...headers, 'content-type': 'text/event-stream; charset=utf-8' },
    held,
    encoder,
    next: following(path, chunks, call),
    complete: () => path.complete,
    close: call.close,
  };
}

/** An error inside a 200 has no headers that could tell when it is over. */
function streamFailure(error: NonNullable<Piece['error']>, now: number): Failure {
  const retryAfter = retryAfterOf(error.message, undefined);
  const resetAt = resetAtOf(error.message, undefined);
  const told = {
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(resetAt === undefined ? {} : { resetAt }),
  };
  return classifyStreamError(error, error.status, limitEnd({}, now, told));
}

/** Reads on behind the gate. A function, not a generator: each piece of a stream would take turns of its own there. */
function following(
  path: StreamPath,
  chunks: AsyncIterator<Uint8Array>,
  { watchdog, explain }: OpenCall,
): () => Promise<Piece[] | undefined> {
  let over = false;
  return async () => {
    if (over) return undefined;
    try {
      if (path.complete) watchdog.complete();
      watchdog.listen(true);
      const next = await chunks.next();
      watchdog.listen(false);
      if (!next.done) return path.push(next.value);
      over = true;
      return path.end();
    } catch (error) {
      over = true;
      // Lost or hanging after its last event: nothing is missing but what the upstream forgets to say.
      if (path.complete) return path.end();
      const failure = explain(error);
      // Some upstreams say why they stopped, but not that they did.
      const last = isUpstreamFailure(error) ? path.end() : [];
      return path.complete ? last : [errorPiece(failure)];
    }
  };
}

function errorPiece({ errorType, message, status }: Failure): Piece {
  return { bytes: '', kind: 'error', error: { type: errorType, message, status } };
}

function streamPath(input: AttemptInput, encoder: StreamEncoder): StreamPath {
  const { encoded } = input;
  if (encoded.relayed) return new RelayPath(encoded.relayed.createPeek());
  const decoder = encoded.dialect.createStreamDecoder(decodeContext(input));
  return new ConvertedPath(decoder, encoder);
}
