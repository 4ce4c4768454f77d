// Recognises other programs' files by their fields, also where they are included by a file of our own.
import { configSchema } from '../schema.ts';
import type { MapNode } from '../source-node.ts';
import { litellmFields } from './litellm-fields.ts';

export type ForeignKind = 'ccr' | 'litellm';

/** What the user knows the formats by. */
export const foreignNames: Readonly<Record<ForeignKind, string>> = {
  ccr: 'claude-code-router',
  litellm: 'LiteLLM',
};

/** The formats whose fields stand at the top of a file. */
export function foreignKinds(root: MapNode): ForeignKind[] {
  const { entries } = root;
  const kinds: ForeignKind[] = [];
  if (entries.has('Providers') || entries.get('Router')?.node.kind === 'map') kinds.push('ccr');
  const marks = ['model_list', 'litellm_settings', 'router_settings', 'general_settings'];
  if (marks.some((name) => entries.has(name))) kinds.push('litellm');
  return kinds;
}

/** claude-code-router takes `providers` too; there it is a list, here a map. */
export function nameCcrProviders(root: MapNode): void {
  const entry = root.entries.get('providers');
  if (entry?.node.kind !== 'list') return;
  root.entries.delete('providers');
  root.entries.set('Providers', entry);
}

/** The fields by whose format they are. Those that nobody knows are the foreign file's. */
export function splitByFormat(
  root: MapNode,
  kinds: readonly ForeignKind[],
): Record<'own' | ForeignKind, MapNode> {
  const part = (): MapNode => ({ ...root, entries: new Map() });
  const parts = { own: part(), ccr: part(), litellm: part() };
  for (const [name, entry] of root.entries) parts[formatOf(name, kinds)].entries.set(name, entry);
  return parts;
}

function formatOf(name: string, kinds: readonly ForeignKind[]): 'own' | ForeignKind {
  if (Object.hasOwn(configSchema.shape, name)) return 'own';
  if (kinds.includes('litellm') && (Object.hasOwn(litellmFields, name) || !kinds.includes('ccr')))
    return 'litellm';
  return kinds.includes('ccr') ? 'ccr' : 'own';
}
