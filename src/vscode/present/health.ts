// Health in icons and words. Every state has both, so that nothing is told by colour alone.

import type { Health, UnitHealth } from '../../core/snapshot.ts';
import { t } from '../translate.ts';
import { escapeMarkdown, type Icon, type Mark } from './row.ts';

const good: Icon = { id: 'pass-filled', color: 'testing.iconPassed' };
const warning: Icon = { id: 'warning', color: 'list.warningForeground' };
const bad: Icon = { id: 'error', color: 'list.errorForeground' };
const cooling: Icon = { id: 'clock', color: 'list.warningForeground' };

/** What a person has switched off is no failure. */
export const switchedOff: Icon = { id: 'circle-slash' };

export function healthIcon(health: Health): Icon {
  return { ok: good, degraded: warning, down: bad }[health];
}

export function healthWords(health: Health): string {
  return { ok: t('working'), degraded: t('partly failing'), down: t('not available') }[health];
}

export function healthMark(health: Health): Mark | undefined {
  return health === 'ok' ? undefined : health === 'degraded' ? 'warning' : 'error';
}

export function unitIcon(health: UnitHealth): Icon {
  return { ok: good, cooling, out: bad }[health.state];
}

export function unitMark(health: UnitHealth): Mark | undefined {
  return health.state === 'ok' ? undefined : health.state === 'cooling' ? 'warning' : 'error';
}

/**
 * A unit's state in a few words, '' when all is well and nothing was measured.
 * @param now milliseconds since the epoch, for the countdown
 */
export function unitWords(health: UnitHealth, now: number): string {
  if (health.state === 'out') return t('not available');
  if (health.state === 'cooling') {
    return health.until === undefined
      ? t('cooling down')
      : t('back in {0}', durationWords(health.until - now));
  }
  return health.ttft === undefined ? '' : secondsWords(health.ttft);
}

/** Time to wait, coarse enough to be read: `42 s`, `5 min`, `3 h`. */
export function durationWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  if (seconds < 100) return t('{0} s', seconds);
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? t('{0} min', minutes) : t('{0} h', Math.round(minutes / 60));
}

/** A measured time: `0.8 s`, `12 s`. */
export function secondsWords(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return t('{0} s', seconds < 9.95 ? seconds.toFixed(1) : Math.round(seconds));
}

/** For a tooltip: what the router does differently for a model since it refused something; nothing when it does not. */
export function adjustedLines(adjusted: readonly string[] | undefined): string[] {
  if (adjusted === undefined) return [];
  return [t('Adjusted after it refused requests: {0}', escapeMarkdown(adjusted.join('; ')))];
}

/** A context window: `200k`, `1M`. */
export function tokensWords(tokens: number): string {
  if (tokens >= 1_000_000) return `${trimZero(tokens / 1_000_000)}M`;
  return tokens >= 1000 ? `${Math.round(tokens / 1000)}k` : String(tokens);
}

function trimZero(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}
