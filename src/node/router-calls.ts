// The calls that a shell makes of its router.
import type { Clock } from '../core/clock.ts';
import { type Failure, isUpstreamFailure } from '../core/failure.ts';
import { describeError, ProbeError } from '../core/probe/describe.ts';
import { listModels, testProvider } from '../core/probe/probe.ts';
import { classifyAnswer } from '../core/resilience/classify.ts';
import { noKey } from '../core/routing/candidates.ts';
import type { Engine } from './engine.ts';
import { explainKey } from './held-keys.ts';
import type { ProbeTarget, RouterCall, RouterCalls } from './host-link.ts';
import type { SecretBox } from './secret-box.ts';

const shared = new Set<string>([
  'testConfigured',
  'clearCooldowns',
  'setPaused',
  'rotateToken',
  'reloadConfig',
]);

/** Calls that concern the router that serves the port, and therefore go from a follower to its leader. */
export function isShared(call: string): call is RouterCall {
  return shared.has(call);
}

/** What the calls work on. */
export interface Callee {
  engine: Engine;
  clock: Clock;
  secrets: SecretBox;
  rotateToken(): void;
}

/** Does what a call asks for. Rejects with a sentence for people. */
export async function answerCall<C extends RouterCall>(
  call: C,
  params: unknown,
  { engine, clock, secrets, rotateToken }: Callee,
): Promise<RouterCalls[C]['result']> {
  const deps = { transport: engine.transport, clock };
  const handlers: {
    [K in RouterCall]: (params: RouterCalls[K]['params']) => Promise<RouterCalls[K]['result']>;
  } = {
    listModels: async (target) => ({ models: await listModels(deps, target) }),
    testProvider: (target) => testProvider(deps, target, target.model),
    testConfigured: ({ provider }) => testConfigured(engine, clock, provider, secrets),
    clearCooldowns: async ({ provider }) => {
      engine.gateway.clearCooldowns(provider);
      return null;
    },
    setPaused: async ({ paused }) => {
      engine.gateway.setPaused(paused);
      return null;
    },
    rotateToken: async () => {
      rotateToken();
      return null;
    },
    reloadConfig: async () => {
      await engine.reload();
      return null;
    },
  };
  return handlers[call](params as RouterCalls[C]['params']);
}

/** Tries each key of a configured provider with its first model; one that works ends the provider's cooldowns. */
async function testConfigured(
  engine: Engine,
  clock: Clock,
  name: string,
  secrets: SecretBox,
): Promise<RouterCalls['testConfigured']['result']> {
  const provider = engine.provider(name);
  if (!provider) throw new Error(`There is no provider "${name}" in the configuration.`);
  const model = provider.models[0]?.id;
  if (model === undefined) throw new Error(`Provider "${name}" lists no model to test with.`);
  const keys = provider.keys.length > 0 ? provider.keys : [noKey];
  const results = await Promise.all(
    keys.map(async (key) => {
      const value = secrets.readFor(key.reference, provider.baseUrl);
      if (value === undefined && key.reference !== 'none')
        return {
          key: key.name,
          ok: false,
          milliseconds: 0,
          message: `${explainKey(secrets, key.reference, provider.baseUrl)}.`,
          failure: undefined,
        };
      const target: ProbeTarget = {
        dialect: provider.dialect,
        baseUrl: provider.baseUrl,
        headers: { ...provider.headers },
        ...(provider.preset === undefined ? {} : { preset: provider.preset }),
        ...(provider.proxy === undefined ? {} : { proxy: provider.proxy }),
        ...(value === undefined ? {} : { key: value }),
      };
      const startedAt = clock.now();
      try {
        const { milliseconds, answer } = await testProvider(
          { transport: engine.transport, clock },
          target,
          model,
        );
        return { key: key.name, ok: true, milliseconds, message: answer, failure: undefined };
      } catch (error) {
        const milliseconds = clock.now() - startedAt;
        const message = describeError(error);
        return { key: key.name, ok: false, milliseconds, message, failure: failureOf(error) };
      }
    }),
  );
  if (results.some((result) => result.ok)) engine.gateway.clearCooldowns(name);
  return results.map(({ failure, ...result }) => {
    if (failure) engine.gateway.noteFailedTest(name, result.key, failure);
    return result;
  });
}

/** What a failed test says about the key or the host; undefined when it says nothing of them. */
function failureOf(error: unknown): Failure | undefined {
  if (isUpstreamFailure(error)) return error.failure;
  if (!(error instanceof ProbeError) || error.status === undefined) return undefined;
  return classifyAnswer(error.status, { type: 'error', message: error.message });
}
