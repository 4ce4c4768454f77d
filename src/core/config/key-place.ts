// Where a key may go. A stored key is bound to the place that it was entered for; a provider's own addresses in other
// regions and dialects count as one place.

import type { Preset } from './preset.ts';
import { presets } from './presets.ts';

/** Stands for no place at all: clients' tokens are compared and the demo answers in process, nothing is sent. */
export const keptHere = '';

/**
 * The place that a base URL sends keys to: its host with the port, and for plain http the scheme too, because there the
 * key is readable on the way.
 */
export function keyPlace(baseUrl: string): string {
  const url = URL.parse(baseUrl);
  if (url?.protocol === 'https:') return url.host;
  return url?.protocol === 'http:' ? url.origin : keptHere;
}

/** True when `place` is one of the `entered` ones, or belongs to the same provider as one of them. */
export function isAllowedPlace(place: string, entered: readonly string[]): boolean {
  if (place === keptHere || entered.includes(place)) return true;
  return ownersOf(place).some((own) => entered.some((each) => own.has(each)));
}

/** Whether a known provider, whose users keep their key in `variable`, answers at `place`. */
export function isHomeOfVariable(variable: string, place: string): boolean {
  return Object.values(presets).some(
    (preset) => preset.keyVariable === variable && placesOf(preset).has(place),
  );
}

function ownersOf(place: string): Set<string>[] {
  return Object.values(presets)
    .map(placesOf)
    .filter((places) => places.has(place));
}

function placesOf(preset: Preset): Set<string> {
  const urls = [
    preset.baseUrl,
    ...(preset.regions ?? []).map(({ baseUrl }) => baseUrl),
    ...Object.values(preset.alternatives ?? {}).map(({ baseUrl }) => baseUrl),
  ];
  return new Set(urls.map(keyPlace).filter((place) => place !== keptHere));
}
