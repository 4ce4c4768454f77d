// Snapshots for tests of what the shell shows: a small working router, with changes on top.
import type { ProviderView, RouterSnapshot } from '../../../src/core/snapshot.ts';

export const ok = { state: 'ok' } as const;

export function provider(name: string, changes: Partial<ProviderView> = {}): ProviderView {
  return {
    name,
    enabled: true,
    dialect: 'openai-chat',
    baseUrl: `https://api.${name}.example/v1`,
    keys: [{ name, reference: `secret:${name}`, health: ok }],
    models: [{ id: 'coder', context: 128_000, health: ok }],
    ...changes,
  };
}

/** Two providers, one group over both, a default and an inherited route. */
export function snapshot(changes: Partial<RouterSnapshot> = {}): RouterSnapshot {
  return {
    version: '0.0.0',
    phase: 'listening',
    port: 3456,
    pid: 1,
    paused: false,
    config: { file: '/home/user/.switchyard/config.yaml', state: 'ok', problems: [] },
    demo: false,
    health: 'ok',
    routes: [
      { name: 'default', target: 'coders', own: true, health: 'ok' },
      { name: 'think', target: 'coders', own: false, condition: 'xhigh', health: 'ok' },
    ],
    groups: [
      {
        name: 'coders',
        strategy: 'failover',
        aliases: [],
        targets: [
          { target: 'alpha/coder', health: ok, context: 128_000 },
          { target: 'beta/coder', health: ok, context: 200_000 },
        ],
        fallbacks: [],
        contextFallbacks: [],
        health: 'ok',
      },
    ],
    providers: [provider('alpha'), provider('beta')],
    exchanges: [],
    ...changes,
  };
}

/** The first run: nothing is configured and the built-in demo answers. */
export function demoSnapshot(): RouterSnapshot {
  return snapshot({
    demo: true,
    config: { file: '/home/user/.switchyard/config.yaml', state: 'none', problems: [] },
    routes: [{ name: 'default', target: 'demo', own: true, health: 'ok' }],
    groups: [
      {
        name: 'demo',
        strategy: 'failover',
        aliases: [],
        targets: [{ target: 'demo/demo', health: ok, context: 200_000 }],
        fallbacks: [],
        contextFallbacks: [],
        health: 'ok',
      },
    ],
    providers: [
      provider('demo', {
        preset: 'demo',
        dialect: 'anthropic',
        baseUrl: 'demo://local',
        keys: [],
        models: [{ id: 'demo', context: 200_000, health: ok }],
      }),
    ],
  });
}
