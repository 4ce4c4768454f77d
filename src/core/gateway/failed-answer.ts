// What an answer with an error status says, in whatever words.
import type { Clock } from '../clock.ts';
import type { UpstreamDialect } from '../dialects/dialect.ts';
import type { Failure } from '../failure.ts';
import { classifyAnswer } from '../resilience/classify.ts';
import { limitEnd } from '../resilience/retry-after.ts';
import type { Deployment } from '../routing/candidates.ts';
import { readAll } from './bytes.ts';
import type { UpstreamResponse } from './transport.ts';

export interface FailedAnswer {
  failure: Failure;
  body: Uint8Array;
  text: string;
}

/** What the user's error rules may search. */
const longestText = 20_000;
const largestErrorBody = 1024 * 1024;

/** Reads at most 1 MB of an error's body and says what it means. */
export async function readFailedAnswer(
  response: UpstreamResponse,
  dialect: Pick<UpstreamDialect, 'decodeError'>,
  deployment: Deployment,
  clock: Clock,
): Promise<FailedAnswer> {
  const body = await readAll(response.body, largestErrorBody, 'cut');
  const text = new TextDecoder().decode(body);
  const error = dialect.decodeError(response.status, text);
  const until = limitEnd(response.headers, clock.now(), error);
  const limit = [error.limit, claimOf(response.headers)].filter(Boolean).join(' ');
  const failure = classifyAnswer(response.status, { ...error, limit }, until);
  failure.answered = { status: response.status, text: text.slice(0, longestText) };
  if (failure.kind === 'auth') {
    const { provider, key } = deployment;
    failure.message = `${provider.name} refused the key ${key.name} (${response.status}): ${failure.message}`;
  }
  return { failure, body, text };
}

/** Which of its limits a subscription has hit: `five_hour`, `seven_day`, `seven_day_opus`. */
function claimOf(headers: Readonly<Record<string, string>>): string | undefined {
  if (headers['anthropic-ratelimit-unified-status'] !== 'rejected') return undefined;
  return `${headers['anthropic-ratelimit-unified-representative-claim'] ?? ''} usage limit`;
}
