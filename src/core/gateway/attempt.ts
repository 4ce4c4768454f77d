// One call to one deployment, up to the point of no return: a whole answer read, or the first content of a stream
// seen. Until then nothing has reached the client and another deployment may still take over.
import { isAnthropicError } from '../dialects/anthropic/error-frame.ts';
import { type Failure, isUpstreamFailure, UpstreamFailure } from '../failure.ts';
import { parseJson } from '../json/values.ts';
import { badStream, canceledFailure, classifyAnswer, resetFailure } from '../resilience/classify.ts';
import { limitEnd } from '../resilience/retry-after.ts';
import { answerForm } from './answer-form.ts';
import type { AttemptInput, Committed } from './attempt-input.ts';
import { readAll } from './bytes.ts';
import { openGate } from './gate.ts';
import type { UpstreamResponse } from './transport.ts';
import { answerHeaders } from './upstream-headers.ts';
import { Watchdog } from './watchdog.ts';
import { readWholeAnswer } from './whole-answer.ts';

const largestErrorBody = 1024 * 1024;
/** A plain reason: without one, each `abort()` builds a DOMException with its stack. */
const attemptOver = 'the attempt is over';

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
    abort.abort(attemptOver);
  };
  const explain = (error: unknown): Failure => {
    if (signal.aborted) return canceledFailure;
    if (timedOut) return timedOut;
    if (isUpstreamFailure(error)) return error.failure;
    // Transports throw nothing else: this is a mistake of ours, which the log must show.
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    input.log('error', `unexpected in an answer of ${deployment.provider.name}: ${trace}`);
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
    const { form, body } = await answerForm(response);
    if (form === 'web-page')
      throw new UpstreamFailure(badStream(`${deployment.provider.name} answered with a web page`));
    const answer = { ...response, body };
    if (input.stream && form === 'stream') return await openGate(input, answer, watchdog, explain, close);
    const committed = await readWholeAnswer(input, answer, form === 'stream');
    close();
    return committed;
  } catch (error) {
    const failure = explain(error);
    close();
    throw new UpstreamFailure(failure, { cause: error });
  }
}

/**
 * The upstream's own words are passed on only where they mean to the client what they mean to us: not a redirect, a web
 * page or half an error, not a quota that looks like a missing permission, not a full window in other words than
 * Anthropic's.
 */
function isSayable(failure: Failure, status: number, text: string): boolean {
  return (
    failure.status === status &&
    isAnthropicError(parseJson(text)) &&
    (failure.kind !== 'context-length' || /prompt is too long/i.test(failure.message))
  );
}

async function readFailure(input: AttemptInput, response: UpstreamResponse): Promise<Failure> {
  const body = await readAll(response.body, largestErrorBody, 'cut');
  const text = new TextDecoder().decode(body);
  const error = input.encoded.dialect.decodeError(response.status, text);
  const until = limitEnd(response.headers, input.clock.now(), error.retryAfter);
  const failure = classifyAnswer(response.status, error, until);
  if (failure.kind === 'auth') {
    const { provider, key } = input.deployment;
    failure.message = `${provider.name} refused the key ${key.name} (${response.status}): ${failure.message}`;
  } else if (input.encoded.passThrough && isSayable(failure, response.status, text))
    failure.answer = { status: response.status, headers: answerHeaders(response.headers), body };
  return failure;
}
