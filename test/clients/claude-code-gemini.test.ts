// The real Claude Code CLI in front of a Gemini upstream that is as strict as Google: tool loops with thought signatures,
// images in results, web searches.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { ensureClaudeCode } from '../../src/dev/claude-code.ts';
import { ClaudeCode } from '../tools/claude-code.ts';
import { png } from './files.ts';
import { startRouter } from './router.ts';

interface Part {
  text?: string;
  thought?: boolean;
  thoughtSignature?: string;
  functionCall?: { id?: string; name: string; args?: object };
  functionResponse?: { id?: string; name: string; response: { output?: string; error?: string } };
  inlineData?: { mimeType: string; data: string };
}
interface Body {
  contents: { role: string; parts: Part[] }[];
  systemInstruction?: { parts: Part[] };
  tools?: { functionDeclarations?: object[]; googleSearch?: object }[];
  generationConfig: Record<string, unknown>;
}
interface Answer {
  parts: Part[];
  grounding?: object;
}

/** What Google would refuse; undefined when it would not. */
function objection({ contents, generationConfig }: Body, path: string): string | undefined {
  if (!/^\/v1beta\/models\/gemini-3-flash:(?:streamGenerateContent\?alt=sse|generateContent)$/.test(path))
    return `no such path: ${path}`;
  if (!generationConfig) return 'generationConfig is missing';
  for (const [at, { role, parts }] of contents.entries()) {
    if (role !== (at % 2 === 0 ? 'user' : 'model')) return `contents[${at}]: wrong role ${role}`;
    if (parts.length === 0) return `contents[${at}]: no parts`;
    const calls = parts.filter((part) => part.functionCall);
    if (calls.length === 0) continue;
    if (!calls[0]?.thoughtSignature) return `contents[${at}]: function call is missing a thought_signature`;
    const results = contents[at + 1]?.parts.filter((part) => part.functionResponse) ?? [];
    if (results.length !== calls.length)
      return `contents[${at}]: ${calls.length} calls, ${results.length} results`;
    for (const [index, { functionResponse }] of results.entries())
      if (functionResponse?.id !== calls[index]?.functionCall?.id)
        return `contents[${at}]: results out of order`;
  }
  return undefined;
}

/** Answers in order to requests with tools or a search; side requests get a word. */
async function startGoogle(t: TestContext, answers: Answer[]) {
  const seen: Body[] = [];
  const refusals: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Body;
      const problem =
        request.headers['x-goog-api-key'] === 'google-key'
          ? objection(body, String(request.url))
          : 'API key not valid';
      if (problem !== undefined) {
        refusals.push(problem);
        response.writeHead(400, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ error: { code: 400, message: problem, status: 'INVALID_ARGUMENT' } }));
        return;
      }
      if (body.tools) seen.push(body);
      const answer = (body.tools ? answers.shift() : undefined) ?? { parts: [{ text: 'ok' }] };
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const part of answer.parts)
        response.write(
          `data: ${JSON.stringify({ candidates: [{ content: { role: 'model', parts: [part] } }] })}\r\n\r\n`,
        );
      const last = {
        candidates: [
          { content: { role: 'model', parts: [{ text: '' }] }, finishReason: 'STOP', ...answer.grounding },
        ],
        usageMetadata: { promptTokenCount: 5000, candidatesTokenCount: 9, totalTokenCount: 5009 },
      };
      response.end(`data: ${JSON.stringify(last)}\r\n\r\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = {
    dialect: 'gemini',
    base_url: url,
    keys: ['env:GOOGLE_KEY'],
    models: [{ id: 'gemini-3-flash', vision: true, pdf: true }],
  };
  return { seen, refusals, provider };
}

async function start(t: TestContext, ...answers: Answer[]) {
  await ensureClaudeCode();
  const google = await startGoogle(t, answers);
  const config = { providers: { google: google.provider }, routes: { default: 'google/gemini-3-flash' } };
  const router = await startRouter(config, { GOOGLE_KEY: 'google-key' });
  t.after(() => router.stop());
  const claude = await ClaudeCode.create(router);
  t.after(() => claude.close());
  return { ...google, claude, answers };
}

const bash = (id: string, command: string) => ({ functionCall: { id, name: 'Bash', args: { command } } });

test('a tool loop: signatures come back to Google, thoughts are shown, results fit their calls', async (t) => {
  const { claude, seen, refusals } = await start(
    t,
    {
      parts: [
        { text: 'I should look.', thought: true },
        { ...bash('call_a', 'echo first'), thoughtSignature: 'U0lHMQ==' },
        bash('call_b', 'echo second'),
      ],
    },
    { parts: [{ text: 'One more.' }, { ...bash('call_a', 'exit 3'), thoughtSignature: 'U0lHMg==' }] },
    { parts: [{ text: 'All ' }, { text: 'done.', thoughtSignature: 'U0lHMw==' }] },
    { parts: [{ text: 'Again.' }] },
  );
  const run = await claude.run('Look');
  assert.deepEqual(refusals, []);
  assert.equal(run.text, 'All done.');
  assert.match(JSON.stringify(run.messages), /I should look\./);
  assert.deepEqual(run.toolResults.slice(0, 2).sort(), ['first', 'second']);
  const resumed = await claude.run('More', { args: ['--resume', run.sessionId] });
  assert.equal(resumed.text, 'Again.');
  const turns = seen.at(-1)?.contents.filter(({ role }) => role === 'model') ?? [];
  assert.deepEqual(
    turns.map(({ parts }) => parts.map(({ thoughtSignature }) => thoughtSignature)),
    [['U0lHMQ==', undefined], [undefined, 'U0lHMg=='], [undefined]],
  );
  const ids = turns.flatMap(({ parts }) => parts.flatMap((part) => part.functionCall?.id ?? []));
  assert.deepEqual(ids, ['call_a', 'call_b', 'call_a-2']);
  const errors = seen.flatMap(({ contents }) =>
    contents.flatMap(({ parts }) => parts.flatMap((part) => part.functionResponse?.response.error ?? [])),
  );
  assert.match(errors.join(), /Exit code 3/);
});

test('an image that a tool read reaches the model', async (t) => {
  const { claude, seen, refusals, answers } = await start(t);
  const file_path = await claude.write('red.png', png);
  const read = { functionCall: { id: 'c', name: 'Read', args: { file_path } }, thoughtSignature: 'UzE=' };
  answers.push({ parts: [read] }, { parts: [{ text: 'Red.' }] });
  const run = await claude.run('What is on it?');
  assert.deepEqual(refusals, []);
  assert.equal(run.text, 'Red.');
  const media = seen
    .at(-1)
    ?.contents.at(-1)
    ?.parts.flatMap(({ inlineData }) => inlineData ?? []);
  assert.deepEqual(media, [{ mimeType: 'image/png', data: png.toString('base64') }]);
});

test("a web search is Google's, with the links that it found", async (t) => {
  const groundingMetadata = {
    webSearchQueries: ['weather'],
    groundingChunks: [{ web: { uri: 'https://weather.test/', title: 'Weather' } }],
  };
  const search = { functionCall: { id: 's', name: 'WebSearch', args: { query: 'weather' } } };
  const select = { functionCall: { id: 't', name: 'ToolSearch', args: { query: 'select:WebSearch' } } };
  const { claude, seen, refusals } = await start(
    t,
    { parts: [{ ...select, thoughtSignature: 'UzA=' }] },
    { parts: [{ ...search, thoughtSignature: 'UzE=' }] },
    { parts: [{ text: 'Sunny.' }], grounding: { groundingMetadata } },
    { parts: [{ text: 'It is sunny.' }] },
  );
  const run = await claude.run('Weather?');
  assert.deepEqual(refusals, []);
  assert.equal(run.text, 'It is sunny.');
  assert.deepEqual(seen[2]?.tools, [{ googleSearch: {} }]);
  const result = run.toolResults.join();
  assert.match(result, /https:\/\/weather\.test\//);
  assert.match(result, /Sunny\./);
});
