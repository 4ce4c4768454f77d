// One call to one deployment, up to the point of no return: a whole answer read, or the first content of a stream
// seen. Until then nothing has reached the client and another deployment may still take over.
import type { Failure } from '../failure.ts';
import { parseJson } from '../json/values.ts';
import type { AttemptInput, Committed } from './attempt-input.ts';
import { readFailedAnswer } from './failed-answer.ts';
import { openGate } from './gate.ts';
import type { UpstreamResponse } from './transport.ts';
import { callUpstream } from './upstream-call.ts';
import { answerHeaders } from './upstream-headers.ts';
import { readWholeAnswer } from './whole-answer.ts';

/** Runs one attempt. Throws `UpstreamFailure`, kind `canceled` when the client left. */
export function runAttempt(input: AttemptInput): Promise<Committed> {
  return callUpstream(
    input,
    async (answer, form, call) => {
      if (input.stream && form === 'stream') return openGate(input, answer, call);
      const committed = await readWholeAnswer(input, answer, form === 'stream');
      call.finished();
      return committed;
    },
    (answer) => readFailure(input, answer),
  );
}

/** What a refused request means, with the provider's own words where the client may have them. */
export async function readFailure(input: AttemptInput, response: UpstreamResponse): Promise<Failure> {
  const { encoded, deployment, clock } = input;
  const { failure, body, text } = await readFailedAnswer(response, encoded.dialect, deployment, clock);
  // The upstream's own words are passed on only where they mean to the client what they mean to us: not a redirect, a
  // web page or half an error, not a quota that looks like a missing permission, not a key that is not the client's.
  const sayable = failure.kind !== 'auth' && failure.status === response.status;
  if (sayable && encoded.relayed?.understands(parseJson(text), failure))
    failure.answer = { status: response.status, headers: answerHeaders(response.headers), body };
  return failure;
}
