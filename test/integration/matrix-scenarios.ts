// What is to work between each client and each upstream: what a user means arrives at the provider, what the provider says
// arrives at the user.
import assert from 'node:assert/strict';
import type { DialectId } from '../../src/core/dialects/dialect.ts';
import { isObject, type JsonObject, objectsOf } from '../../src/core/json/values.ts';
import { pdf, png } from '../clients/files.ts';
import { seen } from '../clients/seen.ts';
import type { Reading } from '../tools/client-readings.ts';
import type { Turn, Wish } from '../tools/client-wishes.ts';
import { failure, type RecordedRequest, type ScriptedUpstream, text } from '../tools/scripted-upstream.ts';

/** Gemini models are told apart by their names. */
export const models: Readonly<Record<DialectId, string>> = {
  anthropic: 'model-a',
  'openai-chat': 'model-c',
  'openai-responses': 'model-r',
  gemini: 'gemini-m',
};

/** One client in front of one upstream. */
export interface Pair {
  client: DialectId;
  upstream: DialectId;
  stream: boolean;
  provider: ScriptedUpstream;
  /** The model's name that the client asks for. */
  model: string;
  say(wish: Wish): Promise<Reading>;
  /** The last request that the provider got. */
  last(): RecordedRequest;
  /** Lets a provider that failed count as healthy again. */
  forget(): Promise<unknown>;
}

/** What a dialect has no words for: nothing is tested there. */
export const unsayable: { client?: DialectId; upstream?: DialectId; what: string; why: string }[] = [
  { client: 'openai-responses', what: 'stop sequences', why: 'the Responses API has none' },
  ...(['openai-chat', 'openai-responses', 'gemini'] as const).map((upstream) => ({
    upstream,
    what: 'thinking that nobody can read comes back',
    why: 'only Anthropic has redacted thinking',
  })),
];

export type Scenario = (pair: Pair) => Promise<void>;

const user = (said: string) => ({ user: [{ text: said }] });
const tools = [
  { name: 'look_up', schema: { properties: { word: { type: 'string' } }, required: ['word'] } },
  { name: 'count', schema: { properties: {} } },
];
const signature = (name: string) => Buffer.from(name).toString('base64');

export const scenarios: Record<string, Scenario> = {
  async 'text, system prompt, usage and names'({ say, last, provider, model, upstream }) {
    provider.answer({
      parts: [{ text: 'Grüße 👋 to ' }, { text: 'everybody.' }],
      usage: { input: 50, output: 20, cacheRead: 30 },
    });
    const reading = await say({ system: 'Be brief.', turns: [user('Hello?')], limit: 500 });
    assert.equal(reading.text.replace(/\s+/g, ' '), 'Grüße 👋 to everybody.');
    assert.deepEqual(reading.usage, { input: 50, output: 20, cached: 30 });
    assert.deepEqual([reading.model, reading.finish, reading.thinking], [model, 'stop', '']);
    const { system, user: asked } = seen(last());
    assert.deepEqual([system.trim(), asked.trim()], ['Be brief.', 'Hello?']);
    assert.equal(last().model, models[upstream]);
    assert.match(
      last().text,
      /(?:max_tokens|max_completion_tokens|max_output_tokens|maxOutputTokens)":500\b/,
    );
  },

  async 'two turns of tools, in parallel, with thinking that comes back signed'({
    say,
    last,
    provider,
    upstream,
  }) {
    provider.answer(
      {
        parts: [
          { thinking: 'I should look.', signature: signature('first') },
          { text: 'Looking.' },
          { tool: 'look_up', input: { word: 'points' } },
          { tool: 'look_up', input: { word: 'ladder "x"\n漢' } },
        ],
        usage: { input: 40, output: 30, reasoning: 10 },
      },
      {
        parts: [
          { thinking: 'And count.', signature: signature('second') },
          { tool: 'count', input: {} },
        ],
      },
      text('All done.'),
    );
    const wish: Wish = { turns: [user('Look both up, then count.')], tools, thinking: true };
    const first = await say(wish);
    assert.deepEqual(
      [first.text, first.thinking, first.finish],
      ['Looking.', 'I should look.', 'tool_calls'],
    );
    assert.equal(first.usage?.output, 30);
    called(first, ['look_up', { word: 'points' }], ['look_up', { word: 'ladder "x"\n漢' }]);
    wish.turns.push(
      { answer: first.turn },
      resultsOf(first, { text: 'on rails' }, { text: 'no such word', failed: true }),
    );
    const second = await say(wish);
    assert.deepEqual([second.text, second.thinking], ['', 'And count.']);
    called(second, ['count', {}]);
    wish.turns.push({ answer: second.turn }, resultsOf(second, { text: '2' }));
    const third = await say(wish);
    assert.deepEqual([third.text, third.finish], ['All done.', 'stop']);
    const { calls, results, assistant, thinking, signatures, tools: offered } = seen(last());
    assert.deepEqual(
      calls.map(({ name, input }) => [name, input]),
      [
        ['look_up', { word: 'points' }],
        ['look_up', { word: 'ladder "x"\n漢' }],
        ['count', {}],
      ],
    );
    assert.deepEqual(
      [...results.keys()],
      calls.map(({ id }) => id),
    );
    assert.match([...results.values()].join('|'), /^on rails\|.*no such word\|2$/);
    assert.equal(assistant.trim(), 'Looking.');
    assert.deepEqual(offered, ['look_up', 'count']);
    // A chat upstream signs nothing; it gets the thinking itself.
    if (upstream === 'openai-chat') assert.deepEqual(thinking, ['I should look.', 'And count.']);
    else assert.deepEqual(signatures, [signature('first'), signature('second')]);
  },

  async 'thinking that nobody can read comes back'({ say, last, provider }) {
    const redacted = Buffer.from('closed').toString('base64');
    provider.answer(
      { parts: [{ redacted }, { text: 'Looking.' }, { tool: 'count', input: {} }] },
      text('All done.'),
    );
    const wish: Wish = { turns: [user('Count.')], tools, thinking: true };
    const first = await say(wish);
    assert.deepEqual([first.text, first.finish], ['Looking.', 'tool_calls']);
    called(first, ['count', {}]);
    wish.turns.push({ answer: first.turn }, resultsOf(first, { text: '2' }));
    assert.equal((await say(wish)).text, 'All done.');
    const turn = objectsOf(last().body.messages).find(({ role }) => role === 'assistant');
    assert.deepEqual(objectsOf(turn?.content)[0], { type: 'redacted_thinking', data: redacted });
  },

  async 'images and PDFs'({ say, last, provider }) {
    provider.answer(text('Seen.'));
    const files = { png: png.toString('base64'), pdf: pdf.toString('base64') };
    await say({ turns: [{ user: [{ text: 'See:' }, { png: files.png }, { pdf: files.pdf }] }] });
    const { media, user: asked } = seen(last());
    assert.deepEqual(media, [
      { kind: 'image', data: files.png },
      { kind: 'pdf', data: files.pdf },
    ]);
    assert.match(asked, /^See:/);
  },

  async 'an answer in JSON'({ say, last, provider, upstream }) {
    provider.answer(text('{"taste":"sweet"}'));
    const schema = {
      type: 'object',
      properties: { taste: { type: 'string' } },
      required: ['taste'],
      additionalProperties: false,
    };
    const { text: answer } = await say({ turns: [user('Taste?')], schema });
    assert.deepEqual(JSON.parse(answer), { taste: 'sweet' });
    assert.deepEqual(schemaIn[upstream](last().body), schema);
  },

  async 'stop sequences'({ say, last, provider, upstream }) {
    provider.answer(text('One'));
    const { finish } = await say({ turns: [user('Count.')], stop: ['END', 'FIN'] });
    assert.equal(finish, 'stop');
    const { body } = last();
    const config = isObject(body.generationConfig) ? body.generationConfig : {};
    const fields = { anthropic: body.stop_sequences, 'openai-chat': body.stop, gemini: config.stopSequences };
    // The Responses API has none: they are left out.
    const expected = upstream === 'openai-responses' ? undefined : ['END', 'FIN'];
    assert.deepEqual({ 'openai-responses': undefined, ...fields }[upstream], expected);
  },

  async 'how tools are to be chosen'({ say, last, provider, upstream }) {
    for (const choice of ['auto', 'any', 'none', { tool: 'count' }] as const) {
      provider.answer(text('Chosen.'));
      await say({ turns: [user('Choose.')], tools, choice });
      assert.deepEqual(choiceIn[upstream](last().body), typeof choice === 'string' ? choice : choice.tool);
    }
  },

  async 'the end by length'({ say, provider, upstream }) {
    provider.answer({ parts: [{ text: 'Once upon' }], stopReason: endings[upstream].length });
    const reading = await say({ turns: [user('Tell.')], limit: 20 });
    assert.deepEqual([reading.text, reading.finish], ['Once upon', 'length']);
  },

  async 'a refusal'({ say, provider, upstream }) {
    provider.answer({ parts: [{ text: 'I ' }], stopReason: endings[upstream].refusal });
    const { finish } = await say({ turns: [user('Harm.')] });
    assert.equal(finish, 'content_filter');
  },

  async 'a web search'({ say, last, provider, upstream }) {
    const results = [{ title: 'Weather', url: 'https://weather.example/' }];
    provider.answer({ parts: [{ webSearch: 'weather', results }, { text: 'Sunny.' }] });
    const reading = await say({ turns: [user('Weather?')], search: true });
    assert.deepEqual([reading.text, reading.sources], ['Sunny.', ['https://weather.example/']]);
    assert.match(last().text, searchIn[upstream]);
  },

  async 'errors by status'({ say, provider, client, forget }) {
    for (const [status, expected] of [
      [400, 400],
      [429, 429],
      [529, client === 'gemini' ? 503 : 529],
      // The key is the router's, not the client's to mend.
      [401, 503],
    ] as const) {
      provider.answer(failure(status, { message: `No. ${status}` }));
      const error = await say({ turns: [user('Hi')] }).then(
        () => assert.fail('it should have failed'),
        (caught: Error & { status?: number }) => caught,
      );
      assert.deepEqual(
        [error.status, error.message.includes(`No. ${status}`)],
        [expected, true],
        error.message,
      );
      await forget();
    }
  },

  async 'an error in the middle'({ say, provider }) {
    provider.answer({
      parts: [{ text: 'It begins' }, { error: { type: 'overloaded_error', message: 'Too much.' } }],
    });
    await assert.rejects(say({ turns: [user('Hi')] }), /Too much\./);
  },

  async 'an answer that breaks off'({ say, provider, stream }) {
    provider.answer({ parts: [{ text: 'It begins' }, { end: stream ? 'cut' : 'reset' }] });
    await assert.rejects(say({ turns: [user('Hi')] }));
  },
};

/** The calls that were to be read, and nothing else. */
function called({ calls }: Reading, ...expected: [string, unknown][]): void {
  assert.deepEqual(
    calls.map(({ name, input }) => [name, input]),
    expected,
  );
}

/** What came of the calls, in their order. */
function resultsOf({ calls }: Reading, ...outcomes: { text: string; failed?: boolean }[]): Turn {
  return { results: calls.map(({ id = '', name }, at) => ({ id, name, text: '', ...outcomes[at] })) };
}

const endings: Readonly<Record<DialectId, { length: string; refusal: string }>> = {
  anthropic: { length: 'max_tokens', refusal: 'refusal' },
  'openai-chat': { length: 'length', refusal: 'content_filter' },
  'openai-responses': { length: 'max_output_tokens', refusal: 'content_filter' },
  gemini: { length: 'MAX_TOKENS', refusal: 'SAFETY' },
};

/** Follows names into objects. */
function at(body: unknown, ...path: string[]): unknown {
  return path.reduce((value, name) => (isObject(value) ? value[name] : undefined), body);
}

const schemaIn: Readonly<Record<DialectId, (body: JsonObject) => unknown>> = {
  anthropic: (body) => at(body, 'output_config', 'format', 'schema'),
  'openai-chat': (body) => at(body, 'response_format', 'json_schema', 'schema'),
  'openai-responses': (body) => at(body, 'text', 'format', 'schema'),
  gemini: (body) => at(body, 'generationConfig', 'responseJsonSchema'),
};

const searchIn: Readonly<Record<DialectId, RegExp>> = {
  anthropic: /"type":"web_search_20\d+"/,
  'openai-chat': /"web_search_options":\{\}/,
  'openai-responses': /"type":"web_search"/,
  gemini: /"googleSearch":\{\}/,
};

/** auto, any, none, or a tool's name. */
const choiceIn: Readonly<Record<DialectId, (body: JsonObject) => unknown>> = {
  anthropic: ({ tool_choice: choice }) => at(choice, 'name') ?? at(choice, 'type'),
  'openai-chat': ({ tool_choice: choice }) => at(choice, 'function', 'name') ?? anyOf(choice),
  'openai-responses': ({ tool_choice: choice }) => at(choice, 'name') ?? anyOf(choice),
  gemini: (body) => {
    const config = at(body, 'toolConfig', 'functionCallingConfig');
    const names = at(config, 'allowedFunctionNames');
    return Array.isArray(names) ? names[0] : String(at(config, 'mode')).toLowerCase();
  },
};

function anyOf(choice: unknown): unknown {
  return choice === 'required' ? 'any' : choice;
}
