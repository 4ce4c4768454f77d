// Errors in Google's form: a status of gRPC beside the one of HTTP.
import type { ErrorType } from '../../../client-error.ts';
import { errorTypeOfStatus, isErrorType, statusOfErrorType } from '../../error-type.ts';

const words: Readonly<Record<ErrorType, string>> = {
  invalid_request_error: 'INVALID_ARGUMENT',
  authentication_error: 'UNAUTHENTICATED',
  billing_error: 'RESOURCE_EXHAUSTED',
  permission_error: 'PERMISSION_DENIED',
  not_found_error: 'NOT_FOUND',
  request_too_large: 'INVALID_ARGUMENT',
  rate_limit_error: 'RESOURCE_EXHAUSTED',
  timeout_error: 'DEADLINE_EXCEEDED',
  api_error: 'INTERNAL',
  overloaded_error: 'UNAVAILABLE',
};

/** Gemini's clients don't know 529 and would not try again. */
export const overloadedStatus = 503;

/** @param error in Anthropic's words */
export function errorAnswer(error: { status?: number; type: string; message: string }): {
  error: { code: number; message: string; status: string };
} {
  const type = isErrorType(error.type) ? error.type : errorTypeOfStatus(error.status ?? 500);
  const code = error.status ?? statusOfErrorType(type);
  return {
    error: { code: code === 529 ? overloadedStatus : code, message: error.message, status: words[type] },
  };
}
