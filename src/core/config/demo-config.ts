// The built-in demo stands in as long as no provider is configured, so that the very first run shows a working route.
import type { ConfigEntry } from './schema.ts';

/** Adds the demo's provider, group and default route to a configuration without providers; any other is returned as it is. */
export function withDemo(entry: ConfigEntry): ConfigEntry {
  if (Object.keys(entry.providers ?? {}).length > 0) return entry;
  return {
    ...entry,
    providers: { demo: { preset: 'demo', models: ['demo'] } },
    groups: { demo: { targets: ['demo/demo'] }, ...entry.groups },
    routes: { default: 'demo', ...entry.routes },
  };
}
