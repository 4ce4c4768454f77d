// What a case of an answer is made of.
import type { Failure, FailureKind, FailureScope } from '../../../src/core/failure.ts';

export const now = Date.parse('2026-03-01T12:00:00Z');

export interface Case {
  who: string;
  status: number;
  body: unknown;
  headers?: Record<string, string>;
  means: [kind: FailureKind, scope: FailureScope];
  /** Where it is not the kind's. */
  retry?: Failure['retry'];
  /** Seconds from now. */
  until?: number;
}

export const openAi = (message: string, code?: string, type = 'invalid_request_error') => ({
  error: { message, type, code },
});
export const anthropic = (type: string, message: string) => ({ type: 'error', error: { type, message } });
export const google = (message: string, ...details: object[]) => ({
  error: { code: 429, message, status: 'RESOURCE_EXHAUSTED', details },
});
export const exhausted = 'You exceeded your current quota, please check your plan and billing details.';
export const violation = (quotaId: string) => ({
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaId }],
});
export const retryIn = (retryDelay: string) => ({
  '@type': 'type.googleapis.com/google.rpc.RetryInfo',
  retryDelay,
});
