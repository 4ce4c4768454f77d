// What `doctor` looks at, and what it finds.
import type { loadConfig } from '../../core/config/load.ts';
import type { Console } from './console.ts';
import type { RunningRouter } from './running-router.ts';

export interface Finding {
  /** ok: looked at and fine; warning: may hurt; error: does hurt. */
  level: 'ok' | 'warning' | 'error';
  /** What was looked at. */
  subject: string;
  /** One sentence. */
  message: string;
  /** What to do; absent when all is well. */
  fix?: string;
}

/** What the checks look at. */
export interface Patient {
  console: Console;
  router: RunningRouter | undefined;
  configFile: string;
  loaded: Awaited<ReturnType<typeof loadConfig>>;
  /** The port that was asked for. */
  port?: number;
}
