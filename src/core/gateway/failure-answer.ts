// What the client gets when nothing helped. The status decides how long Claude Code waits and whether it tries again:
// 401 would cost it 173 s, a retry-after above 60 s ends its tries at once, `x-should-retry: false` always does.
import type { ClientDialect } from '../dialects/dialect.ts';
import type { Failure } from '../failure.ts';
import { toldSize } from '../resilience/prompt-size.ts';

export interface FailureAnswer {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array | string;
}

/** The answer for a failed exchange. `back`: when the first deployment is expected to be available again. */
export function failureAnswer(
  client: ClientDialect,
  result: { failure: Failure; back?: number },
  now: number,
): FailureAnswer {
  const { failure, back } = result;
  const headers: Record<string, string> = {};
  const passing = failure.retry !== 'never';
  if (passing && back !== undefined)
    headers['retry-after'] = String(Math.max(1, Math.ceil((back - now) / 1000)));
  if (failure.answer) {
    const told = { ...failure.answer.headers };
    // What the upstream told about itself may be long ago, and others may be back sooner.
    if (passing) for (const name of ['retry-after', 'retry-after-ms']) delete told[name];
    return { ...failure.answer, headers: { ...told, ...headers } };
  }

  let { status, message } = failure;
  if (failure.kind === 'auth' || failure.kind === 'no-key') {
    // Nothing that the client does again will help: the user must mend a key.
    status = 503;
    headers['x-should-retry'] = 'false';
    // Claude Code takes every message with this header's name for a missing login of its own.
    message = `Switchyard: no key works for this route. ${message.replace(/x-api-key/gi, 'API key')}`;
  }
  if (status === 529) status = client.overloadedStatus ?? status;
  if (failure.kind === 'context-length') message = promptTooLong(message);
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(client.encodeError({ status, type: failure.errorType, message })),
  };
}

/**
 * Anthropic's wording, by which Claude Code knows that it must compact, and how much: it reads the two numbers of
 * `prompt is too long: A tokens > B maximum`. The upstream's own words follow.
 */
export function promptTooLong(message: string): string {
  if (/prompt is too long/i.test(message)) return message;
  const { asked, most } = toldSize(message);
  return asked === undefined
    ? `prompt is too long: ${message}`
    : `prompt is too long: ${asked} tokens > ${most} maximum (${message})`;
}
