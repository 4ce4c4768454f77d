// Routers in processes of their own: killed, stopped and continued, started at the same moment.
import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePort, messagesBody, serveForTest, temporaryFolder } from '../tools/router-harness.ts';
import { startWindowProcess, untilServed } from '../tools/window-processes.ts';

test('kill -9 of the leader: another window serves the port within a second', async (t) => {
  const home = temporaryFolder(t);
  const port = await freePort();
  writeFileSync(join(home, 'state.json'), JSON.stringify({ port }));
  const leader = startWindowProcess(t, home);
  await leader.until(({ phase }) => phase === 'listening');
  const followers = [startWindowProcess(t, home), startWindowProcess(t, home)];
  for (const follower of followers)
    await follower.until(({ phase, leaderPid }) => phase === 'following' && leaderPid === leader.pid);
  const gone = new Promise((resolve) => leader.child.once('exit', resolve));
  leader.child.kill('SIGKILL');
  await gone;
  const took = await untilServed(port);
  t.diagnostic(`served again ${took.toFixed(0)} ms after the death`);
  assert.ok(took < 1000, `${took} ms`);
  const [heir, other] = await Promise.race(
    followers.map(async (one, index) => {
      await one.until(({ phase }) => phase === 'listening');
      return [one, followers[1 - index]] as const;
    }),
  );
  await other?.until(({ phase, leaderPid }) => phase === 'following' && leaderPid === heir.pid);
});

test('a leader that stands still is told of, and goes on with its streams afterwards', async (t) => {
  const home = temporaryFolder(t);
  const port = await freePort();
  writeFileSync(join(home, 'state.json'), JSON.stringify({ port }));
  const streams: ServerResponse[] = [];
  const event = (type: string, more: object) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
  const text = (words: string) =>
    event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: words } });
  const url = await serveForTest(t, (_request, response) => {
    const usage = { input_tokens: 1, output_tokens: 1 };
    const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], usage };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(
      event('message_start', { message: { ...message, stop_reason: null, stop_sequence: null } }),
    );
    response.write(event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }));
    response.write(text('before'));
    streams.push(response);
  });
  // Silence of three seconds ends an answer; the router stands still for longer.
  writeFileSync(
    join(home, 'config.yaml'),
    `providers:\n  p: { dialect: anthropic, base_url: "${url}", models: [m], keys: [none], timeout: { idle: 3 } }\nroutes: { default: p/m }\n`,
  );
  const leader = startWindowProcess(t, home);
  await leader.until(({ phase }) => phase === 'listening');
  const follower = startWindowProcess(t, home);
  await follower.until(({ phase }) => phase === 'following');
  const answer = await fetch(`http://127.0.0.1:${port}/v1/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${leader.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(messagesBody({ stream: true })),
  });
  assert.equal(answer.status, 200);

  leader.child.kill('SIGSTOP');
  const stopped = performance.now();
  const told = await follower.until(({ leaderSilent }) => leaderSilent === true);
  t.diagnostic(`told ${((performance.now() - stopped) / 1000).toFixed(1)} s after the stop`);
  assert.equal(told.leaderPid, leader.pid);
  assert.ok(performance.now() - stopped < 15_000);
  // Its provider goes on meanwhile. A window that opens now says what is the matter.
  streams[0]?.write(text(' meanwhile'));
  const late = startWindowProcess(t, home);
  await late.until(({ phase }) => phase === 'down');
  assert.match(late.errors, new RegExp(`Port ${port} is used by .*which does not answer`));

  leader.child.kill('SIGCONT');
  await follower.until(({ phase, leaderSilent }) => phase === 'following' && leaderSilent === undefined);
  await late.until(({ phase, leaderPid }) => phase === 'following' && leaderPid === leader.pid);
  const stream = streams[0];
  assert.ok(stream);
  stream.write(text(' after') + event('content_block_stop', { index: 0 }));
  const delta = { stop_reason: 'end_turn', stop_sequence: null };
  stream.end(event('message_delta', { delta, usage: { output_tokens: 3 } }) + event('message_stop', {}));
  const body = await answer.text();
  assert.match(body, /before.*meanwhile.*after.*message_stop/s);
  assert.doesNotMatch(body, /event: error/);
});

test('routers that start at the same moment on a new home agree on one port and one token', async (t) => {
  const home = join(temporaryFolder(t), 'new');
  const all = Array.from({ length: 4 }, () => startWindowProcess(t, home));
  const states = await Promise.all(
    all.map((window) => window.until(({ phase }) => phase === 'listening' || phase === 'following')),
  );
  assert.equal(states.filter(({ phase }) => phase === 'listening').length, 1);
  assert.equal(new Set(states.map(({ port }) => port)).size, 1);
  assert.equal(new Set(all.map(({ token }) => token)).size, 1);
  const file = join(home, 'token');
  assert.equal(readFileSync(file, 'utf8').trim(), all[0]?.token);
  assert.equal(statSync(file).mode & 0o777, 0o600);
});
