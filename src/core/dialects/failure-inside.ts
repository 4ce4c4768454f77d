// An answer with status 200 that is none.
import { UpstreamFailure } from '../failure.ts';
import { badStream, classifyStreamError } from '../resilience/classify.ts';
import { toldError } from './error-body.ts';

/** The error that a parsed answer holds; `otherwise` says what is missing where it holds none. */
export function failureInside(answer: unknown, otherwise: string): UpstreamFailure {
  const told = toldError(answer);
  return new UpstreamFailure(
    told
      ? classifyStreamError({ type: told.type ?? 'api_error', message: told.message }, told.status)
      : badStream(otherwise),
  );
}
