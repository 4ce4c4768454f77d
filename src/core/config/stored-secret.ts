// A key as the editor keeps it.

/** A plain text goes wherever the configuration sends it; an object only to the places that it was entered for. */
export type StoredSecret = string | { value: string; places: readonly string[] };

export function secretValue(secret: StoredSecret): string {
  return typeof secret === 'string' ? secret : secret.value;
}

/** What to hide of stored secrets, and nothing else of them. */
export function secretValues(secrets: Readonly<Record<string, StoredSecret>>): string[] {
  return Object.values(secrets).map(secretValue);
}

export function isSameSecret(a: StoredSecret | undefined, b: StoredSecret | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
