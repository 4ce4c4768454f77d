// Errors inside a response or its stream, with the HTTP status that their code stands for. Codes: the API reference's
// list for `response.error`, and what Codex tells apart.
import { isObject, type JsonObject } from '../../json/values.ts';
import { type ToldError, toldError } from '../error-body.ts';
import { errorTypeOfStatus, isErrorType } from '../error-type.ts';
import type { HubErrorEvent } from '../hub.ts';

const statusOfCode: Readonly<Record<string, number>> = {
  server_error: 500,
  internal_server_error: 500,
  server_is_overloaded: 529,
  slow_down: 529,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  usage_not_included: 429,
  usage_limit_reached: 429,
  context_length_exceeded: 400,
  invalid_prompt: 400,
  invalid_request_error: 400,
  bio_policy: 400,
  cyber_policy: 400,
  invalid_api_key: 401,
  model_not_found: 404,
};

/** The error of a response that failed, `undefined` when it holds none. */
export function responseError(response: JsonObject): HubErrorEvent | undefined {
  if (isObject(response.error)) return errorOf(toldError(response));
  if (response.status !== 'failed' && response.status !== 'cancelled') return undefined;
  return errorOf({ message: `The provider ended its answer with status "${response.status}"` });
}

/** An `error` event: its fields stand in it or in an object `error` inside. */
export function streamError(event: unknown): HubErrorEvent {
  return errorOf(toldError(event));
}

function errorOf(told: ToldError | undefined): HubErrorEvent {
  const message = told?.message ?? 'The provider ended the stream with an error';
  const word = [told?.code, told?.type].find(
    (name) => name !== undefined && Object.hasOwn(statusOfCode, name),
  );
  const status = told?.status ?? (word === undefined ? undefined : statusOfCode[word]);
  const type = isErrorType(told?.type)
    ? told.type
    : status === undefined
      ? 'api_error'
      : errorTypeOfStatus(status);
  return { type: 'error', error: { type, message }, ...(status === undefined ? {} : { status }) };
}
