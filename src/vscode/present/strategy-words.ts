import type { Strategy } from '../../core/config/router-config.ts';
import { t } from '../translate.ts';

/** How a group's target is picked, in a few words; for most groups, which go in order, nothing needs to be said. */
export function strategyWords(strategy: Strategy): string | undefined {
  return {
    failover: undefined,
    'round-robin': t('in turn'),
    weighted: t('by weight'),
    'least-busy': t('least busy first'),
    latency: t('fastest first'),
    usage: t('least used first'),
  }[strategy];
}
