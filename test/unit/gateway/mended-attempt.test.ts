// A refused field is left out or said in another way, once, on the same deployment; what helped is remembered.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UpstreamRequest, UpstreamResponse } from '../../../src/core/gateway/transport.ts';
import { group, key, model, provider, routerConfig, target } from '../../tools/config-builder.ts';
import {
  ask,
  createHarness,
  frames,
  jsonAnswer,
  startRequest,
  streamAnswer,
  wholeStream,
} from '../../tools/gateway-harness.ts';
import { textOfPieces } from '../../tools/pieces.ts';

const providers = [
  provider('a', ['m'], { keys: ['one', 'two'].map((name) => key(name, { reference: `env:${name}` })) }),
  provider('b', ['m']),
  provider('chat', ['m'], { dialect: 'openai-chat' }),
  provider('google', ['gemini-3-pro'], { dialect: 'gemini' }),
];
const config = routerConfig({
  providers,
  groups: [group('g', [target('a/m'), target('b/m')])],
  routes: { default: 'g' },
});
const bodyOf = (request: UpstreamRequest | undefined) =>
  JSON.parse(textOfPieces(request?.body)) as Record<string, unknown>;
const refuse = (message: string) =>
  jsonAnswer(400, { type: 'error', error: { type: 'invalid_request_error', message } });
const served = () => streamAnswer(wholeStream('hello'));

/** Refuses while the body holds what is refused. */
function strict(rules: Record<string, (body: Record<string, unknown>) => boolean>, answer = served) {
  return (request: UpstreamRequest): UpstreamResponse => {
    const body = bodyOf(request);
    const broken = Object.entries(rules).find(([, breaks]) => breaks(body));
    return broken ? refuse(broken[0]) : answer();
  };
}

test('a refused field is dropped, the same deployment asked again, and the next request is right at once', async () => {
  const rule = {
    'context_management: Extra inputs are not permitted': (body: object) => 'context_management' in body,
  };
  const { gateway, sent, logs, exchanges } = createHarness(config, strict(rule));
  const body = { ...ask, context_management: { edits: [] } };
  const first = startRequest(gateway, body);
  await first.done;
  assert.equal(first.recorded.status, 200);
  assert.deepEqual(
    sent.map(({ url }) => new URL(url).hostname),
    ['a.test', 'a.test'],
  );
  assert.deepEqual(Object.keys(bodyOf(sent[1])), ['model', 'max_tokens', 'stream', 'messages']);
  await startRequest(gateway, body).done;
  assert.equal(sent.length, 3);
  assert.ok(!('context_management' in bodyOf(sent[2])));

  const record = exchanges.findLast(({ id }) => id === 'x1');
  assert.deepEqual(
    record?.attempts.map(({ outcome, mended }) => ({ outcome, mended })),
    [{ outcome: 'success', mended: ['context_management dropped'] }],
  );
  assert.ok(
    logs.some((line) => line.startsWith('warn x1 a/m refused the request (context_management: Extra')),
  );
  const [shown] = gateway.view().providers;
  assert.deepEqual(shown?.models[0]?.adjusted, ['context_management dropped']);
  assert.equal(shown?.models[0]?.health.state, 'ok', 'a mended refusal is no failure');
  assert.deepEqual(gateway.view().groups[0]?.targets[0]?.adjusted, ['context_management dropped']);
});

test('other keys of the model know it, other models do not', async () => {
  const { gateway, sent } = createHarness(config, (request) => {
    if (request.headers['x-api-key'] === 'value-of-env:one' && sent.length > 2) return jsonAnswer(401, {});
    return strict({ '`top_k` must be unset': (body) => 'top_k' in body })(request);
  });
  await startRequest(gateway, { ...ask, top_k: 5 }).done;
  await startRequest(gateway, { ...ask, top_k: 5 }).done;
  assert.deepEqual(
    sent.slice(2).map((request) => 'top_k' in bodyOf(request)),
    [false, false],
  );
  await startRequest(gateway, { ...ask, model: 'b/m', top_k: 5 }).done;
  assert.ok('top_k' in bodyOf(sent[4]));
});

test('different refusals of one request are mended one by one, at most three', async () => {
  const names = ['one_a', 'two_b', 'three_c', 'four_d'];
  const rules = Object.fromEntries(
    names.map((name) => [`${name}: Extra inputs are not permitted`, (body: object) => name in body]),
  );
  const upTo = (count: number) => Object.fromEntries(names.slice(0, count).map((name) => [name, 1]));
  const { gateway, sent } = createHarness(config, strict(rules));
  const three = startRequest(gateway, { ...ask, ...upTo(3) });
  await three.done;
  assert.deepEqual([three.recorded.status, sent.length], [200, 4]);

  const fresh = createHarness(config, strict(rules));
  const four = startRequest(fresh.gateway, { ...ask, ...upTo(4) });
  await four.done;
  assert.deepEqual([four.recorded.status, fresh.sent.length], [400, 4]);
  assert.match(four.recorded.body, /four_d: Extra inputs/);
  await startRequest(fresh.gateway, { ...ask, ...upTo(1) }).done;
  assert.ok('one_a' in bodyOf(fresh.sent[4]), 'what did not help in the end is not remembered');
});

test('a refusal that stays, or that names nothing of the request, goes to the client after one request more at most', async () => {
  for (const [message, requests] of [
    ['top_k: Extra inputs are not permitted', 2],
    ['nothing_of_it: Extra inputs are not permitted', 1],
  ] as const) {
    const { gateway, sent } = createHarness(config, () => refuse(message));
    const { recorded, done } = startRequest(gateway, { ...ask, top_k: 5 });
    await done;
    assert.deepEqual([recorded.status, sent.length], [400, requests]);
    assert.match(recorded.body, new RegExp(message));
  }
});

test('thinking with a foreign signature is left out for this conversation only', async () => {
  const rule = {
    'messages.1.content.0: Invalid `signature` in `thinking` block': (body: Record<string, unknown>) =>
      JSON.stringify(body.messages).includes('forged'),
  };
  const { gateway, sent } = createHarness(config, strict(rule));
  const thinking = (signature: string) => ({
    ...ask,
    messages: [
      { role: 'user', content: 'hi' },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm', signature },
          { type: 'text', text: 'ho' },
        ],
      },
      { role: 'user', content: 'go on' },
    ],
  });
  const inSession = (id: string) => ({ headers: { 'x-claude-code-session-id': id } });
  await startRequest(gateway, thinking('forged'), inSession('s1')).done;
  await startRequest(gateway, thinking('forged'), inSession('s1')).done;
  assert.equal(sent.length, 3);
  await startRequest(gateway, thinking('genuine'), inSession('s2')).done;
  assert.match(JSON.stringify(bodyOf(sent[3])), /genuine/);
  assert.equal(gateway.view().providers[0]?.models[0]?.adjusted, undefined);
});

test('changing the provider and Clear Cooldowns forget what was learnt', async () => {
  const { gateway, sent } = createHarness(
    config,
    strict({ 'top_k: Extra inputs are not permitted': (body) => 'top_k' in body }),
  );
  const again = async () => {
    sent.length = 0;
    await startRequest(gateway, { ...ask, top_k: 5 }).done;
    return sent.length;
  };
  assert.equal(await again(), 2);
  assert.equal(await again(), 1);
  gateway.clearCooldowns('a');
  assert.equal(await again(), 2);
  gateway.applyConfig({ ...config, providers: new Map(config.providers) });
  assert.equal(await again(), 1, 'a change elsewhere');
  const changed = { ...provider('a', [model('m', { context: 1 })]) };
  gateway.applyConfig({ ...config, providers: new Map([...config.providers, ['a', changed]]) });
  assert.equal(await again(), 2);
});

const chatServed = () =>
  jsonAnswer(200, {
    id: 'c',
    model: 'm',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'hello' } }],
  });

const image = {
  role: 'user',
  content: [
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } },
    { type: 'text', text: 'what is it?' },
  ],
};
const tool = {
  name: 'Grep',
  description: 'search',
  input_schema: { type: 'object', properties: { n: { type: 'integer', exclusiveMinimum: 0 } } },
};

const converted: [
  what: string,
  request: object,
  model: string,
  refusal: string,
  isRefused: (body: Record<string, unknown>) => boolean,
  expected: RegExp,
][] = [
  [
    'the limit renamed',
    {},
    'chat/m',
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    (body) => 'max_tokens' in body,
    /"max_completion_tokens":100/,
  ],
  [
    'the limit lowered',
    { max_tokens: 32000 },
    'chat/m',
    'Range of max_tokens should be [1, 8192]',
    (body) => Number(body.max_tokens) > 8192,
    /"max_tokens":8192/,
  ],
  [
    'an image named in text',
    { messages: [image] },
    'chat/m',
    'unknown variant `image_url`, expected `text`',
    (body) => JSON.stringify(body).includes('image_url'),
    /\[Image \(image\/png/,
  ],
  [
    'effort lowered',
    { output_config: { effort: 'high' } },
    'chat/m',
    "'reasoning_effort' does not support 'high'. Supported values are: 'low' and 'medium'.",
    (body) => body.reasoning_effort === 'high',
    /"reasoning_effort":"medium"/,
  ],
  [
    'the schema of the answer in words',
    { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
    'chat/m',
    'This response_format type is unavailable now',
    (body) => JSON.stringify(body).includes('json_schema'),
    /"response_format":\{"type":"json_object"\}/,
  ],
  [
    'a plain schema',
    { tools: [tool] },
    'google/gemini-3-pro',
    `Invalid JSON payload received. Unknown name "exclusiveMinimum" at 'tools[0].function_declarations[0].parameters.properties[0].value': Cannot find field.`,
    (body) => JSON.stringify(body).includes('"exclusiveMinimum":0'),
    /exclusiveMinimum: 0/,
  ],
  [
    'a Google field dropped',
    { top_k: 5 },
    'google/gemini-3-pro',
    `Invalid JSON payload received. Unknown name "top_k" at 'generation_config': Cannot find field.`,
    (body) => JSON.stringify(body).includes('topK'),
    /"generationConfig":\{"maxOutputTokens":100\}/,
  ],
];

for (const [what, request, name, refusal, isRefused, expected] of converted)
  test(`a converted request is written anew by the converter: ${what}`, async () => {
    const answer = name.startsWith('chat')
      ? chatServed
      : () =>
          jsonAnswer(200, {
            candidates: [{ finishReason: 'STOP', content: { role: 'model', parts: [{ text: 'hello' }] } }],
          });
    const { gateway, sent } = createHarness(config, strict({ [refusal]: isRefused }, answer));
    const { recorded, done } = startRequest(gateway, { ...ask, ...request, stream: false, model: name });
    await done;
    assert.equal(recorded.status, 200, recorded.body);
    assert.equal(sent.length, 2);
    assert.match(JSON.stringify(bodyOf(sent[1])), expected);
  });

test('a request that is relayed between chats is mended too', async () => {
  const refusal = "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.";
  const { gateway, sent } = createHarness(
    config,
    strict(
      { [refusal]: (body) => 'max_tokens' in body, "Unknown parameter: 'mood'.": (body) => 'mood' in body },
      chatServed,
    ),
  );
  const body = { model: 'chat/m', max_tokens: 5, mood: 'good', messages: [{ role: 'user', content: 'hi' }] };
  const { recorded, done } = startRequest(gateway, body, { path: '/v1/chat/completions' });
  await done;
  assert.equal(recorded.status, 200, recorded.body);
  assert.equal(sent.length, 3);
  const { max_completion_tokens: limit, ...rest } = bodyOf(sent[2]);
  assert.equal(limit, 5);
  assert.ok(!('max_tokens' in rest) && !('mood' in rest));
});

test("shortened tools' names come back as the client's own, also where the dialects agree", async () => {
  const long = 'mcp__a_server_with_a_very_long_name__and_a_tool_with_a_name_that_is_no_shorter';
  const calls = (name: unknown) =>
    streamAnswer(
      frames.start() +
        `event: content_block_start\ndata: ${JSON.stringify({ type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 't', name, input: {} } })}\n\n` +
        frames.blockStop +
        frames.end,
    );
  const { gateway } = createHarness(config, (request) => {
    const [{ name }] = bodyOf(request).tools as [{ name: string }];
    return name.length > 64
      ? refuse('tools.0.custom.name: String should have at most 64 characters')
      : calls(name);
  });
  const { recorded, done } = startRequest(gateway, {
    ...ask,
    tools: [{ name: long, input_schema: { type: 'object' } }],
    tool_choice: { type: 'tool', name: long },
  });
  await done;
  assert.equal(recorded.status, 200);
  assert.ok(recorded.body.includes(`"name":"${long}"`), recorded.body);
});

test('refused betas leave the header, system messages become texts', async () => {
  const { gateway, sent } = createHarness(config, (request) => {
    if (request.headers['anthropic-beta']?.includes('new-1'))
      return refuse('Unexpected value(s) `new-1` for the `anthropic-beta` header.');
    return strict({
      "messages.1.role: Input should be 'user' or 'assistant'": (body) =>
        JSON.stringify(body).includes('"role":"system"'),
    })(request);
  });
  const messages = [...ask.messages, { role: 'system', content: 'be brief' }];
  const { recorded, done } = startRequest(
    gateway,
    { ...ask, messages },
    { headers: { 'anthropic-beta': 'old-1,new-1' } },
  );
  await done;
  assert.equal(recorded.status, 200);
  assert.equal(sent.at(-1)?.headers['anthropic-beta'], 'old-1');
  assert.deepEqual((bodyOf(sent.at(-1)).messages as object[])[1], {
    role: 'user',
    content: '<system-reminder>\nbe brief\n</system-reminder>',
  });
});
