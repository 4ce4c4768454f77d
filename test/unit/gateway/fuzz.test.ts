// Garbage from clients and from providers, of every dialect to every other: the gateway answers each request once, in the
// client's own dialect, without mistakes of its own, and keeps nothing of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type DialectId, dialectIds } from '../../../src/core/dialects/dialect.ts';
import type { UpstreamRequest, UpstreamResponse } from '../../../src/core/gateway/transport.ts';
import { checkClientAnswer } from '../../tools/client-grammar.ts';
import { bodyFor, type Wish } from '../../tools/client-wishes.ts';
import { provider, routerConfig } from '../../tools/config-builder.ts';
import { createHarness, startRequest } from '../../tools/gateway-harness.ts';
import { textOfPieces } from '../../tools/pieces.ts';
import { sides } from '../../tools/scripted-upstream-sides.ts';
import type { PartsAnswer, RecordedRequest } from '../../tools/scripted-upstream-types.ts';
import { seeded } from '../../tools/seeded.ts';
import { garbageOf } from '../dialects/garbage.ts';

type Pick = (below: number) => number;

const words =
  `type text content role user assistant system model messages input contents parts tools tool_choice stream max_tokens
   tool_use tool_result thinking signature image document source data id name function function_call call_id arguments
   functionCall functionResponse inlineData mimeType generationConfig systemInstruction thinkingConfig reasoning summary
   encrypted_content output output_text input_text tool_calls tool_call_id reasoning_content reasoning_details image_url
   response_format json_schema schema choices delta message index finish_reason stop usage error code status candidates
   finishReason STOP usageMetadata promptTokenCount response response.created response.completed response.failed
   response.output_item.added response.output_item.done response.output_text.delta message_start message_delta
   message_stop content_block_start content_block_delta content_block_stop content_block item item_id output_index
   promptFeedback thought thoughtSignature args __proto__ constructor toString $ref properties anyOf`.split(
    /\s+/,
  );

const { randomValue, disturb } = garbageOf(words);

const paths: Readonly<Record<DialectId, (stream: boolean) => string>> = {
  anthropic: () => '/v1/messages',
  'openai-chat': () => '/v1/chat/completions',
  'openai-responses': () => '/v1/responses',
  gemini: (stream) => `/v1beta/models/any:${stream ? 'streamGenerateContent' : 'generateContent'}`,
};

const otherPaths = [
  '/v1/messages/count_tokens',
  '/v1beta/models/any:countTokens',
  '/v1beta/models/any:embedContent',
  '/v1beta/models/any:batchEmbedContents',
  '/v1beta/models/any:predict',
  '/v1/embeddings',
  '/v1/completions',
  '/v1/rerank',
  '/v1/moderations',
  '/v1/models',
  '/v1/nothing',
];

const config = routerConfig({
  providers: dialectIds.map((dialect) => provider(dialect, ['m'], { dialect })),
  resilience: { retries: 0, maxAttempts: 1, maxWait: 0 },
});

const wish: Wish = {
  system: 'Be brief.',
  turns: [{ user: [{ text: 'Look.' }, { png: 'iVBORw0KGgoAAAA=' }, { pdf: 'JVBERi0xLjQK' }] }],
  tools: [{ name: 'look_up', schema: { properties: { word: { type: 'string' } } } }],
  choice: 'auto',
  thinking: true,
};

const answer: PartsAnswer = {
  parts: [
    { thinking: 'I should look.', signature: 'c2ln' },
    { text: 'Looking it up, 漢字.' },
    { tool: 'look_up', input: { word: 'points' } },
    { webSearch: 'points', results: [{ title: 'T', url: 'https://e.org/' }] },
  ],
};
const context = { model: 'm', id: '1', usage: { input: 10, output: 5, cacheRead: 3 } };

/** A good answer's events, or its whole body, as a provider of the dialect sends them. */
async function good(dialect: DialectId, stream: boolean): Promise<string[]> {
  if (!stream) return [JSON.stringify(sides[dialect].whole(answer, context))];
  const frames: string[] = [];
  const write = async (bytes: string | Uint8Array) => void frames.push(String(bytes));
  const request = { body: { stream_options: { include_usage: true } } } as unknown as RecordedRequest;
  await sides[dialect].stream(answer, context, { write, control: async () => false }, request);
  return frames;
}

function response(body: AsyncIterable<Uint8Array>, stream: boolean, status = 200): UpstreamResponse {
  const type = stream && status === 200 ? 'text/event-stream' : 'application/json';
  return { status, headers: { 'content-type': type }, body };
}

async function* chunks(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? new TextEncoder().encode(part) : part;
}

/** A good answer to whatever the gateway asks a provider for. */
async function goodAnswer({ url, body }: UpstreamRequest): Promise<UpstreamResponse> {
  const { hostname } = new URL(url);
  const dialect = dialectIds.find((id) => hostname.startsWith(id)) ?? assert.fail(url);
  const stream = url.includes(':stream') || JSON.parse(textOfPieces(body)).stream === true;
  return response(chunks(...(await good(dialect, stream))), stream);
}

/** A frame whose JSON is disturbed, or replaced. */
function spoiled(frame: string, pick: Pick): string {
  const at = frame.indexOf('{');
  const value: unknown = at === -1 ? {} : JSON.parse(frame.slice(at));
  const changed = pick(4) === 0 ? randomValue(pick) : disturb(value, pick);
  return `${at === -1 ? 'data: ' : frame.slice(0, at)}${JSON.stringify(changed)}\n\n`;
}

/** One answer of a provider that has lost its mind, in one of the ways in which such answers differ. */
async function* mad(frames: readonly string[], pick: Pick): AsyncGenerator<Uint8Array> {
  const way = pick(7);
  const text = frames.join('');
  if (way === 0) yield* chunks(...frames.map((frame) => (pick(4) === 0 ? spoiled(frame, pick) : frame)));
  else if (way === 1) yield* chunks(text.slice(0, pick(text.length)));
  else if (way === 2) {
    yield* chunks(text.slice(0, pick(text.length)));
    throw new Error('reset');
  } else if (way === 3) yield* chunks(...frames.filter(() => pick(4) !== 0));
  else if (way === 4) yield* chunks(...Array.from({ length: 1 + pick(5) }, () => spoiled('', pick)));
  else if (way === 5) {
    const bytes = new TextEncoder().encode(text);
    for (let hit = 0; hit < 5; hit++) bytes[pick(bytes.length)] = pick(256);
    yield bytes;
  } else yield* chunks(...frames.flatMap((frame) => (pick(4) === 0 ? [frame, frame] : [frame])));
}

interface Asked {
  client: DialectId;
  upstream: DialectId;
  stream: boolean;
}

/** Resolves when the gateway is through; fails where that takes longer than an answer without any waiting can. */
async function ask(harness: ReturnType<typeof createHarness>, asked: Asked, body: unknown) {
  const { client, upstream, stream } = asked;
  harness.gateway.clearCooldowns();
  const path = paths[client](stream).replace('any', `${upstream}%2Fm`);
  const run = startRequest(harness.gateway, body, { path, ...(stream ? { query: 'alt=sse' } : {}) });
  let watch: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    watch = setTimeout(() => reject(new Error(`hangs: ${JSON.stringify(asked)}`)), 20_000);
  });
  await Promise.race([run.done, late]).finally(() => clearTimeout(watch));
  assert.ok(run.recorded.ended, 'the answer has an end');
  return run.recorded;
}

/** What a run must leave behind: nothing. */
function checkTraces({ logs, clock }: ReturnType<typeof createHarness>): void {
  assert.deepEqual(
    logs.filter((line) => line.includes('unexpected: ')),
    [],
  );
  // One tells the view when the next cooldown ends.
  assert.ok(clock.waiting.length <= 1, `timers are left: ${clock.waiting}`);
}

const ends: Readonly<Record<DialectId, RegExp>> = {
  anthropic: /message_stop|"type":"error"/,
  'openai-chat': /^data: (?:\[DONE\]|\{"error":)/,
  'openai-responses': /"type":"response\.(?:completed|incomplete|failed)"/,
  gemini: /"(?:finishReason|error)":/,
};

function checkEnd({ client, stream }: Asked, body: string): void {
  if (stream)
    assert.match(
      body
        .trim()
        .split(/\r?\n\r?\n/)
        .at(-1) ?? '',
      ends[client],
    );
  else JSON.parse(body);
}

function eachPair(run: (asked: Asked) => Promise<void>): Promise<void> {
  const pairs = dialectIds.flatMap((client) =>
    dialectIds.flatMap((upstream) => [true, false].map((stream) => ({ client, upstream, stream }))),
  );
  return pairs.reduce((before, asked) => before.then(() => run(asked)), Promise.resolve());
}

test('good answers pass between all dialects', async () => {
  await eachPair(async (asked) => {
    const harness = createHarness(config, goodAnswer);
    const recorded = await ask(
      harness,
      asked,
      bodyFor(asked.client, wish, `${asked.upstream}/m`, asked.stream),
    );
    assert.equal(recorded.status, 200, recorded.body);
    checkClientAnswer(asked.client, recorded, asked);
    checkTraces(harness);
  });
});

test('providers: spoiled, cut, broken off, doubled and random answers become answers or errors of the client’s dialect', async () => {
  const pick = seeded(31);
  let answers = 0;
  await eachPair(async (asked) => {
    const frames = await good(asked.upstream, asked.stream);
    const harness = createHarness(config, () => response(mad(frames, pick), asked.stream));
    for (let round = 0; round < 60; round++) {
      const body = bodyFor(asked.client, wish, `${asked.upstream}/m`, asked.stream);
      const recorded = await ask(harness, asked, body);
      try {
        // Between ends of the same dialect, what came is passed on; its end has to be one all the same.
        if (asked.client === asked.upstream && recorded.status === 200) checkEnd(asked, recorded.body);
        else checkClientAnswer(asked.client, recorded, asked);
      } catch (error) {
        assert.fail(`${JSON.stringify(asked)} round ${round}: ${error}\n${recorded.body.slice(0, 3000)}`);
      }
      if (recorded.status === 200) answers++;
    }
    checkTraces(harness);
  });
  assert.ok(answers > 300 && answers < 1800, `${answers} of 1920 were answers`);
});

test('providers: errors of any status and body', async () => {
  const pick = seeded(32);
  const statuses = [300, 400, 401, 403, 404, 418, 429, 500, 503, 529, 599];
  await eachPair(async (asked) => {
    const harness = createHarness(config, () => {
      const bodies = [
        JSON.stringify(randomValue(pick)),
        '<html>Bad gateway</html>',
        '',
        '{"error":',
        '\u0000',
      ];
      return response(chunks(String(bodies[pick(bodies.length)])), false, statuses[pick(statuses.length)]);
    });
    for (let round = 0; round < 15; round++) {
      const body = bodyFor(asked.client, wish, `${asked.upstream}/m`, asked.stream);
      const recorded = await ask(harness, asked, body);
      assert.ok(recorded.status >= 400);
      checkClientAnswer(asked.client, recorded, asked);
    }
    checkTraces(harness);
  });
});

test('clients: disturbed and random bodies are refused in their dialect or answered', async () => {
  const pick = seeded(33);
  let answers = 0;
  let refusals = 0;
  await eachPair(async (asked) => {
    const harness = createHarness(config, goodAnswer);
    for (let round = 0; round < 60; round++) {
      const whole = bodyFor(asked.client, wish, `${asked.upstream}/m`, asked.stream);
      const text = JSON.stringify(whole);
      const ways = [
        () => disturb(whole, pick),
        () => disturb(whole, pick),
        () => ({ ...whole, [String(words[pick(words.length)])]: randomValue(pick) }),
        () => randomValue(pick),
        () => text.slice(0, pick(text.length)),
      ];
      const sent = ways[pick(ways.length)]?.();
      const recorded = await ask(harness, asked, sent ?? 'undefined');
      if (recorded.status === 200) answers++;
      else {
        refusals++;
        const what = `${JSON.stringify(asked)} ${JSON.stringify(sent)?.slice(0, 2000)}\n${recorded.body}`;
        assert.ok(recorded.status < 500, what);
        checkClientAnswer(asked.client, recorded, asked);
      }
    }
    checkTraces(harness);
  });
  assert.ok(answers > 300 && refusals > 300, `${answers} answers, ${refusals} refusals`);
});

test('other endpoints: random bodies are answered or refused in JSON', async () => {
  const pick = seeded(34);
  const harness = createHarness(config, goodAnswer);
  const counted = ['anthropic/m', 'openai-chat/m', 'gemini/m', 'nobody'];
  for (const path of otherPaths)
    for (let round = 0; round < 60; round++) {
      const model = String(counted[pick(counted.length)]);
      const whole = {
        model,
        messages: [],
        contents: [],
        input: 'x',
        prompt: 'x',
        documents: ['x'],
        query: 'x',
      };
      const body = [() => disturb(whole, pick), () => randomValue(pick), () => '{"model":'][pick(3)]?.();
      const asked = path.replace('any', encodeURIComponent(model));
      const { recorded, done } = startRequest(harness.gateway, body ?? 'undefined', { path: asked });
      await done;
      assert.ok(recorded.ended);
      assert.ok(recorded.status !== 500 && recorded.status >= 200, `${asked}: ${recorded.body}`);
      JSON.parse(recorded.body);
    }
  checkTraces(harness);
});

/** In pieces as they come from a socket. */
function pieces(text: string): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const size = 64 * 1024;
  const count = Math.ceil(bytes.length / size);
  return chunks(...Array.from({ length: count }, (_, at) => bytes.subarray(at * size, (at + 1) * size)));
}

test('lines of 10 MB, from providers and clients, are read or refused, and let go', async () => {
  const long = 'x'.repeat(10_000_000);
  const before = heap();
  for (const [at, client] of dialectIds.entries()) {
    const upstream = dialectIds[(at + 1) % dialectIds.length] ?? client;
    for (const stream of [true, false]) {
      const asked = { client, upstream, stream };
      const body = bodyFor(client, wish, `${upstream}/m`, stream);
      const line = stream ? `data: ${JSON.stringify({ type: 'x', text: long })}\n\n` : `{"text":"${long}"}`;
      for (const sent of [line, `data: ${long}`]) {
        const harness = createHarness(config, () => response(pieces(sent), stream));
        checkClientAnswer(client, await ask(harness, asked, body), asked);
        checkTraces(harness);
      }
    }
    const harness = createHarness(config, goodAnswer);
    const asked = { client, upstream, stream: false };
    const big = bodyFor(client, { turns: [{ user: [{ text: long }] }] }, `${upstream}/m`, false);
    checkClientAnswer(client, await ask(harness, asked, big), asked);
    checkClientAnswer(client, await ask(harness, asked, long), asked);
  }
  assert.ok(heap() - before < 60_000_000, `${(heap() - before) / 1e6} MB are kept`);
});

/** Bytes in use after all garbage is gone. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
