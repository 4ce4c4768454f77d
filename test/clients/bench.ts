// What a client test stands on: two scripted upstreams, the router between, and the real Claude Code in front.
import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';
import { ensureClaudeCode } from '../../src/dev/claude-code.ts';
import { ClaudeCode } from '../tools/claude-code.ts';
import {
  type ScriptedUpstream,
  type ScriptedUpstreamOptions,
  startScriptedUpstream,
} from '../tools/scripted-upstream.ts';
import type { JsonObject, ScriptedDialect } from '../tools/scripted-upstream-types.ts';
import { type RunningRouter, startRouter } from './router.ts';

/** Those whose wire forms the tests of Claude Code's own features look at. */
export const dialects = ['anthropic', 'openai-chat'] as const satisfies readonly ScriptedDialect[];

/** Gemini models are told apart by their names. */
export function modelOf(dialect: ScriptedDialect): string {
  return dialect === 'gemini' ? 'gemini-main' : 'main-model';
}

/** What Claude Code asks for when nobody names a model. */
export const defaultModel = 'claude-opus-5-5';

export interface BenchOptions {
  /** Dialect of provider `main`. */
  dialect: ScriptedDialect;
  upstream?: ScriptedUpstreamOptions;
  /** Fields of provider `main` beside address, key and its model, `modelOf(dialect)`. */
  provider?: JsonObject;
  /** Of provider `spare`, model `spare-model`; by default that of `main`. */
  spareDialect?: ScriptedDialect;
  /** Sections beside `providers`; by default everything goes to the model of `main`. */
  config?: JsonObject;
}

/** Upstreams and router, for clients that the test drives itself. */
export interface ApiBench {
  upstream: ScriptedUpstream;
  spare: ScriptedUpstream;
  router: RunningRouter;
  /** Replaces all sections beside `providers`; resolves when they are in force. */
  configure(sections: JsonObject): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Bench extends ApiBench {
  claude: ClaudeCode;
}

/** What the scripted upstream can do beyond the least of its dialect. */
const quirksOf: { readonly [Own in ScriptedDialect]?: JsonObject } = {
  'openai-chat': { quirks: { file_parts: true } },
  'openai-responses': { quirks: { web_search: 'web_search_tool' } },
};

/** Both upstreams accept nothing but their own key: a client's credential that leaks through shows as 401. */
export async function startApiBench(options: BenchOptions): Promise<ApiBench> {
  const { dialect, spareDialect = dialect } = options;
  const upstream = await startScriptedUpstream({ dialect, keys: ['key-of-main'], ...options.upstream });
  const spare = await startScriptedUpstream({ dialect: spareDialect, keys: ['key-of-spare'] });
  const model = (id: string) => ({ id, vision: true, pdf: true });
  const quirks = (own: ScriptedDialect) => quirksOf[own] ?? {};
  const providers = {
    main: {
      dialect,
      base_url: upstream.url,
      keys: ['env:MAIN_KEY'],
      models: [model(modelOf(dialect))],
      ...quirks(dialect),
      ...options.provider,
    },
    spare: {
      dialect: spareDialect,
      base_url: spare.url,
      keys: ['env:SPARE_KEY'],
      models: [model('spare-model')],
      ...quirks(spareDialect),
    },
  };
  const sections = options.config ?? { routes: { default: `main/${modelOf(dialect)}` } };
  const env = { MAIN_KEY: 'key-of-main', SPARE_KEY: 'key-of-spare' };
  const router = await startRouter({ providers, ...sections }, env);
  return {
    upstream,
    spare,
    router,
    configure: (changed) => router.configure({ providers, ...changed }),
    async [Symbol.asyncDispose]() {
      await Promise.all([router.stop(), upstream.close(), spare.close()]);
      for (const secret of [...Object.values(env), router.token])
        assert.ok(!router.log.includes(secret), 'a secret stands in the log');
    },
  };
}

/** The same with the official SDK in front, its own retries off. */
export async function startSdkBench(options: BenchOptions): Promise<ApiBench & { client: Anthropic }> {
  const bench = await startApiBench(options);
  const { url, token } = bench.router;
  return { ...bench, client: new Anthropic({ baseURL: url, apiKey: token, maxRetries: 0 }) };
}

/** The same with Claude Code in front. */
export async function startBench(options: BenchOptions): Promise<Bench> {
  await ensureClaudeCode(); // Before anything runs that a failure would leave behind.
  const bench = await startApiBench(options);
  const claude = await ClaudeCode.create(bench.router);
  return {
    ...bench,
    claude,
    async [Symbol.asyncDispose]() {
      await claude.close();
      await bench[Symbol.asyncDispose]();
    },
  };
}
