// What one run of the bench brings to light: the content of results.json.
import type { Share } from './profiled.ts';
import type { SessionFigures } from './scenarios/growing-session.ts';
import type { HostThreadFigures } from './scenarios/host-thread.ts';
import type { Figures } from './scenarios/in-turns.ts';
import type { StreamMemory } from './scenarios/open-streams.ts';
import type { StartFigures } from './scenarios/startup.ts';

export interface Results {
  machine: Machine;
  comparisons: { id: string; title: string; figures: Record<string, Figures> }[];
  sessions?: Record<string, SessionFigures>;
  memory?: Record<string, StreamMemory>;
  start?: Record<string, StartFigures>;
  host?: HostThreadFigures;
  /** Where the time goes in comparisons whose goal was missed, by their id. */
  profiles?: Record<string, Share[]>;
  /** What could not be measured, in words. */
  notes: string[];
}

export interface Machine {
  processor: string;
  cores: number;
  /** Gigabytes. */
  memory: number;
  system: string;
  node: string;
  date: string;
}
