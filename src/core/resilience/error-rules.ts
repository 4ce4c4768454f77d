// The user's own judgement of a provider's failures. It goes before ours, mending included.
import type { ErrorRule } from '../config/router-config.ts';
import type { Failure } from '../failure.ts';

/** The failure as the first rule that fits wants it taken; unchanged when none does. `now`: milliseconds. */
export function judge(failure: Failure, provider: string, rules: readonly ErrorRule[], now: number): Failure {
  if (failure.kind === 'canceled' || failure.kind === 'no-key') return failure;
  const rule = rules.find((each) => fits(each, failure, provider));
  if (!rule) return failure;
  const { remedy: _, ...judged } = failure;
  switch (rule.do) {
    case 'stop':
      return { ...judged, scope: 'request', retry: 'never', final: true };
    case 'next':
      return { ...judged, scope: 'request', retry: 'next' };
    case 'cool': {
      const { answer: __, ...said } = judged;
      const cooling: Failure = {
        ...said,
        kind: 'rate-limit',
        scope: failure.scope === 'request' ? 'deployment' : failure.scope,
        retry: 'next',
        status: failure.status >= 500 ? failure.status : 429,
        errorType: 'rate_limit_error',
      };
      if (rule.seconds !== undefined) cooling.until = now + rule.seconds * 1000;
      return cooling;
    }
  }
}

function fits(rule: ErrorRule, { answered, message }: Failure, provider: string): boolean {
  return (
    (rule.provider === undefined || rule.provider === provider) &&
    (rule.statuses === undefined || (answered !== undefined && rule.statuses.includes(answered.status))) &&
    (rule.match === undefined || rule.match.occursIn(answered?.text ?? message))
  );
}
