// How failures are survived, and the user's own judgement of some of them.
import { compilePattern, type Pattern } from '../pattern.ts';
import { defaultResilience } from './defaults.ts';
import { didYouMean } from './names.ts';
import type { ResolveContext } from './resolve-context.ts';
import type { ErrorRule, Resilience } from './router-config.ts';
import type { ErrorRuleEntry, ResilienceEntry } from './schema-resilience.ts';
import type { Path } from './source-node.ts';

export function resolveResilience(entry: ResilienceEntry | undefined): Resilience {
  return {
    retries: entry?.retries ?? defaultResilience.retries,
    maxAttempts: entry?.max_attempts ?? defaultResilience.maxAttempts,
    cooldown: entry?.cooldown ?? defaultResilience.cooldown,
    allowedFails: entry?.allowed_fails ?? defaultResilience.allowedFails,
    maxWait: entry?.max_wait ?? defaultResilience.maxWait,
  };
}

/** In the order of the file; the first that fits decides. */
export function resolveErrorRules(
  entries: readonly ErrorRuleEntry[] | undefined,
  providers: ReadonlySet<string>,
  context: ResolveContext,
): ErrorRule[] {
  return (entries ?? []).flatMap((entry, index) => {
    const path = ['error_rules', index];
    const { provider, status, match, do: action, for: seconds } = entry;
    if (provider !== undefined && !providers.has(provider))
      context.error([...path, 'provider'], `no provider "${provider}"${didYouMean(provider, providers)}`);
    if (provider === undefined && status === undefined && match === undefined)
      context.error(path, 'needs "provider", "status" or "match"; it would take every failure', 'key');
    if (seconds !== undefined && action !== 'cool')
      context.warn([...path, 'for'], `has no meaning beside "do: ${action}"`, 'key');
    const pattern = match === undefined ? undefined : patternOf(match, [...path, 'match'], context);
    if (match !== undefined && !pattern) return [];
    const rule: ErrorRule = { do: action };
    if (provider !== undefined) rule.provider = provider;
    if (status !== undefined) rule.statuses = typeof status === 'number' ? [status] : status;
    if (pattern) rule.match = pattern;
    if (seconds !== undefined) rule.seconds = seconds;
    return rule;
  });
}

function patternOf(source: string, path: Path, context: ResolveContext): Pattern | undefined {
  try {
    return compilePattern(source);
  } catch (error) {
    context.error(path, error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
