// Requests that no sane client sends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { provider, routerConfig } from '../../tools/config-builder.ts';
import { createHarness, startRequest, streamAnswer, wholeStream } from '../../tools/gateway-harness.ts';

const config = routerConfig({
  providers: [provider('a', ['m']), provider('c', ['m'], { dialect: 'openai-chat' })],
  routes: { default: 'a/m' },
});
const user = (content: unknown) => [{ role: 'user', content }];

function nested(depth: number): string {
  const open = '{"type":"tool_result","tool_use_id":"x","content":[';
  return `[${open.repeat(depth)}${']}'.repeat(depth)}]`;
}

test('a body that is nested beyond all measure is refused, not a mistake of ours', async () => {
  const { gateway, logs } = createHarness(config, () => streamAnswer(wholeStream('hello')));
  const deepTool = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  const bodies = [
    `{"model":"a/m","max_tokens":1,"messages":[{"role":"user","content":${nested(100_000)}}]}`,
    `{"model":"c/m","max_tokens":1,"messages":[{"role":"user","content":"hi"}],"tools":[{"name":"t","input_schema":${deepTool}}]}`,
  ];
  for (const body of bodies) {
    const { recorded, done } = startRequest(gateway, body);
    await done;
    assert.equal(recorded.status, 400);
    assert.match(recorded.body, /nested too deeply/);
  }
  assert.deepEqual(
    logs.filter((line) => line.startsWith('error')),
    [],
  );
});

test('names of any length leave records, log lines and headers short', async () => {
  const { gateway, logs, exchanges, sent } = createHarness(config, () => streamAnswer(wholeStream('hello')));
  const long = 'x'.repeat(4_000_000);
  for (const model of [long, `a/${long}`, `A/${long}`, '模'.repeat(100_000)]) {
    const { recorded, done } = startRequest(
      gateway,
      {
        model,
        max_tokens: 1,
        stream: true,
        messages: user(`<CCR-SUBAGENT-MODEL>a/${long}</CCR-SUBAGENT-MODEL>`),
        metadata: { user_id: JSON.stringify({ session_id: long }) },
      },
      { headers: { 'x-claude-code-agent-id': 'y'.repeat(60_000) } },
    );
    await done;
    assert.equal(recorded.status, 200);
  }
  assert.equal(sent.length, 4);
  assert.ok(logs.every((line) => line.length < 2_000));
  assert.ok(JSON.stringify(exchanges.at(-1)).length < 4_000);
  assert.ok(JSON.stringify(gateway.exportHealth()).length < 100);
});

test('credentials in headers of any gateway stay here', async () => {
  const { gateway, sent } = createHarness(config, () => streamAnswer(wholeStream('hello')));
  const secrets = {
    'x-auth-token': 's',
    'x-portkey-api-key': 's',
    'cf-access-client-secret': 's',
    'cf-aig-authorization': 's',
  };
  const { done } = startRequest(
    gateway,
    { model: 'a/m', max_tokens: 1, stream: true, messages: user('hi') },
    { headers: { ...secrets, 'anthropic-beta': 'token-counting-2024-11-01', 'x-app': 'cli' } },
  );
  await done;
  const names = Object.keys(sent[0]?.headers ?? {});
  assert.deepEqual(
    names.filter((name) => name in secrets),
    [],
  );
  assert.ok(names.includes('anthropic-beta') && names.includes('x-app'));
});

test("a provider's own header replaces the client's, and a subscription token brings its beta, when counting too", async () => {
  const own = routerConfig({
    providers: [provider('a', ['m'], { headers: { 'user-agent': 'mine', 'anthropic-beta': 'b-1' } })],
    routes: { default: 'a/m' },
  });
  const { gateway, sent } = createHarness(own, () => streamAnswer(wholeStream('hello')), {
    readKey: () => 'sk-ant-oat01-x',
  });
  for (const path of ['/v1/messages', '/v1/messages/count_tokens']) {
    const { done } = startRequest(
      gateway,
      { model: 'a/m', max_tokens: 1, stream: true, messages: user('hi') },
      { path, headers: { 'user-agent': 'theirs', 'anthropic-beta': 'c-1' } },
    );
    await done;
    const { authorization, 'user-agent': agent, 'anthropic-beta': beta } = sent.at(-1)?.headers ?? {};
    assert.deepEqual(
      { authorization, agent, beta },
      {
        authorization: 'Bearer sk-ant-oat01-x',
        agent: 'mine',
        beta: 'b-1,oauth-2025-04-20',
      },
    );
  }
  assert.equal(sent.length, 2);
});
