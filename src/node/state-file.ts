// `state.json`: the port that this user's router keeps, so that open terminals go on working after every restart.
import { readIfPresent, writePrivateFile } from './private-files.ts';

/** The remembered port; undefined when there is none or the file is damaged. */
export function readPort(file: string): number | undefined {
  try {
    const state: unknown = JSON.parse(readIfPresent(file) ?? 'null');
    if (typeof state !== 'object' || state === null || !('port' in state)) return undefined;
    return isPort(state.port) ? state.port : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers the first port that worked; a port that is remembered already stays. */
export function keepPort(file: string, port: number): void {
  if (readPort(file) === undefined) writePrivateFile(file, `${JSON.stringify({ port })}\n`);
}

export function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65_536;
}
