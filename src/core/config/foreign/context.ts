// What all translators share.
import { namePattern } from '../names.ts';
import type { Path, SourceNode } from '../source-node.ts';
import type { Draft } from './draft.ts';
import type { FileKeys } from './file-keys.ts';
import type { Report } from './report.ts';

export interface TranslateContext {
  draft: Draft;
  keys: FileKeys;
  report: Report;
}

/** Seconds, within what the configuration takes; undefined when it is no time at all. */
export function secondsOf(value: number | undefined): number | undefined {
  return value === undefined || value <= 0 ? undefined : Math.min(value, 86_400);
}

/** A provider's name that our format takes: what separates the parts of a target becomes `-`. */
export function providerName(wish: string): string {
  if (namePattern.test(wish)) return wish;
  return wish.trim().replace(/[\s/,:]+/g, '-') || 'provider';
}

/** The first of `wish`, `wish-2`, `wish-3`, … that is not taken. */
export function freeName(wish: string, taken: (name: string) => boolean): string {
  let name = wish;
  for (let number = 2; taken(name); number++) name = `${wish}-${number}`;
  return name;
}

/** Sets each field that has a value. */
export function setAll(
  draft: Draft,
  path: Path,
  values: Readonly<Record<string, unknown>>,
  from: SourceNode,
): void {
  for (const [name, value] of Object.entries(values))
    if (value !== undefined) draft.set([...path, name], value, from);
}
