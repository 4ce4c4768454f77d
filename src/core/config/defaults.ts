// The values that hold where the config file says nothing. The schema quotes them in its descriptions.

import type { Effort } from './route-names.ts';
import type { Resilience, Strategy, Timeouts } from './router-config.ts';

/** Seconds. */
export const defaultTimeouts: Timeouts = { connect: 10, firstToken: 120, idle: 120, total: 3600 };

export const defaultResilience: Resilience = {
  retries: 3,
  maxAttempts: 12,
  cooldown: 60,
  allowedFails: 2,
  maxWait: 10,
};

/**
 * Level from which `think` takes a request. Claude Code sends `high` for models that it does not know, so anything
 * lower would always fire.
 */
export const defaultThinkEffort: Effort = 'xhigh';

/** Estimated input tokens above which `longContext` takes a request. */
export const defaultLongContext = 60_000;

export const defaultDropParams = true;

export const defaultStrategy: Strategy = 'failover';

export const defaultSticky = true;

/** Of targets and keys. */
export const defaultWeight = 1;
