// One call to an upstream, whatever is asked: sent, timed, ended when the client leaves, and its failures explained.
import type { Clock } from '../clock.ts';
import type { ErrorRule } from '../config/router-config.ts';
import { type Failure, isUpstreamFailure, UpstreamFailure } from '../failure.ts';
import type { Log } from '../log.ts';
import { badStream, canceledFailure, resetFailure } from '../resilience/classify.ts';
import { judge } from '../resilience/error-rules.ts';
import type { Deployment } from '../routing/candidates.ts';
import { type AnswerForm, answerForm } from './answer-form.ts';
import type { EncodedAttempt } from './encode-attempt.ts';
import type { Transport, UpstreamResponse } from './transport.ts';
import { Watchdog } from './watchdog.ts';

export interface UpstreamCall {
  transport: Transport;
  clock: Clock;
  log: Log;
  deployment: Deployment;
  encoded: Pick<EncodedAttempt, 'url' | 'headers' | 'body'>;
  /** The user's own judgement of failures. */
  errorRules: readonly ErrorRule[];
  /** The client asked for a stream: its first content is waited for, too. */
  stream: boolean;
  /** Aborts when the client goes away. */
  signal: AbortSignal;
}

/** A call whose answer has begun. */
export interface OpenCall {
  watchdog: Watchdog;
  /** What an error while reading the answer means. */
  explain(error: unknown): Failure;
  /** Ends the call; the reader calls it when it needs no more of the answer. */
  close(): void;
  /** The same for an answer that was read to its end: there is nothing left to cut. */
  finished(): void;
}

/** A plain reason: without one, each `abort()` builds a DOMException with its stack. */
const callOver = 'the call is over';

/**
 * Sends one request and reads its answer with `read`, or with `readFailure` where the status says that it failed.
 * Throws `UpstreamFailure`, kind `canceled` when the client left.
 */
export async function callUpstream<T>(
  input: UpstreamCall,
  read: (answer: UpstreamResponse, form: Exclude<AnswerForm, 'web-page'>, call: OpenCall) => Promise<T>,
  readFailure: (answer: UpstreamResponse) => Promise<Failure>,
): Promise<T> {
  // What the open call keeps shall not keep the request: the functions below use none of `input` but these.
  const { clock, log, signal } = input;
  const { provider } = input.deployment;
  const abort = new AbortController();
  let timedOut: Failure | undefined;
  const watchdog = new Watchdog(clock, provider.name, (failure) => {
    timedOut = failure;
    abort.abort();
  });
  const onLeave = () => abort.abort();
  signal.addEventListener('abort', onLeave);
  if (signal.aborted) abort.abort();
  const finished = () => {
    watchdog.stop();
    signal.removeEventListener('abort', onLeave);
  };
  const close = () => {
    finished();
    abort.abort(callOver);
  };
  const explain = (error: unknown): Failure => {
    if (signal.aborted) return canceledFailure;
    if (timedOut) return timedOut;
    if (isUpstreamFailure(error)) return error.failure;
    // Transports throw nothing else: this is a mistake of ours, which the log must show.
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log('error', `unexpected in an answer of ${provider.name}: ${trace}`);
    return resetFailure(`${provider.name} broke the connection`);
  };

  try {
    watchdog.start(provider.timeout, input.stream);
    const { url, headers, body: question } = input.encoded;
    const response = await input.transport.send({
      url,
      method: 'POST',
      headers,
      body: question,
      ...(provider.proxy === undefined ? {} : { proxy: provider.proxy }),
      connectTimeout: provider.timeout.connect,
      signal: abort.signal,
    });
    if (response.status < 200 || response.status >= 300)
      throw new UpstreamFailure(await readFailure(response));
    const { form, body } = await answerForm(response);
    if (form === 'web-page')
      throw new UpstreamFailure(badStream(`${provider.name} answered with a web page`));
    return await read({ ...response, body }, form, { watchdog, explain, close, finished });
  } catch (error) {
    const explained = explain(error);
    const failure = judge(explained, provider.name, input.errorRules, clock.now());
    close();
    throw new UpstreamFailure(failure, { cause: error });
  }
}
