// Each client dialect over each upstream dialect, streamed and whole: what a user means arrives at a provider as strict as
// the real ones, and what the provider says arrives at the user. Four official clients, four scripted providers, one router.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type DialectId, dialectIds } from '../../src/core/dialects/dialect.ts';
import { ask } from '../tools/client-readings.ts';
import { wishFor } from '../tools/client-wishes.ts';
import { startTestRouter, type TestRouter } from '../tools/router-harness.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../tools/scripted-upstream.ts';
import { models, type Scenario, scenarios, unsayable } from './matrix-scenarios.ts';

/** As an upstream each can do all that its dialect can. */
const quirks: { readonly [Dialect in DialectId]?: string } = {
  'openai-chat':
    '{ file_parts: true, reasoning_history: reasoning_content, json_schema: json_schema, web_search: web_search_options }',
  'openai-responses': '{ web_search: web_search_tool }',
};

interface Set {
  router: TestRouter;
  upstreams: Record<DialectId, ScriptedUpstream>;
}

async function start(t: TestContext): Promise<Set> {
  const list = await Promise.all(
    dialectIds.map(async (dialect) => {
      const options = {
        keys: [`key-${dialect}`],
        models: [models[dialect]],
        extensions: ['reasoning_content'],
      };
      const upstream = await startScriptedUpstream({ dialect, ...options });
      t.after(() => upstream.close());
      return [dialect, upstream] as const;
    }),
  );
  const providers = list.map(([dialect, { url }]) => {
    const model = `{ id: ${models[dialect]}, vision: true, pdf: true }`;
    const own = quirks[dialect] === undefined ? '' : `, quirks: ${quirks[dialect]}`;
    return `  ${dialect}: { dialect: ${dialect}, base_url: "${url}", keys: [secret:${dialect}], models: [${model}]${own} }\n`;
  });
  const router = await startTestRouter(t, {
    config: `providers:\n${providers.join('')}resilience: { retries: 0, max_wait: 0 }\n`,
    secrets: Object.fromEntries(dialectIds.map((dialect) => [dialect, `key-${dialect}`])),
  });
  return { router, upstreams: Object.fromEntries(list) as Set['upstreams'] };
}

test('each client over each upstream', async (t) => {
  const { router, upstreams } = await start(t);
  for (const client of dialectIds)
    for (const upstream of dialectIds)
      for (const [what, run] of Object.entries(scenarios)) {
        const gap = unsayable.find(
          (entry) =>
            entry.what === what &&
            (entry.client === undefined || entry.client === client) &&
            (entry.upstream === undefined || entry.upstream === upstream),
        );
        for (const stream of [true, false]) {
          const name = `${client} client, ${upstream} upstream, ${stream ? 'streamed' : 'whole'}: ${what}`;
          await t.test(name, { skip: gap?.why ?? false }, () => check(run, client, upstream, stream));
        }
      }

  async function check(
    run: Scenario,
    client: DialectId,
    upstream: DialectId,
    stream: boolean,
  ): Promise<void> {
    const provider = upstreams[upstream];
    provider.clear();
    const model = `${upstream}/${models[upstream]}`;
    const { url, token } = router;
    await run({
      client,
      upstream,
      stream,
      provider,
      model,
      say: (wish) => ask(client, { url, token, model, stream, wish: wishFor(client, wish) }),
      last: () => provider.messages.at(-1) ?? assert.fail('nothing was asked'),
      forget: () => router.router.call('clearCooldowns', {}),
    });
    assert.deepEqual(provider.refusals, []);
    assert.equal(provider.unused, 0);
  }
});
