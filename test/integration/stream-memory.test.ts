// A stream takes minutes and its request may have megabytes: once its content flows, the router holds nothing of the
// request any more.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { stringify } from 'yaml';
import { answersOf, type BenchDialect, benchDialects } from '../../bench/answers.ts';
import { temporaryFolder } from '../tools/router-harness.ts';

const program = join(import.meta.dirname, '..', '..', 'bench', 'programs', 'soaked.ts');
const megabyte = 1024 ** 2;
const streams = 4;

/** Reads each request to its end and answers a stream of which the end never comes. */
async function startHangingUpstream(t: TestContext, dialect: BenchDialect): Promise<string> {
  const frames = Buffer.concat(answersOf(dialect).frames.slice(0, 12));
  const server = createServer((request, response) => {
    request
      .resume()
      .on('end', () => response.writeHead(200, { 'content-type': 'text/event-stream' }).write(frames));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface WatchedRouter {
  url: string;
  token: string;
  /** Megabytes after a collection. */
  held(): Promise<number>;
}

async function startWatchedRouter(
  t: TestContext,
  dialect: BenchDialect,
  upstream: string,
): Promise<WatchedRouter> {
  const home = temporaryFolder(t);
  const file = join(home, 'config.yaml');
  const provider = { dialect, base_url: upstream, keys: ['env:BENCH_KEY'], models: ['bench-model'] };
  writeFileSync(
    file,
    stringify({ providers: { upstream: provider }, routes: { default: 'upstream/bench-model' } }),
  );
  const child = spawn(process.execPath, ['--expose-gc', program, home, file], {
    env: { PATH: process.env.PATH ?? '', HOME: home, BENCH_KEY: 'sk-bench-0000000000000000' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  t.after(() => {
    child.kill('SIGKILL');
    return ended;
  });
  const lines = createInterface(child.stdout);
  const next = async () => JSON.parse(String((await once(lines, 'line'))[0])) as Record<string, unknown>;
  const { url, token } = await next();
  const held = async () => {
    const answer = next();
    child.stdin.write('read\n');
    const { heap, external } = await answer;
    return Number(heap) + Number(external);
  };
  return { url: String(url), token: String(token), held };
}

/** A conversation of about a megabyte in many small parts, which are larger parsed than as text. */
function question(dialect: BenchDialect): { path: string; body: string } {
  const turns = Array.from({ length: 8_000 }, (_, index) => `Part ${index}: ${'abcdefgh '.repeat(6)}`);
  const messages = turns.map((text, index) => ({
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: text,
  }));
  messages.push({ role: 'user', content: 'What now?' });
  switch (dialect) {
    case 'anthropic':
      return {
        path: '/v1/messages',
        body: JSON.stringify({ model: 'any', max_tokens: 100, messages, stream: true }),
      };
    case 'openai-chat':
      return { path: '/v1/chat/completions', body: JSON.stringify({ model: 'any', messages, stream: true }) };
    case 'openai-responses':
      return { path: '/v1/responses', body: JSON.stringify({ model: 'any', input: messages, stream: true }) };
    case 'gemini': {
      const contents = messages.map(({ role, content }) => ({
        role: role === 'user' ? 'user' : 'model',
        parts: [{ text: content }],
      }));
      return {
        path: '/v1beta/models/any:streamGenerateContent?alt=sse',
        body: JSON.stringify({ contents }),
      };
    }
  }
}

for (const upstreamDialect of ['anthropic', 'openai-chat'] as const)
  for (const dialect of benchDialects)
    test(`a flowing stream does not hold its request: ${dialect} → ${upstreamDialect}`, async (t) => {
      const upstream = await startHangingUpstream(t, upstreamDialect);
      const router = await startWatchedRouter(t, upstreamDialect, upstream);
      const { path, body } = question(dialect);
      const leave = new AbortController();
      t.after(() => leave.abort());
      const ask = async () => {
        const answer = await fetch(router.url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${router.token}` },
          body,
          signal: leave.signal,
        });
        const reader = answer.body?.getReader();
        let text = '';
        while (!text.includes('lorem')) {
          const piece = await reader?.read();
          if (!piece || piece.done) assert.fail(`${answer.status} ${text}`);
          text += new TextDecoder().decode(piece.value);
        }
      };
      // What is loaded and compiled for the first one stays.
      await ask();
      const before = await router.held();
      await Promise.all(Array.from({ length: streams }, ask));
      const perStream = ((await router.held()) - before) / streams;
      const size = Buffer.byteLength(body) / megabyte;
      assert.ok(perStream < size / 4, `${perStream.toFixed(2)} MB for a request of ${size.toFixed(2)} MB`);
    });
