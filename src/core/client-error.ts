// A mistake of the client, or a refusal of ours, that is answered over HTTP in the client's own dialect.

/** Anthropic's error types, by which all dialects name what happened. */
export type ErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'billing_error'
  | 'permission_error'
  | 'not_found_error'
  | 'request_too_large'
  | 'rate_limit_error'
  | 'timeout_error'
  | 'api_error'
  | 'overloaded_error';

export class ClientError extends Error {
  readonly status: number;
  readonly type: ErrorType;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, type: ErrorType, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = 'ClientError';
    this.status = status;
    this.type = type;
    this.headers = headers;
  }
}
