// What routing changes in a request before it goes on: subagent tags and a rule's effort. All other bytes pass.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeCondition } from '../../../src/core/rules/conditions.ts';
import { provider, routerConfig, target } from '../../tools/config-builder.ts';
import { createHarness, startRequest, streamAnswer, wholeStream } from '../../tools/gateway-harness.ts';
import { textOfPieces } from '../../tools/pieces.ts';

const config = routerConfig({
  providers: [provider('a', ['m', 'x'])],
  routes: { default: 'a/m' },
  rules: [
    {
      name: 'hard',
      conditions: [makeCondition('text', 'hard')],
      to: target('a/x'),
      effort: 'max',
    },
  ],
});

async function sentFor(raw: string, headers: Record<string, string> = {}) {
  const { gateway, sent, exchanges } = createHarness(config, () => streamAnswer(wholeStream('ok')));
  const { recorded, done } = startRequest(gateway, raw, { headers });
  await done;
  assert.equal(recorded.status, 200);
  return {
    body: textOfPieces(sent[0]?.body),
    headers: sent[0]?.headers ?? {},
    record: exchanges.at(-1),
    answer: recorded.headers,
  };
}

test('a tag picks the model and is not sent on; the rest of the bytes is', async () => {
  const raw = (text: string, model: string) =>
    `{ "model":"${model}", "odd": 1.0,\n "messages":[{"role":"user","content":"${text}"}], "max_tokens": 5, "stream": true }`;
  const { body, record } = await sentFor(
    raw('<CCR-SUBAGENT-MODEL>a,x</CCR-SUBAGENT-MODEL> Go.', 'claude-opus-5-5'),
  );
  assert.equal(body, raw('Go.', 'x'));
  assert.equal(record?.route, 'subagent');
  assert.equal(record?.reason, 'a subagent tag names a,x');
});

test('a rule sets the effort in the bytes, and says why in the answer', async () => {
  const raw = (effort: string, model: string) =>
    `{ "model":"${model}", "odd": 1.0, "output_config":{"effort":"${effort}"}, "messages":[{"role":"user","content":"This is hard."}], "max_tokens": 5, "stream": true }`;
  const { body, answer } = await sentFor(raw('low', 'claude-opus-5-5'));
  assert.equal(body, raw('max', 'x'));
  assert.equal(answer['x-switchyard-route'], 'rule');
  assert.equal(answer['x-switchyard-reason'], 'rule "hard": "hard" in the text');
});

test('what the router is told by headers stays with it', async () => {
  const raw = '{"model":"m","messages":[{"role":"user","content":"Hi"}],"max_tokens":5,"stream":true}';
  const { headers } = await sentFor(raw, {
    'x-switchyard-profile': 'none',
    'x-switchyard-workspace': '/home/me/secret',
    'x-app': 'cli',
  });
  assert.deepEqual(
    Object.keys(headers).filter((name) => name.startsWith('x-')),
    ['x-app', 'x-api-key'],
  );
});
