// Known providers: all that a user should not have to look up. Data only; `preset-list/` holds the entries.
import type { Preset } from './preset.ts';
import { presetList } from './preset-list.ts';

/** By id, in the order of the picker. Look up with `presetOf`: an id may be any text. */
export const presets: Readonly<Record<string, Preset>> = presetList;

/** The preset with this id, or undefined; safe for any text. */
export function presetOf(id: string | undefined): Preset | undefined {
  return id !== undefined && Object.hasOwn(presets, id) ? presets[id] : undefined;
}
