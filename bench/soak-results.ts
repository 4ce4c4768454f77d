// A soak in figures: what is kept of one of full length.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Held, Window } from './soak-verdict.ts';
import { median } from './statistics.ts';

export interface SoakFigures extends Held {
  exchanges: number;
  complete: number;
  /** Median milliseconds of an exchange. */
  pace: number;
}

export interface SoakResults {
  date: string;
  seconds: number;
  summary: string;
  windows: SoakFigures[];
}

const file = join(import.meta.dirname, 'soak.json');

export function figuresOf({ outcomes, ...held }: Window): SoakFigures {
  return {
    ...held,
    exchanges: outcomes.length,
    complete: outcomes.filter(({ kind }) => kind === 'complete').length,
    pace: median(outcomes.map(({ took }) => took)),
  };
}

export function keepSoak(results: SoakResults): void {
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}

/** The last soak of full length; undefined when there was none yet. */
export function keptSoak(): SoakResults | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SoakResults) : undefined;
}
