// One place that says what a failed answer means: what can be mended (`refusals.ts`), what the wording says whatever the
// status (`answer-rows.ts`), and else what the status says.

import { webPage } from '../dialects/error-body.ts';
import type { Failure, FailureKind, FailureScope } from '../failure.ts';
import { answerRows } from './answer-rows.ts';
import { remedyFor } from './refusals.ts';

/** What a dialect read from an error body. */
export interface ErrorBody {
  type: string;
  message: string;
  code?: string;
  /** The request's field that it is about. */
  param?: string;
  /** Which limit was hit, where it is said outside of the message. */
  limit?: string;
}

/** More is not searched for wordings. */
const longestText = 6000;

/** Every known way to say that the prompt does not fit. */
const contextWordings =
  /prompt is too long|maximum context length|context[_ ]length[_ ]exceeded|context window|exceeds? the (?:maximum|max|model'?s?|available) (?:number of tokens|context|input)|input (?:is too long|tokens exceed|length (?:and|should be|exceeds?))|too many (?:input )?tokens|reduce the length of the (?:messages|prompt|input)|range of input length|token count exceeds|request_too_large.*token|maximum prompt length|model_context_window_exceeded|prompt_too_long/i;

const overloadWordings = /overloaded|over capacity|server is busy|high demand|访问量过大/i;

const transientStatuses = new Set([408, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529]);

/** What an answer with an error status (or an error frame inside a 200 stream) means for the attempt loop. */
export function classifyAnswer(status: number, error: ErrorBody, until?: number): Failure {
  const answered = { status, text: error.message };
  const described = { ...describe(status, error, until), answered };
  const remedy = remedyFor({
    status,
    text: `${error.code ?? ''} ${error.message} ${error.param ?? ''}`.slice(0, longestText),
  });
  if (!remedy) return described;
  const refused = described.kind === 'invalid-request' || described.kind === 'context-length';
  // Some say 403, 404 or 500 to what they can't take.
  const status400 = { status: 400, message: error.message };
  return refused
    ? { ...described, remedy }
    : { ...failure('invalid-request', 'request', 'never', status400), answered, remedy };
}

function describe(status: number, error: ErrorBody, until: number | undefined): Failure {
  const { message } = error;
  const text = `${error.code ?? ''} ${error.type} ${message} ${error.limit ?? ''} ${error.param ?? ''}`
    .trimStart()
    .slice(0, longestText);
  const row = answerRows.find(
    ({ statuses, wording }) => (statuses?.includes(status) ?? true) && wording.test(text),
  );
  if (row) {
    const told = { status: row.status ?? status, message };
    return failure(
      row.kind,
      row.scope,
      row.retry ?? retryOf(row.kind),
      told,
      row.endless ? undefined : until,
    );
  }
  const told = { status, message };
  if (status === 402) return failure('quota', 'key', 'next', { ...told, status: 429 }, until);
  if (status === 429) return failure('rate-limit', 'deployment', 'next', told, until);
  // A firewall in front of the provider knows nothing of keys.
  if (status === 403 && message.startsWith(webPage(status)))
    return failure('server', 'deployment', 'next', { ...told, status: 502 });
  if (status === 401 || status === 403) return failure('auth', 'key', 'next', told);
  // Some relays answer 500 for a prompt that does not fit; repeating it elsewhere would only multiply the cost.
  const mayBeTooLong = status === 400 || status === 413 || status === 422 || status === 500;
  if (mayBeTooLong && contextWordings.test(text))
    return failure('context-length', 'request', 'never', { ...told, status: 400 });
  if (status === 404) return failure('model-not-found', 'deployment', 'next', told);
  if (transientStatuses.has(status) || status >= 500) {
    const kind = status === 529 || status === 503 || overloadWordings.test(text) ? 'overloaded' : 'server';
    return failure(kind, 'deployment', 'next', told, until);
  }
  if (status >= 300 && status < 400)
    return failure('server', 'provider', 'next', {
      status: 502,
      message: `The provider answered with a redirect (${status}), which is not followed`,
    });
  return failure('invalid-request', 'request', 'never', told);
}

/** What is the client's own matter goes to the client; everything else may work elsewhere. */
function retryOf(kind: FailureKind): Failure['retry'] {
  return kind === 'invalid-request' || kind === 'context-length' ? 'never' : 'next';
}

/** An error frame inside a 200 stream: with a status of its own, or one implied by Anthropic's error type. */
export function classifyStreamError(error: ErrorBody, status?: number, until?: number): Failure {
  const implied = status ?? impliedStatus(error.type);
  if (implied !== undefined) return classifyAnswer(implied, error, until);
  return failure('bad-stream', 'deployment', 'next', { status: 502, message: error.message });
}

/** A 200 that was no answer: HTML, garbage, nothing, or cut before its first content. */
export function badStream(message: string): Failure {
  return failure('bad-stream', 'deployment', 'next', { status: 502, message });
}

export function timeoutFailure(message: string): Failure {
  return failure('timeout', 'deployment', 'next', { status: 504, message });
}

/** Our own limits kept the request from being sent. */
export function limitFailure(message: string): Failure {
  return failure('rate-limit', 'request', 'next', { status: 429, message });
}

export function resetFailure(message: string): Failure {
  return failure('reset', 'deployment', 'next', { status: 502, message });
}

/** @param why a sentence's end, as `ExplainKey` gives it */
export function missingKeyFailure(provider: string, why: string): Failure {
  return failure('no-key', 'key', 'next', {
    status: 503,
    message: `${provider} has no key: ${why}`,
  });
}

/** A key that was pasted with something invisible or foreign in it: no header can carry it. */
export function unusableKeyFailure(provider: string, reference: string): Failure {
  return failure('auth', 'key', 'next', {
    status: 401,
    message: `the key of ${provider} (${reference}) holds characters that no key has: enter it again`,
  });
}

export const canceledFailure: Failure = failure('canceled', 'request', 'never', {
  status: 499,
  message: 'The client went away',
});

/** Anthropic's error type for each kind of failure. */
export function errorTypeOf(kind: FailureKind, status: number): string {
  switch (kind) {
    case 'rate-limit':
    case 'quota':
      return 'rate_limit_error';
    case 'overloaded':
      return 'overloaded_error';
    case 'timeout':
      return 'timeout_error';
    case 'context-length':
    case 'invalid-request':
      return status === 413 ? 'request_too_large' : 'invalid_request_error';
    case 'model-not-found':
      return 'not_found_error';
    default:
      return 'api_error';
  }
}

function impliedStatus(type: string): number | undefined {
  const statuses: Record<string, number> = {
    invalid_request_error: 400,
    authentication_error: 401,
    billing_error: 402,
    permission_error: 403,
    not_found_error: 404,
    rate_limit_error: 429,
    timeout_error: 504,
    overloaded_error: 529,
  };
  return Object.hasOwn(statuses, type) ? statuses[type] : undefined;
}

function failure(
  kind: FailureKind,
  scope: FailureScope,
  retry: Failure['retry'],
  told: { status: number; message: string },
  until?: number,
): Failure {
  const message = told.message.trim() === '' ? `HTTP ${told.status} without a message` : told.message;
  // Numbers that no client knows.
  const status = told.status >= 400 && told.status < 600 ? told.status : 502;
  const result: Failure = { kind, scope, retry, status, message, errorType: errorTypeOf(kind, status) };
  if (until !== undefined) result.until = until;
  return result;
}
