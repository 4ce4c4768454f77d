// Error frames inside an Anthropic stream: Anthropic's own, and those of relays with schemas of their own.
import { isObject, parseJson } from '../../json/values.ts';
import { toldError } from '../error-body.ts';
import { errorTypeOfStatus, isErrorType } from '../error-type.ts';
import type { HubErrorEvent } from '../hub.ts';

/** @param data the frame's data; need not be JSON */
export function readErrorFrame(data: string): HubErrorEvent {
  const value = parseJson(data);
  return errorEvent(value ?? data) ?? unreadable();
}

/** The error event that a parsed value stands for; undefined when it holds no error. */
export function errorEvent(value: unknown): HubErrorEvent | undefined {
  const told = toldError(value);
  if (!told) return undefined;
  const { status, message } = told;
  const type = isErrorType(told.type)
    ? told.type
    : status === undefined
      ? 'api_error'
      : errorTypeOfStatus(status);
  return { type: 'error', error: { type, message }, ...(status === undefined ? {} : { status }) };
}

function unreadable(): HubErrorEvent {
  return {
    type: 'error',
    error: { type: 'api_error', message: 'The provider ended the stream with an error' },
  };
}

/** The frame has Anthropic's shape: a client of that dialect understands it as it is. */
export function isAnthropicError(value: unknown): boolean {
  return (
    isObject(value) && value.type === 'error' && isObject(value.error) && typeof value.error.type === 'string'
  );
}
