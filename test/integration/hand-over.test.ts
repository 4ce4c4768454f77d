// A router gives its port to another one that asks for it: a newer version, a restart, a window that has its user.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isNewer } from '../../src/node/newer-version.ts';
import {
  createTestRouter,
  freePort,
  messagesBody,
  serveForTest,
  startTestRouter,
  type TestRouterOptions,
  temporaryFolder,
} from '../tools/router-harness.ts';

/** A home with a provider whose streams the test writes, and a settled port. */
async function homeWithStreams(t: TestContext) {
  const home = temporaryFolder(t);
  const port = await freePort();
  writeFileSync(join(home, 'state.json'), JSON.stringify({ port }));
  const streams: ServerResponse[] = [];
  const url = await serveForTest(t, (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(event('message_start', { message: startOfMessage }));
    response.write(event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }));
    write(response, 'first ');
    streams.push(response);
  });
  writeFileSync(
    join(home, 'config.yaml'),
    `providers:\n  p: { dialect: anthropic, base_url: "${url}", models: [m], keys: [none] }\nroutes: { default: p/m }\n`,
  );
  const options = (version: string): TestRouterOptions => ({ home, port: undefined, version });
  return { home, port, streams, options };
}

const startOfMessage = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};

function event(type: string, more: Record<string, unknown>): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
}

function write(response: ServerResponse, text: string): void {
  response.write(event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } }));
}

function end(response: ServerResponse): void {
  response.write(event('content_block_stop', { index: 0 }));
  const delta = { stop_reason: 'end_turn', stop_sequence: null };
  response.write(event('message_delta', { delta, usage: { output_tokens: 2 } }));
  response.end(event('message_stop', {}));
}

test('after an update the new version takes over; open answers run to their end', async (t) => {
  const { port, streams, options } = await homeWithStreams(t);
  const old = await startTestRouter(t, options('1.2.3'));
  const third = await startTestRouter(t, options('1.2.3'));
  await third.snapshot(({ phase }) => phase === 'following');
  await old.router.call('setPaused', { paused: false });
  const running = await old.fetch('/v1/messages', messagesBody({ stream: true }));
  assert.equal(running.status, 200);

  const fresh = await startTestRouter(t, options('1.2.10'));
  const leads = await fresh.snapshot(({ phase }) => phase === 'listening');
  assert.equal(leads.port, port);
  for (const router of [old, third]) {
    const follows = await router.until(() => {
      const last = router.snapshots.at(-1);
      return last?.phase === 'following' &&
        router.log.filter((line) => line.includes('Following')).length >= 1
        ? last
        : undefined;
    });
    assert.equal(follows.port, port);
  }
  const [stream] = streams;
  assert.ok(stream);
  write(stream, 'second');
  end(stream);
  const text = await running.text();
  assert.match(text, /first .*second.*message_stop/s);
  assert.doesNotMatch(text, /event: error/);
});

test('neither the same version nor an older one takes over', async (t) => {
  const { options } = await homeWithStreams(t);
  const leader = await startTestRouter(t, options('1.2.3'));
  for (const version of ['1.2.3', '1.1.9', '0.9.0']) {
    const other = await startTestRouter(t, options(version));
    await other.snapshot(({ phase }) => phase === 'following');
  }
  assert.equal(leader.snapshots.at(-1)?.phase, 'listening');
});

test('versions are compared number by number', () => {
  assert.equal(isNewer('1.10.0', '1.9.9'), true);
  assert.equal(isNewer('2.0.0', '1.9.9'), true);
  assert.equal(isNewer('1.0.1', '1.0.0'), true);
  assert.equal(isNewer('1.0.0', '1.0.0'), false);
  assert.equal(isNewer('1.0.0', '1.0.1'), false);
  assert.equal(isNewer('', '1.0.0'), false);
});

test('what was paused and what rests goes to the heir', async (t) => {
  const { options, home } = await homeWithStreams(t);
  writeFileSync(
    join(home, 'config.yaml'),
    'providers:\n  p: { dialect: anthropic, base_url: "http://127.0.0.1:1", models: [m], keys: [none] }\nroutes: { default: p/m }\nresilience: { max_wait: 0, retries: 0 }\n',
  );
  const old = await startTestRouter(t, options('1.0.0'));
  await (await old.fetch('/v1/messages', messagesBody())).text();
  const cooling = await old.snapshot(({ providers }) => providers[0]?.models[0]?.health.state === 'cooling');
  await old.router.call('setPaused', { paused: true });
  const fresh = await startTestRouter(t, options('1.0.1'));
  const leads = await fresh.snapshot(({ phase, paused }) => phase === 'listening' && paused);
  assert.equal(leads.providers[0]?.models[0]?.health.until, cooling.providers[0]?.models[0]?.health.until);
});

test('a window that lost its user gives the port to one that has its own, not to another lost one', async (t) => {
  const { port, options } = await homeWithStreams(t);
  const orphan = await startTestRouter(t, options('1.0.0'));
  const lost = await startTestRouter(t, options('1.0.0'));
  await lost.snapshot(({ phase }) => phase === 'following');
  lost.router.setAlone(true);
  orphan.router.setAlone(true);
  await lost.snapshot(({ alone }) => alone === true);
  assert.equal(orphan.snapshots.at(-1)?.phase, 'listening', 'it serves until somebody asks');
  const live = await startTestRouter(t, options('1.0.0'));
  const leads = await live.snapshot(({ phase }) => phase === 'listening');
  assert.equal(leads.port, port);
  assert.equal(leads.alone, undefined);
  await orphan.snapshot(({ phase, alone }) => phase === 'following' && alone === undefined);
});

test('a user who restarts gets the port, unless a command line has it', async (t) => {
  const { options, home, port } = await homeWithStreams(t);
  const leader = await startTestRouter(t, options('1.0.0'));
  const restarted = await startTestRouter(t, { ...options('1.0.0'), takeOver: true });
  await restarted.snapshot(({ phase }) => phase === 'listening');
  await leader.snapshot(({ phase }) => phase === 'following');
  await restarted.stop();
  await leader.stop();
  const headless = await startTestRouter(t, { home, port, headless: true });
  const window = createTestRouter(t, { ...options('9.0.0'), takeOver: true });
  await window.start();
  await window.snapshot(({ phase }) => phase === 'following');
  assert.equal(headless.router.snapshot().phase, 'listening');
});
