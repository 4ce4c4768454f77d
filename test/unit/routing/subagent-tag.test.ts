import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HubRequest } from '../../../src/core/dialects/hub.ts';
import { taggedModel, withoutSubagentTags } from '../../../src/core/routing/subagent-tag.ts';

const tag = (name: string) => `<CCR-SUBAGENT-MODEL>${name}</CCR-SUBAGENT-MODEL>`;
const request = (more: object) =>
  ({ model: 'm', max_tokens: 1, messages: [], ...more }) as unknown as HubRequest;
const user = (content: unknown) => ({ role: 'user', content });

test('tags are taken out; everything else is the same object', () => {
  const kept = user('no tag');
  const image = { type: 'image', source: {} };
  const asked = request({
    system: [
      { type: 'text', text: 'a' },
      { type: 'text', text: `${tag('p,m')}\nYou explore.`, cache_control: {} },
    ],
    messages: [
      kept,
      user([image, { type: 'text', text: `Go. ${tag(' x ')} Now.` }]),
      user(`third ${tag('late')}`),
    ],
    tools: [{ name: tag('not here') }],
  });
  assert.equal(taggedModel(asked), 'p,m');
  const before = structuredClone(asked);
  const clean = withoutSubagentTags(asked);
  assert.deepEqual(asked, before, 'the original is not changed');
  assert.deepEqual(clean.system, [
    { type: 'text', text: 'a' },
    { type: 'text', text: 'You explore.', cache_control: {} },
  ]);
  assert.deepEqual(clean.messages[1]?.content, [image, { type: 'text', text: 'Go. Now.' }]);
  assert.equal(clean.messages[0], asked.messages[0]);
  assert.equal(clean.messages[2], asked.messages[2], 'only the first two turns are searched');
  assert.equal(clean.tools, asked.tools);
});

test('a text of nothing but a tag is not left empty', () => {
  const clean = withoutSubagentTags(
    request({ system: tag('x'), messages: [user([{ type: 'text', text: tag('x') }])] }),
  );
  assert.equal(clean.system, '.');
  assert.deepEqual(clean.messages[0]?.content, [{ type: 'text', text: '.' }]);
});

test('what is no tag stays', () => {
  for (const text of ['<CCR-SUBAGENT-MODEL>open', tag(' '), '</CCR-SUBAGENT-MODEL>', 'plain']) {
    const asked = request({ system: text, messages: [user(text)] });
    assert.equal(taggedModel(asked), undefined, text);
    assert.equal(withoutSubagentTags(asked), asked, text);
  }
  const odd = request({ system: 5, messages: [null, 'x', user(7), user([null, { text: 3 }])] });
  assert.equal(taggedModel(odd), undefined);
  assert.equal(withoutSubagentTags(odd), odd);
});
