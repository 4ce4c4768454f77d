// Edits of JSON values that others may use too: each gives what it was given when nothing has to change, else a copy.
import type { JsonObject } from './values.ts';

/** The object without these fields. */
export function without(object: JsonObject, names: readonly string[]): JsonObject {
  if (!names.some((name) => Object.hasOwn(object, name))) return object;
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** Copies a list only if an item changes. `change` returns the item itself, or undefined to leave it out. */
export function changedItems(
  list: readonly unknown[],
  change: (item: unknown, at: number) => unknown,
): readonly unknown[] {
  let changed = false;
  const result: unknown[] = [];
  for (const [at, item] of list.entries()) {
    const next = change(item, at);
    changed ||= next !== item;
    if (next !== undefined) result.push(next);
  }
  return changed ? result : list;
}

/** The object with this list, which `changedItems` made of its own. */
export function withList(object: JsonObject, field: string, list: readonly unknown[]): JsonObject {
  return object[field] === list ? object : { ...object, [field]: list };
}
