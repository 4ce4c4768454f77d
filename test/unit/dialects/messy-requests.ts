// Requests that are in form but not in order, as clients send them after interruptions, edits and compactions: calls without
// results, results without calls, ids twice, turns of one role in a row, empty texts, odd names.
import type { DialectId } from '../../../src/core/dialects/dialect.ts';
import { pdf, png } from './claude-code-request.ts';

type Pick = (below: number) => number;
type Json = Record<string, unknown>;

const texts = ['Hello.', '', ' \n', 'Ünïcode 😀 漢字', '{"a":1}', 'two\nlines', '</system-reminder>'];
const names = [
  'look_up',
  'mcp__server.with.dots__tool',
  'x'.repeat(90),
  '1st',
  'tool/with/slashes',
  'Look_Up',
];
const ids = ['call_1', 'call_1', 'functions.f:0', 'ü', 'i'.repeat(80), ''];

export function messyRequest(dialect: DialectId, pick: Pick): Json {
  return { model: 'm', stream: pick(2) === 0, ...writers[dialect](new Mess(pick)) };
}

class Mess {
  readonly pick: Pick;

  constructor(pick: Pick) {
    this.pick = pick;
  }

  of<Item>(list: readonly Item[]): Item {
    const item = list[this.pick(list.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  many<Item>(most: number, make: () => Item): Item[] {
    return Array.from({ length: this.pick(most + 1) }, make);
  }

  maybe(fields: Json): Json {
    return this.pick(2) === 0 ? fields : {};
  }

  get text(): string {
    return this.of(texts);
  }

  get id(): string {
    return this.of(ids);
  }

  get name(): string {
    return this.of(names);
  }

  get input(): Json {
    return this.of<Json>([{}, { word: 'x' }, { a: [1, { b: null }], 漢: '\u0000' }]);
  }

  /** Of tools: mostly a plain object, now and then something that only some providers take. */
  get schema(): Json {
    return this.of<Json>([
      { type: 'object', properties: {} },
      { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] },
      { type: 'object', properties: { a: { anyOf: [{ type: 'string' }, { type: 'null' }] } } },
      { type: 'object', properties: { a: { $ref: '#/$defs/A' } }, $defs: { A: { type: 'number' } } },
      { type: 'object' },
      {},
    ]);
  }

  /** Names of a request's tools, all different. */
  tools<Tool>(make: (name: string) => Tool): Tool[] {
    return [...new Set(this.many(4, () => this.name))].map(make);
  }
}

const writers: Readonly<Record<DialectId, (mess: Mess) => Json>> = {
  anthropic: messyMessages,
  'openai-chat': messyChat,
  'openai-responses': messyResponses,
  gemini: messyGemini,
};

function messyMessages(mess: Mess): Json {
  const source = (media_type: string, data: string) => ({ type: 'base64', media_type, data });
  const image = () => ({ type: 'image', source: source('image/png', png) });
  const document = () => ({ type: 'document', source: source('application/pdf', pdf) });
  const text = () => ({ type: 'text', text: mess.text });
  const result = () => ({
    type: 'tool_result',
    tool_use_id: mess.id,
    ...mess.maybe({ is_error: true }),
    ...mess.maybe({ content: mess.of([mess.text, [text()], [image(), text()], [document()], []]) }),
  });
  const thinking = () => ({
    type: 'thinking',
    thinking: mess.text,
    signature: mess.of([
      '',
      'foreign',
      'sy1.up.google.U0lH',
      'sy1.up.encrypted.RU5D',
      'sy1.other.google.U0lH',
    ]),
  });
  const call = () => ({ type: 'tool_use', id: mess.id, name: mess.name, input: mess.input });
  const message = () =>
    mess.of<() => Json>([
      () => ({ role: 'user', content: mess.text }),
      () => ({ role: 'user', content: mess.many(4, mess.of<() => Json>([text, image, document, result])) }),
      () => ({ role: 'assistant', content: mess.many(4, mess.of<() => Json>([text, thinking, call])) }),
      () => ({ role: 'assistant', content: [...mess.many(1, thinking), text(), ...mess.many(3, call)] }),
      () => ({ role: 'system', content: mess.text }),
    ])();
  return {
    max_tokens: 1 + mess.pick(100_000),
    messages: [message(), ...mess.many(7, message)],
    ...mess.maybe({ system: mess.of([mess.text, [text(), text()]]) }),
    ...mess.maybe({
      tools: mess.tools((name) => ({ name, description: mess.text, input_schema: mess.schema })),
      tool_choice: mess.of<Json>([{ type: 'auto' }, { type: 'any' }, { type: 'tool', name: mess.name }]),
    }),
    ...mess.maybe({
      thinking: mess.of<Json>([{ type: 'adaptive' }, { type: 'enabled', budget_tokens: 5000 }]),
    }),
    ...mess.maybe({
      stop_sequences: mess.many(7, () => mess.text),
      temperature: mess.pick(11) / 10,
      top_k: 5,
    }),
    ...mess.maybe({ output_config: { effort: 'max', format: { type: 'json_schema', schema: mess.schema } } }),
  };
}

function messyChat(mess: Mess): Json {
  const parts = () =>
    mess.many(3, () =>
      mess.of<Json>([
        { type: 'text', text: mess.text },
        { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } },
        { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` } },
      ]),
    );
  const call = () => ({
    id: mess.id,
    type: 'function',
    function: { name: mess.name, arguments: mess.of([JSON.stringify(mess.input), '', '{"broken":']) },
  });
  const message = () =>
    mess.of<() => Json>([
      () => ({ role: mess.of(['system', 'developer']), content: mess.text }),
      () => ({ role: 'user', content: mess.of([mess.text, parts()]) }),
      () => ({ role: 'assistant', content: mess.of([mess.text, null]) }),
      () => ({
        role: 'assistant',
        content: mess.text,
        reasoning_content: mess.text,
        tool_calls: mess.many(3, call),
      }),
      () => ({ role: 'tool', tool_call_id: mess.id, content: mess.text }),
    ])();
  return {
    messages: [message(), ...mess.many(7, message)],
    ...mess.maybe({
      tools: mess.tools((name) => ({ type: 'function', function: { name, parameters: mess.schema } })),
      tool_choice: mess.of<unknown>([
        'auto',
        'required',
        { type: 'function', function: { name: mess.name } },
      ]),
    }),
    ...mess.maybe({ max_tokens: mess.pick(100_000), temperature: mess.pick(21) / 10, top_p: 0.5 }),
    ...mess.maybe({ stop: mess.many(6, () => mess.text) }),
    ...mess.maybe({ reasoning_effort: mess.of(['minimal', 'low', 'high', 'xhigh']) }),
    ...mess.maybe({ seed: 1, logit_bias: {}, user: mess.text, n: 1 }),
    ...mess.maybe({
      response_format: { type: 'json_schema', json_schema: { name: 'a', schema: mess.schema, strict: true } },
    }),
  };
}

function messyResponses(mess: Mess): Json {
  const parts = (kind: string) =>
    mess.many(3, () =>
      mess.of<Json>([
        { type: kind, text: mess.text },
        { type: 'input_image', image_url: `data:image/png;base64,${png}` },
        { type: 'input_file', filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` },
      ]),
    );
  const item = () =>
    mess.of<() => Json>([
      () => ({ role: 'user', content: mess.of([mess.text, parts('input_text')]) }),
      () => ({ type: 'message', role: 'developer', content: mess.text }),
      () => ({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: mess.text }] }),
      () => ({
        type: 'function_call',
        call_id: mess.id,
        name: mess.name,
        arguments: JSON.stringify(mess.input),
      }),
      () => ({
        type: 'function_call_output',
        call_id: mess.id,
        output: mess.of([mess.text, parts('input_text')]),
      }),
      () => ({
        type: 'reasoning',
        summary: [{ type: 'summary_text', text: mess.text }],
        encrypted_content: mess.of(['', 'gAAAAABforeign', 'sy1.up.google.U0lH', 'sy1.up.encrypted.RU5D']),
      }),
    ])();
  return {
    input: [item(), ...mess.many(9, item)],
    ...mess.maybe({ instructions: mess.text }),
    ...mess.maybe({
      tools: mess.tools((name) => ({ type: 'function', name, parameters: mess.schema, strict: false })),
      tool_choice: mess.of<unknown>(['auto', 'required', { type: 'function', name: mess.name }]),
    }),
    ...mess.maybe({ max_output_tokens: mess.pick(100_000), temperature: mess.pick(21) / 10 }),
    ...mess.maybe({ reasoning: { effort: mess.of(['minimal', 'low', 'xhigh']), summary: 'auto' } }),
    ...mess.maybe({ text: { format: { type: 'json_schema', name: 'a', schema: mess.schema } } }),
  };
}

function messyGemini(mess: Mess): Json {
  const part = () =>
    mess.of<() => Json>([
      () => ({ text: mess.text }),
      () => ({
        inlineData: mess.of([
          { mimeType: 'image/png', data: png },
          { mimeType: 'application/pdf', data: pdf },
        ]),
      }),
      () => ({ functionCall: { ...mess.maybe({ id: mess.id }), name: mess.name, args: mess.input } }),
      () => ({ functionCall: { name: mess.name, args: {} }, thoughtSignature: 'U0lH' }),
      () => ({
        functionResponse: {
          ...mess.maybe({ id: mess.id }),
          name: mess.name,
          response: { output: mess.text },
        },
      }),
      () => ({ text: mess.text, thought: true }),
    ])();
  const content = () => ({ role: mess.of(['user', 'model']), parts: [part(), ...mess.many(3, part)] });
  return {
    contents: [content(), ...mess.many(5, content)],
    ...mess.maybe({ systemInstruction: { parts: [{ text: mess.text }] } }),
    ...mess.maybe({
      tools: [{ functionDeclarations: mess.tools((name) => ({ name, parametersJsonSchema: mess.schema })) }],
      toolConfig: { functionCallingConfig: { mode: mess.of(['AUTO', 'ANY', 'NONE']) } },
    }),
    generationConfig: {
      ...mess.maybe({ maxOutputTokens: mess.pick(100_000), temperature: mess.pick(21) / 10, topK: 4 }),
      ...mess.maybe({ stopSequences: mess.many(5, () => mess.text) }),
      ...mess.maybe({ thinkingConfig: { includeThoughts: true, thinkingBudget: mess.pick(9000) } }),
      ...mess.maybe({ responseMimeType: 'application/json', responseJsonSchema: mess.schema }),
    },
  };
}
