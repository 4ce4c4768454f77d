// One call to one deployment, up to the point of no return: a whole answer read, or the first content of a stream
// seen. Until then nothing has reached the client and another deployment may still take over.

import type { Clock, Random } from '../clock.ts';
import { messageToEvents } from '../dialects/accumulate.ts';
import { replaceMessageModel } from '../dialects/anthropic/pass-through.ts';
import type { ClientDialect, DecodeContext } from '../dialects/dialect.ts';
import type { HubMessage } from '../dialects/hub.ts';
import { upstreamDialect } from '../dialects/registry.ts';
import { usageOf } from '../dialects/usage.ts';
import { type Failure, isUpstreamFailure, UpstreamFailure } from '../failure.ts';
import {
  badStream,
  canceledFailure,
  classifyAnswer,
  classifyStreamError,
  resetFailure,
} from '../resilience/classify.ts';
import { limitEnd } from '../resilience/retry-after.ts';
import type { Deployment } from '../routing/candidates.ts';
import { readAll } from './bytes.ts';
import type { EncodedAttempt } from './encode-attempt.ts';
import type { TokenUsage } from './exchange.ts';
import { ConvertedPath, encodePieces, type Piece, RelayPath, type StreamPath } from './stream-path.ts';
import type { Transport, UpstreamResponse } from './transport.ts';
import { answerHeaders } from './upstream-headers.ts';
import { Watchdog } from './watchdog.ts';

export interface AttemptInput {
  transport: Transport;
  clock: Clock;
  random: Random;
  client: ClientDialect;
  deployment: Deployment;
  encoded: EncodedAttempt;
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
      /** What follows, batch by batch as it arrives. Ends without error; failures come as an error piece. */
      rest: AsyncIterable<Piece[]>;
      /** Ends the attempt; call always, also after an early stop. */
      close(): void;
    };

/** Frames and bytes that the gate holds back at most; beyond, it opens. */
const gateFrames = 64;
const gateBytes = 256 * 1024;
const largestErrorBody = 1024 * 1024;
const largestAnswer = 64 * 1024 * 1024;

/** Runs one attempt. Throws `UpstreamFailure`, kind `canceled` when the client left. */
export async function runAttempt(input: AttemptInput): Promise<Committed> {
  const { clock, deployment, encoded, signal } = input;
  const abort = new AbortController();
  let timedOut: Failure | undefined;
  const watchdog = new Watchdog(clock, deployment.provider.name, (failure) => {
    timedOut = failure;
    abort.abort();
  });
  const onLeave = () => abort.abort();
  signal.addEventListener('abort', onLeave);
  if (signal.aborted) abort.abort();
  const close = () => {
    watchdog.stop();
    signal.removeEventListener('abort', onLeave);
    abort.abort();
  };
  const explain = (error: unknown): Failure => {
    if (signal.aborted) return canceledFailure;
    if (timedOut) return timedOut;
    if (isUpstreamFailure(error)) return error.failure;
    return resetFailure(`${deployment.provider.name} broke the connection`);
  };

  try {
    watchdog.start(deployment.provider.timeout, input.stream);
    const response = await input.transport.send({
      url: encoded.url,
      method: 'POST',
      headers: encoded.headers,
      body: encoded.body,
      ...(deployment.provider.proxy === undefined ? {} : { proxy: deployment.provider.proxy }),
      connectTimeout: deployment.provider.timeout.connect,
      signal: abort.signal,
    });
    if (response.status < 200 || response.status >= 300)
      throw new UpstreamFailure(await readFailure(input, response));
    const type = response.headers['content-type'] ?? '';
    if (type.includes('text/html'))
      throw new UpstreamFailure(badStream(`${deployment.provider.name} answered with a web page`));
    const streams = type.includes('text/event-stream');
    if (input.stream && streams) return await gate(input, response, watchdog, explain, close);
    const committed = await whole(input, response, streams);
    close();
    return committed;
  } catch (error) {
    const failure = explain(error);
    close();
    throw new UpstreamFailure(failure, { cause: error });
  }
}

async function readFailure(input: AttemptInput, response: UpstreamResponse): Promise<Failure> {
  const body = await readAll(response.body, largestErrorBody, 'cut');
  const dialect = upstreamDialect(input.deployment.provider.dialect);
  const text = new TextDecoder().decode(body);
  const error = dialect?.decodeError(response.status, text) ?? {
    type: 'api_error',
    message: text.slice(0, 500),
  };
  const until = limitEnd(response.headers, input.clock.now(), error.retryAfter);
  const failure = classifyAnswer(response.status, error, until);
  if (input.encoded.passThrough && failure.kind !== 'auth')
    failure.answer = { status: response.status, headers: answerHeaders(response.headers), body };
  return failure;
}

function decodeContext(input: AttemptInput): DecodeContext {
  return {
    model: input.model,
    provider: input.deployment.provider.name,
    memory: input.encoded.memory,
    random: input.random,
    estimatedInputTokens: input.estimatedInputTokens(),
  };
}

/** Holds everything back until the first content, so that an error inside a 200 can still be answered by another deployment. */
async function gate(
  input: AttemptInput,
  response: UpstreamResponse,
  watchdog: Watchdog,
  explain: (error: unknown) => Failure,
  close: () => void,
): Promise<Committed> {
  const path = streamPath(input);
  const chunks = response.body[Symbol.asyncIterator]();
  const held: Piece[] = [];
  let bytes = 0;
  let open = false;
  while (!open) {
    const next = await chunks.next();
    const pieces = next.done ? path.end() : path.push(next.value);
    for (const piece of pieces) {
      if (!open && piece.error)
        throw new UpstreamFailure(classifyStreamError(piece.error, piece.error.status));
      held.push(piece);
      bytes += piece.bytes.length;
      open ||= piece.kind === 'content' || piece.kind === 'end';
    }
    if (next.done && !open)
      throw new UpstreamFailure(badStream(`${input.deployment.provider.name} sent an empty stream`));
    open ||= held.length >= gateFrames || bytes >= gateBytes;
  }
  watchdog.contentSeen(input.deployment.provider.timeout.idle);
  const { encoded } = input;
  return {
    kind: 'stream',
    status: response.status,
    headers: encoded.passThrough
      ? answerHeaders(response.headers)
      : { 'content-type': 'text/event-stream; charset=utf-8' },
    held,
    rest: rest(path, chunks, watchdog, explain),
    close,
  };
}

async function* rest(
  path: StreamPath,
  chunks: AsyncIterator<Uint8Array>,
  watchdog: Watchdog,
  explain: (error: unknown) => Failure,
): AsyncGenerator<Piece[]> {
  try {
    for (;;) {
      const next = await chunks.next();
      watchdog.activity();
      yield next.done ? path.end() : path.push(next.value);
      if (next.done) return;
    }
  } catch (error) {
    const { errorType, message, status } = explain(error);
    yield [{ bytes: '', kind: 'error', error: { type: errorType, message, status } }];
  }
}

function streamPath(input: AttemptInput): StreamPath {
  const { encoded } = input;
  if (encoded.passThrough) return new RelayPath(encoded.modelReplaced ? input.model : undefined);
  const decoder = upstreamDialect(input.deployment.provider.dialect)?.createStreamDecoder(
    decodeContext(input),
  );
  if (!decoder) throw new UpstreamFailure(badStream('this dialect has no stream decoder'));
  return new ConvertedPath(decoder, input.client.createStreamEncoder());
}

/** Reads a whole answer. Upstreams that answer a stream with JSON, or JSON with a stream, are understood too. */
async function whole(input: AttemptInput, response: UpstreamResponse, streams: boolean): Promise<Committed> {
  const { deployment, encoded } = input;
  if (streams)
    throw new UpstreamFailure(
      badStream(`${deployment.provider.name} streamed an answer that was not asked to stream`),
    );
  const body = await readAll(response.body, largestAnswer, 'fail');
  const parsed = parseAnswer(body, deployment.provider.name);
  const dialect = upstreamDialect(deployment.provider.dialect);
  if (!dialect) throw new UpstreamFailure(badStream('this dialect has no decoder'));
  if (encoded.passThrough && !input.stream) {
    checkMessage(parsed, deployment.provider.name);
    const usage = usageOf(parsed);
    return {
      kind: 'whole',
      status: response.status,
      headers: answerHeaders(response.headers),
      body: encoded.modelReplaced ? replaceMessageModel(body, input.model) : body,
      ...(usage ? { usage } : {}),
    };
  }
  const message = dialect.decodeResponse(parsed, decodeContext(input));
  return input.stream ? wholeAsStream(input, message) : wholeAnswer(input, message);
}

function wholeAnswer(input: AttemptInput, message: HubMessage): Committed {
  const usage = usageOf(message);
  return {
    kind: 'whole',
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input.client.encodeResponse(message)),
    ...(usage ? { usage } : {}),
  };
}

function wholeAsStream(input: AttemptInput, message: HubMessage): Committed {
  const held = encodePieces(
    messageToEvents({ ...message, model: input.model as HubMessage['model'] }),
    input.client.createStreamEncoder(),
  );
  return {
    kind: 'stream',
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    held,
    rest: (async function* () {})(),
    close() {},
  };
}

function parseAnswer(body: Uint8Array, provider: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch (error) {
    const what = body.length === 0 ? 'an empty answer' : 'an answer that is not JSON';
    throw new UpstreamFailure(badStream(`${provider} sent ${what}`), { cause: error });
  }
}

/** A 200 from an Anthropic-like upstream must be a message; some relays put errors there. */
function checkMessage(parsed: unknown, provider: string): asserts parsed is HubMessage {
  if (typeof parsed === 'object' && parsed !== null) {
    if ('content' in parsed && Array.isArray(parsed.content)) return;
    if ('error' in parsed && typeof parsed.error === 'object' && parsed.error !== null) {
      const { type, message } = parsed.error as Record<string, unknown>;
      throw new UpstreamFailure(
        classifyStreamError({ type: String(type ?? 'api_error'), message: String(message ?? '') }),
      );
    }
  }
  throw new UpstreamFailure(badStream(`${provider} sent an answer without content`));
}
