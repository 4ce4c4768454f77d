// Gestures as edits of the config file. What stands there now comes in as plain data, because a route, a list of keys
// and a target may each be written in a short and a long form.

import type { ConfigEdit } from '../core/config/edit/edit-data.ts';

export function enableEdit(provider: string, enabled: boolean): ConfigEdit {
  const path = ['providers', provider, 'enabled'];
  return enabled ? { path, delete: true } : { path, value: false };
}

/** Adds a key reference to a provider. */
export function addKeyEdit(provider: string, reference: string, present: unknown): ConfigEdit {
  const path = ['providers', provider, 'keys'];
  if (Array.isArray(present)) return { path: [...path, present.length], value: reference };
  return { path, value: typeof present === 'string' ? [present, reference] : [reference] };
}

/** Puts another reference in the place of a key's. Undefined when the key is not found. */
export function replaceKeyEdit(
  provider: string,
  old: string,
  reference: string,
  present: unknown,
): ConfigEdit | undefined {
  const path = ['providers', provider, 'keys'];
  if (present === old) return { path, value: reference };
  if (!Array.isArray(present)) return undefined;
  const index = present.findIndex((entry) => entry === old || (isMap(entry) && entry.key === old));
  if (index === -1) return undefined;
  return { path: isMap(present[index]) ? [...path, index, 'key'] : [...path, index], value: reference };
}

/** Moves a group's target to another place in its order. Undefined when the file's list is not the one that is shown. */
export function moveTargetEdit(
  group: string,
  from: number,
  to: number,
  shown: readonly string[],
  present: unknown,
): ConfigEdit | undefined {
  if (!Array.isArray(present) || present.length !== shown.length) return undefined;
  if (from === to || shown[from] === undefined || shown[to] === undefined) return undefined;
  const targets = present.toSpliced(from, 1);
  targets.splice(to, 0, present[from]);
  return { path: ['groups', group, 'targets'], value: targets };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
