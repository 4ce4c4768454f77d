// What a command of the command line works with, and how it speaks.
import type { Environment } from '../../core/config/env-values.ts';
import type { RouterChoice } from '../arguments.ts';

export interface Console {
  /** The command's result, on standard output. */
  out(text: string): void;
  /** Remarks, on standard error. */
  err(text: string): void;
  env: Environment;
  /** SWITCHYARD_HOME. */
  home: string;
  /** Absolute; where relative names begin and paths in messages end. */
  folder: string;
  /** The user's home folder, for the settings of Claude Code. */
  userHome: string;
}

/** The command can't be done; one sentence for people. */
export class CommandError extends Error {}

export type Run<C> = (command: C & RouterChoice, console: Console) => Promise<number>;

/** Columns as wide as their widest cell; the last one ends where it ends. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    });
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
