// Anthropic's error types and HTTP statuses, each from the other. Source: Anthropic's error reference.
import type { ErrorType } from '../client-error.ts';

const typeByStatus: Readonly<Record<number, ErrorType>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

const statusByType: Readonly<Record<ErrorType, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

export function errorTypeOfStatus(status: number): ErrorType {
  return typeByStatus[status] ?? (status >= 400 && status < 500 ? 'invalid_request_error' : 'api_error');
}

export function isErrorType(type: string | undefined): type is ErrorType {
  return type !== undefined && Object.hasOwn(statusByType, type);
}

export function statusOfErrorType(type: ErrorType): number {
  return statusByType[type];
}
