// Errors inside a response or its stream, with the HTTP status that their code stands for.
import { isObject, type JsonObject } from '../../json/values.ts';
import { type ToldError, toldError } from '../error-body.ts';
import { errorTypeOfStatus, isErrorType } from '../error-type.ts';
import type { HubErrorEvent } from '../hub.ts';

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
  const status = told?.status;
  const type = isErrorType(told?.type)
    ? told.type
    : status === undefined
      ? 'api_error'
      : errorTypeOfStatus(status);
  return { type: 'error', error: { type, message }, ...(status === undefined ? {} : { status }) };
}
