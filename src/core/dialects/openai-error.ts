// Errors in the form of OpenAI's APIs: a type, and a code by which clients decide what to do.
import type { Failure } from '../failure.ts';
import { isObject } from '../json/values.ts';
import { errorTypeOfStatus, isErrorType } from './error-type.ts';

export interface OpenAiError {
  message: string;
  type: string;
  param: null;
  code: string | null;
}

/** @param error in Anthropic's words */
export function openAiError(error: { status?: number; type: string; message: string }): OpenAiError {
  const { message, type: told, status } = error;
  const type = isErrorType(told) ? told : errorTypeOfStatus(status ?? 500);
  const [word, code] = words(type, message);
  return { message, type: word, param: null, code };
}

/** Codes that Codex and the official SDKs know. */
function words(type: ReturnType<typeof errorTypeOfStatus>, message: string): [string, string | null] {
  switch (type) {
    case 'authentication_error':
      return ['invalid_request_error', 'invalid_api_key'];
    case 'permission_error':
      return ['invalid_request_error', 'permission_denied'];
    case 'billing_error':
      return ['insufficient_quota', 'insufficient_quota'];
    case 'not_found_error':
      return ['invalid_request_error', /model/i.test(message) ? 'model_not_found' : 'not_found'];
    case 'request_too_large':
      return ['invalid_request_error', 'request_too_large'];
    case 'rate_limit_error':
      return /insufficient_quota|exceeded your current quota/i.test(message)
        ? ['insufficient_quota', 'insufficient_quota']
        : ['rate_limit_error', 'rate_limit_exceeded'];
    case 'invalid_request_error':
      return ['invalid_request_error', isTooLong(message) ? 'context_length_exceeded' : null];
    case 'overloaded_error':
      return ['server_error', 'server_is_overloaded'];
    default:
      return ['server_error', 'server_error'];
  }
}

/** The gateway says it in Anthropic's wording, whatever the upstream's was. */
function isTooLong(message: string): boolean {
  return /prompt is too long|context length|context window/i.test(message);
}

/** An upstream's body or event is an error in this form. */
export function isOpenAiError(value: unknown): boolean {
  return isObject(value) && isObject(value.error) && typeof value.error.message === 'string';
}

/** Clients know a full context window by its code alone. */
export function understandsOpenAiError(value: unknown, { kind }: Failure): boolean {
  if (!isObject(value) || !isOpenAiError(value)) return false;
  return kind !== 'context-length' || (value.error as { code?: unknown }).code === 'context_length_exceeded';
}
