// The ways in which an upstream of a fault schedule fails, as docs/resilience.md tells them: what each one blames and
// for how long, what comes next.
import type { ErrorRule } from '../../../src/core/config/router-config.ts';
import { frames } from '../gateway-harness.ts';

export type Blamed = 'request' | 'key' | 'family' | 'deployment' | 'provider';

export interface FaultKind {
  blames: Blamed;
  /**
   * How long the blamed one is left alone: `rest` = our guess, `strikes` = that after more than `allowed_fails` within a
   * minute, `out` = until the key changes, a number = seconds that were told or that last; nothing for `request`.
   */
  leaves?: 'rest' | 'strikes' | 'out' | number;
  /** The client gets it; nobody else is asked. */
  final?: boolean;
  /** The same deployment may be asked again within the exchange. */
  repeatable?: boolean;
  /** What a client sees that has nothing else left. */
  status: number;
  /** How the upstream does it. */
  how:
    | { answers: number; headers?: Record<string, string>; says: string }
    | { breaks: 'refused' | 'reset' }
    | { streams: string; ends: 'properly' | 'break' | 'silence'; type?: string };
}

const told = (status: number, says: string, headers?: Record<string, string>): FaultKind['how'] => ({
  answers: status,
  says: JSON.stringify({ type: 'error', error: { type: 'api_error', message: says } }),
  ...(headers === undefined ? {} : { headers }),
});
const strikes = { blames: 'deployment', leaves: 'strikes', repeatable: true } as const;
const begun = frames.start() + frames.blockStart + frames.text('half');

export const faultKinds = {
  refused: { blames: 'provider', leaves: 'rest', repeatable: true, status: 502, how: { breaks: 'refused' } },
  reset: { blames: 'provider', leaves: 'strikes', repeatable: true, status: 502, how: { breaks: 'reset' } },
  silent: { blames: 'deployment', leaves: 'rest', status: 504, how: { streams: '', ends: 'silence' } },
  empty: { ...strikes, status: 502, how: { streams: '', ends: 'properly' } },
  'web page': {
    ...strikes,
    status: 502,
    how: { streams: '<!DOCTYPE html>', ends: 'properly', type: 'text/html' },
  },
  cut: { ...strikes, status: 502, how: { streams: frames.start(), ends: 'properly' } },
  'error event': {
    ...strikes,
    status: 529,
    how: { streams: frames.error('overloaded_error', 'Overloaded'), ends: 'properly' },
  },
  'broken off': { ...strikes, status: 200, how: { streams: begun, ends: 'break' } },
  stalled: { blames: 'deployment', leaves: 'rest', status: 200, how: { streams: begun, ends: 'silence' } },
  '500': { ...strikes, status: 500, how: told(500, 'Internal error') },
  '503': { ...strikes, status: 503, how: told(503, 'unavailable') },
  '529': { ...strikes, status: 529, how: told(529, 'Overloaded') },
  redirect: {
    blames: 'provider',
    leaves: 'strikes',
    repeatable: true,
    status: 502,
    how: told(307, '', { location: 'http://127.0.0.1:9/' }),
  },
  limited: {
    blames: 'deployment',
    leaves: 'rest',
    repeatable: true,
    status: 429,
    how: told(429, 'slow down'),
  },
  'limited for 3 s': {
    blames: 'deployment',
    leaves: 3,
    repeatable: true,
    status: 429,
    how: told(429, 'slow down', { 'retry-after': '3' }),
  },
  'limited for 40 s': {
    blames: 'deployment',
    leaves: 40,
    repeatable: true,
    status: 429,
    how: told(429, 'slow down', { 'retry-after': '40' }),
  },
  'no money': { blames: 'key', leaves: 3600, status: 429, how: told(402, 'Insufficient Balance') },
  'plan used up': {
    blames: 'key',
    leaves: 90,
    repeatable: true,
    status: 429,
    how: told(429, 'insufficient_quota', { 'retry-after': '90' }),
  },
  'weekly limit': { blames: 'family', leaves: 3600, status: 429, how: told(403, 'opus_weekly_limit') },
  'key refused': { blames: 'key', leaves: 'out', status: 503, how: told(401, 'invalid x-api-key') },
  'no such model': { blames: 'deployment', leaves: 12 * 3600, status: 404, how: told(404, 'model: x') },
  'too long': {
    blames: 'request',
    final: true,
    status: 400,
    how: told(400, 'prompt is too long: 9 tokens > 8'),
  },
  'own mistake': { blames: 'request', final: true, status: 400, how: told(400, 'messages: wrong') },
} satisfies Record<string, FaultKind>;

export type FaultName = keyof typeof faultKinds;
export const faultNames = Object.keys(faultKinds) as FaultName[];

/** The failure as the user's own first rule wants it taken. */
export function judgedBy([rule]: readonly ErrorRule[], fault: FaultKind): FaultKind {
  if (!rule || !('answers' in fault.how) || !rule.statuses?.includes(fault.how.answers)) return fault;
  if (rule.do === 'cool') return { ...fault, leaves: rule.seconds ?? 'rest' };
  const { leaves: _, ...blameless } = { ...fault, blames: 'request' as const };
  return rule.do === 'stop' ? { ...blameless, final: true } : blameless;
}
