import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demoUrl } from '../../../src/core/demo/demo-address.ts';
import { createDemoTransport } from '../../../src/core/demo/demo-transport.ts';
import { readAll } from '../../../src/core/gateway/bytes.ts';
import { fixedRandom, ManualClock } from '../../tools/manual-clock.ts';

async function ask(body: Record<string, unknown>): Promise<{ status: number; text: string }> {
  const clock = new ManualClock();
  const transport = createDemoTransport(clock, fixedRandom());
  const answer = await transport.send({
    url: `${demoUrl}/v1/messages?beta=true`,
    method: 'POST',
    headers: {},
    body: [new TextEncoder().encode(JSON.stringify({ model: 'm', max_tokens: 10, ...body }))],
    connectTimeout: 1,
    signal: new AbortController().signal,
  });
  let bytes: Uint8Array | undefined;
  const reading = readAll(answer.body, 1e6, 'fail').then((all) => {
    bytes = all;
  });
  while (!bytes) await clock.advance(100);
  await reading;
  return { status: answer.status, text: new TextDecoder().decode(bytes) };
}
const bash = { name: 'Bash', input_schema: { type: 'object' } };

test('the demo says in every text that it is no model', async () => {
  const { text } = await ask({ messages: [{ role: 'user', content: 'hello' }] });
  const message = JSON.parse(text);
  assert.match(message.content[0].text, /^\[Switchyard demo\] This is not a model/);
  assert.equal(message.stop_reason, 'end_turn');
  assert.ok(message.usage.input_tokens > 0);
});

test('the demo streams word by word', async () => {
  const { text } = await ask({ stream: true, messages: [{ role: 'user', content: 'hello' }] });
  assert.ok((text.match(/text_delta/g)?.length ?? 0) > 20);
  assert.match(text, /event: message_stop/);
});

test('the demo calls a tool when asked, and reports what it returned', async () => {
  const first = JSON.parse(
    (await ask({ tools: [bash], messages: [{ role: 'user', content: 'list the files' }] })).text,
  );
  assert.equal(first.stop_reason, 'tool_use');
  assert.deepEqual(first.content[1].input.command, 'ls');
  const second = JSON.parse(
    (
      await ask({
        tools: [bash],
        messages: [
          {
            role: 'user',
            content: [{ type: 'tool_result', tool_use_id: first.content[1].id, content: 'README.md' }],
          },
        ],
      })
    ).text,
  );
  assert.match(second.content[0].text, /returned:\n\nREADME\.md/);
});

test('the demo never lets a permission check pass', async () => {
  const { text } = await ask({
    stop_sequences: ['</block>'],
    messages: [{ role: 'user', content: 'rm -rf' }],
  });
  assert.equal(JSON.parse(text).content[0].text, '<block>yes');
  const graded = await ask({
    stop_sequences: ['</severity>'],
    messages: [{ role: 'user', content: 'rm -rf' }],
  });
  assert.equal(JSON.parse(graded.text).content[0].text, '<severity>100</severity>');
});

test('the demo fills a JSON schema', async () => {
  const format = {
    type: 'json_schema',
    schema: { type: 'object', properties: { title: { type: 'string' }, tags: { type: 'array' } } },
  };
  const { text } = await ask({ output_config: { format }, messages: [{ role: 'user', content: 'x' }] });
  assert.deepEqual(JSON.parse(JSON.parse(text).content[0].text), { title: 'Switchyard demo', tags: [] });
});
