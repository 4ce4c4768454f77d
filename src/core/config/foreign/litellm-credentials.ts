// LiteLLM's `credential_list`: keys and addresses that deployments name.
import type { Fields } from './fields.ts';

/** By name; an unknown name has none. */
export type Credentials = ReadonlyMap<string, Fields>;

export function readCredentials(file: Fields): Credentials {
  const credentials = new Map<string, Fields>();
  for (const entry of file.maps('credential_list')) {
    const name = entry.text('credential_name');
    const values = entry.map('credential_values');
    if (name && values !== undefined) credentials.set(name, values);
  }
  return credentials;
}
