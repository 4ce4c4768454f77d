// What Cline, Cherry Studio and Continue send, through the running router to upstreams of all dialects.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialectIds } from '../../src/core/dialects/dialect.ts';
import { isObject } from '../../src/core/json/values.ts';
import { seen } from '../clients/seen.ts';
import { checkClientAnswer } from '../tools/client-grammar.ts';
import { startTestRouter } from '../tools/router-harness.ts';
import { startScriptedUpstream } from '../tools/scripted-upstream.ts';
import { appShapes } from './app-shapes.ts';

/** What hosts of such models take beyond OpenAI's own, by which these apps ask for thinking and searches. */
const extensions =
  `reasoning_content reasoning_effort cache_control thinking enable_thinking thinking_budget incremental_output reasoning plugins
  chat_template_kwargs extra_body enable_search search_options drop_params litellm_session_id`.split(/\s+/);

for (const dialect of dialectIds)
  test(`apps over ${dialect}`, async (t) => {
    const model = dialect === 'gemini' ? 'gemini-m' : 'm';
    const upstream = await startScriptedUpstream({
      dialect,
      keys: ['key-of-p'],
      models: [model],
      extensions,
    });
    t.after(() => upstream.close());
    const router = await startTestRouter(t, {
      config: `providers:
  p: { dialect: ${dialect}, base_url: "${upstream.url}", keys: [secret:p], models: [{ id: ${model}, vision: true }] }
routes: { default: p/${model} }
`,
      secrets: { p: 'key-of-p' },
    });
    for (const { app, client, path, headers, body, thinking } of appShapes)
      await t.test(app, async () => {
        upstream.clear();
        upstream.answer({ parts: [{ thinking: 'I think.', signature: 'c2ln' }, { text: 'Answer.' }] });
        const response = await fetch(router.url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers(router.token) },
          body: JSON.stringify(body),
        });
        const answer = await response.text();
        assert.deepEqual(upstream.refusals, []);
        assert.equal(response.status, 200, answer);
        checkClientAnswer(client, { status: 200, headers: {}, body: answer }, { stream: true });
        assert.match(answer, /Answer\./);
        const [asked] = upstream.messages;
        assert.ok(asked);
        const { user, system } = seen(asked);
        assert.match(user, /<task>Look\.<\/task>/);
        assert.match(system, /You are|Be brief/);
        if (dialect === 'anthropic') {
          const told = isObject(asked.body.thinking) ? asked.body.thinking.type : undefined;
          const on = told !== undefined && told !== 'disabled';
          if (thinking) assert.equal(on, thinking === 'on', `${told}`);
        }
      });
  });
