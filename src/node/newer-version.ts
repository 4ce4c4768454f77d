/**
 * Whether version `one` is newer than `other`. Extensions have versions of three numbers (VS Code allows no others); what
 * follows them, or is no version at all, makes nothing newer.
 */
export function isNewer(one: string, other: string): boolean {
  const [a, b] = [numbers(one), numbers(other)];
  const index = a.findIndex((number, place) => number !== b[place]);
  return index >= 0 && (a[index] ?? 0) > (b[index] ?? 0);
}

function numbers(version: string): number[] {
  return /^(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number) ?? [0, 0, 0];
}
