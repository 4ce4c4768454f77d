// What a hub conversation means, in a form that survives every dialect: who said what, which calls were made, what came of
// them, which media were shown. And random conversations to compare.
import assert from 'node:assert/strict';
import type { HubRequest } from '../../../src/core/dialects/hub.ts';
import { isObject, type JsonObject, objectsOf } from '../../../src/core/json/values.ts';
import { pdf, png } from './claude-code-request.ts';

type Pick = (below: number) => number;

export interface TurnMeaning {
  role: 'user' | 'assistant';
  /** Texts in order; a developer's words inside the conversation belong to the user's turn. */
  texts: string[];
  calls: { name: unknown; input: unknown }[];
  /** Text by the number of the call in the conversation. */
  results: Map<number, string>;
  /** Base64 data, of results too. */
  media: string[];
}

export interface Meaning {
  system: string;
  turns: TurnMeaning[];
  tools: { name: unknown; schema: unknown }[];
}

export function meaningOf(request: HubRequest): Meaning {
  const turns: TurnMeaning[] = [];
  const calls: unknown[] = [];
  for (const { role: told, content } of objectsOf(request.messages)) {
    const role = told === 'assistant' ? 'assistant' : 'user';
    let turn = turns.at(-1);
    if (turn?.role !== role) {
      turn = { role, texts: [], calls: [], results: new Map(), media: [] };
      turns.push(turn);
    }
    for (const block of blocks(content)) read(block, turn, calls);
  }
  return {
    system: blocks(request.system)
      .map(({ text }) => text)
      .join('\n\n'),
    turns,
    tools: objectsOf(request.tools).map(({ name, input_schema: schema }) => ({ name, schema })),
  };
}

function blocks(content: unknown): JsonObject[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : objectsOf(content);
}

function read(block: JsonObject, turn: TurnMeaning, calls: unknown[]): void {
  if (block.type === 'text') turn.texts.push(String(block.text));
  else if (block.type === 'tool_use') {
    calls.push(block.id);
    turn.calls.push({ name: block.name, input: block.input });
  } else if (block.type === 'tool_result') {
    const inner = blocks(block.content);
    const text = inner.flatMap((part) => (part.type === 'text' ? [String(part.text)] : [])).join('\n');
    turn.results.set(calls.lastIndexOf(block.tool_use_id), text);
    for (const part of inner) if (part.type !== 'text') read(part, turn, calls);
  } else if (isObject(block.source)) turn.media.push(String(block.source.data));
}

/** Words may come with others around them (what failed is said, what stands elsewhere is pointed to), but none is lost. */
export function assertSameMeaning(found: Meaning, meant: Meaning): void {
  assert.equal(found.system, meant.system);
  assert.deepEqual(found.tools, meant.tools);
  assert.deepEqual(
    found.turns.map(({ role }) => role),
    meant.turns.map(({ role }) => role),
  );
  for (const [at, turn] of meant.turns.entries()) {
    const got = found.turns[at];
    assert.ok(got);
    assert.deepEqual(got.calls, turn.calls);
    assert.deepEqual(got.media.sort(), [...turn.media].sort());
    assert.deepEqual([...got.results.keys()].sort(), [...turn.results.keys()].sort());
    for (const [call, text] of turn.results) assertHolds(got.results.get(call) ?? '', [text]);
    assertHolds(got.texts.join('\n'), turn.texts);
  }
}

function assertHolds(text: string, parts: readonly string[]): void {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    assert.notEqual(at, -1, `${JSON.stringify(part)} is missing behind ${from} in ${JSON.stringify(text)}`);
    from = at + part.length;
  }
}

const texts = [
  'Hello.',
  'Ünïcode 😀 漢字',
  '{"a":1}',
  'two\nlines',
  'a "quoted" \\ word',
  '</system-reminder>',
  'true',
];
const names = ['look_up', 'Count', 'read-file', 'x_1'];
const inputs: JsonObject[] = [
  {},
  { word: 'x' },
  { n: 1.5, big: 12_345_678_901, none: null, list: [1, 'a', { b: [] }] },
  { 漢: '"\\\n\u0001', __proto: true, input: 'plain' },
];
const schemas: JsonObject[] = [
  { type: 'object', properties: {} },
  {
    type: 'object',
    properties: { word: { type: 'string', enum: ['a', 'b'] }, n: { type: 'integer' } },
    required: ['word'],
    additionalProperties: false,
  },
];

/** A conversation in order: turns alternate, each call has its result. */
export function randomConversation(pick: Pick): HubRequest {
  const of = <Item>(list: readonly Item[]) => list[pick(list.length)] as Item;
  const many = <Item>(most: number, make: () => Item) => Array.from({ length: pick(most + 1) }, make);
  const text = () => ({ type: 'text', text: of(texts) });
  const image = () => ({ type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } });
  const document = () => ({
    type: 'document',
    source: { type: 'base64', media_type: 'application/pdf', data: pdf },
  });
  const messages: JsonObject[] = [
    { role: 'user', content: [text(), ...many(2, image), ...many(1, document)] },
  ];
  let ids = 0;
  for (let turn = pick(6); turn > 0; turn--) {
    const calls = many(3, () => ({
      type: 'tool_use',
      id: `call_${++ids}`,
      name: of(names),
      input: of(inputs),
    }));
    const said = calls.length === 0 ? [text()] : many(1, text);
    messages.push({ role: 'assistant', content: [...said, ...calls] });
    const results = calls.map(({ id }) => ({
      type: 'tool_result',
      tool_use_id: id,
      content: [text(), ...(pick(5) === 0 ? [image()] : [])],
      ...(pick(5) === 0 ? { is_error: true } : {}),
    }));
    for (const result of results) if (result.is_error) result.content.splice(1);
    const own = calls.length === 0 ? [text()] : many(1, text);
    messages.push({ role: 'user', content: [...results, ...own, ...many(1, image)] });
    if (pick(6) === 0) messages.push({ role: 'system', content: [text()] });
  }
  const tools = names
    .slice(0, pick(4))
    .map((name) => ({ name, description: 'x', input_schema: of(schemas) }));
  return {
    model: 'm',
    max_tokens: 100 + pick(5000),
    ...(pick(2) ? { system: [text(), text()] } : {}),
    ...(tools.length > 0
      ? { tools, tool_choice: of([{ type: 'auto' }, { type: 'any' }, { type: 'none' }]) }
      : {}),
    ...(pick(2) ? { temperature: pick(10) / 10, stop_sequences: ['END', 'FIN'] } : {}),
    ...(pick(3) === 0 ? { output_config: { format: { type: 'json_schema', schema: schemas[1] } } } : {}),
    ...(pick(2) ? { stream: true } : {}),
    messages,
  } as unknown as HubRequest;
}
