// Several routers on one home folder, as several windows of one user have them.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  createTestRouter,
  freePort,
  messagesBody,
  serveForTest,
  startTestRouter,
  temporaryFolder,
  wholeAnswer,
} from '../tools/router-harness.ts';

/** A home whose port is settled. */
async function homeWithPort(t: TestContext): Promise<{ home: string; port: number }> {
  const home = temporaryFolder(t);
  const port = await freePort();
  writeFileSync(join(home, 'state.json'), JSON.stringify({ port }));
  return { home, port };
}

async function windows(t: TestContext) {
  const { home, port } = await homeWithPort(t);
  const options = { home, port: undefined };
  const leader = await startTestRouter(t, options);
  const follower = await startTestRouter(t, options);
  await follower.snapshot(({ phase }) => phase === 'following');
  return { home, port, leader, follower, options };
}

test('the first start finds a port and keeps it; token and control secret are private', async (t) => {
  const home = temporaryFolder(t);
  const first = await startTestRouter(t, { home, port: undefined });
  assert.ok(first.port >= 3456);
  assert.deepEqual(JSON.parse(readFileSync(join(home, 'state.json'), 'utf8')), { port: first.port });
  for (const file of ['token', 'control', 'state.json'])
    assert.equal(statSync(join(home, file)).mode & 0o777, 0o600, file);
  await first.stop();
  const again = await startTestRouter(t, { home, port: undefined });
  assert.equal(again.port, first.port);
  assert.equal(again.token, first.token);
});

test('a second window follows, shows the same state and changes it', async (t) => {
  const { port, leader, follower } = await windows(t);
  const shown = follower.snapshots.at(-1);
  assert.equal(shown?.port, port);
  assert.equal(shown?.leaderPid, process.pid);
  assert.equal(follower.token, leader.token);

  const response = await follower.fetch('/v1/messages', messagesBody());
  assert.equal(response.status, 200);
  await response.text();
  const exchange = await follower.until(() => follower.exchanges.find(({ status }) => status === 200));
  assert.equal(leader.exchanges.at(-1)?.id, exchange.id);

  await follower.router.call('setPaused', { paused: true });
  await leader.snapshot(({ paused }) => paused);
  await follower.snapshot(({ paused, phase }) => paused && phase === 'following');
  await assert.rejects(
    follower.router.call('testConfigured', { provider: 'nobody' }),
    /no provider "nobody"/,
  );
});

test('when the leader goes, a follower takes over', async (t) => {
  const { port, leader, follower, options } = await windows(t);
  await follower.router.call('setPaused', { paused: true });
  await follower.snapshot(({ paused }) => paused);
  const third = await startTestRouter(t, options);
  await third.snapshot(({ phase }) => phase === 'following');

  await leader.stop();
  const both = [follower, third];
  const heir = await Promise.race(
    both.map(async (router) => {
      await router.snapshot(({ phase }) => phase === 'listening');
      return router;
    }),
  );
  const response = await heir.fetch('/health');
  assert.equal(response.status, 200);
  await response.text();
  assert.equal(heir.snapshots.at(-1)?.port, port);
  assert.equal(heir.snapshots.at(-1)?.paused, true, 'paused stays paused');
  const other = both.find((router) => router !== heir);
  await other?.until(() => {
    const last = other.snapshots.at(-1);
    return last?.phase === 'following' && other.log.filter((line) => line.includes('Following')).length > 1;
  });
});

test('a new token, asked for in a following window, holds for all; the old one opens nothing', async (t) => {
  const { home, leader, follower, options } = await windows(t);
  const old = leader.token;
  await follower.router.call('rotateToken', {});
  const fresh = await follower.until(() => (follower.token === old ? undefined : follower.token));
  assert.equal(leader.token, fresh);
  assert.equal(readFileSync(join(home, 'token'), 'utf8').trim(), fresh);
  assert.equal(statSync(join(home, 'token')).mode & 0o777, 0o600);

  const ask = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await leader.fetch('/v1/messages', messagesBody(), { headers });
    await response.text();
    return response.status;
  };
  assert.equal(await ask(old), 401);
  assert.equal(await ask(fresh), 200);
  await leader.stop();
  await follower.snapshot(({ phase }) => phase === 'listening');
  assert.equal(await ask(old), 401);
  assert.equal(await ask(fresh), 200);
  const later = await startTestRouter(t, options);
  assert.equal(later.token, fresh);
  for (const text of [...leader.log, ...follower.log, JSON.stringify([leader.snapshots, follower.snapshots])])
    assert.ok(!text.includes(old) && !text.includes(fresh), text);
});

test('keys that are entered in a following window serve the leader', async (t) => {
  const seen: string[] = [];
  const url = await serveForTest(t, (request, response) => {
    seen.push(String(request.headers['x-api-key']));
    response.writeHead(200, { 'content-type': 'application/json' }).end(wholeAnswer('ok'));
  });
  const { home } = await homeWithPort(t);
  writeFileSync(
    join(home, 'config.yaml'),
    `providers:\n  p: { dialect: anthropic, base_url: "${url}", keys: [secret:p], models: [m] }\nroutes: { default: p/m }\n`,
  );
  const leader = await startTestRouter(t, { home, port: undefined });
  const follower = await startTestRouter(t, {
    home,
    port: undefined,
    secrets: { p: 'first-canary-key' },
  });
  await follower.snapshot(({ phase }) => phase === 'following');
  const keyHealth =
    (state: string) => (snapshot: { providers: { keys: { health: { state: string } }[] }[] }) =>
      snapshot.providers[0]?.keys[0]?.health.state === state;
  await leader.snapshot(keyHealth('ok'));
  assert.equal((await leader.fetch('/v1/messages', messagesBody())).status, 200);
  follower.router.setSecrets({ p: 'second-canary-key' });
  for (;;) {
    const response = await leader.fetch('/v1/messages', messagesBody());
    await response.text();
    if (seen.at(-1) === 'second-canary-key') break;
  }
  assert.equal(seen[0], 'first-canary-key');
  follower.router.setSecrets({});
  await leader.snapshot(keyHealth('out'));
  for (const text of [...leader.log, ...follower.log, JSON.stringify([leader.snapshots, follower.snapshots])])
    assert.doesNotMatch(text, /canary-key/);
});

test('a foreign program on the port: named, waited for, never followed', async (t) => {
  const { home, port } = await homeWithPort(t);
  const asked: string[] = [];
  const foreign = createServer((request, response) => {
    asked.push(`${request.url?.split('?')[0]} ${request.headers.authorization ?? ''}`);
    response.end('{"product":"something else"}');
  });
  await new Promise<void>((resolve) => foreign.listen(port, '127.0.0.1', resolve));
  const router = createTestRouter(t, { home, port: undefined, secrets: { p: 'canary' } });
  await router.start();
  const down = await router.snapshot(({ phase }) => phase === 'down');
  assert.match(down.downReason ?? '', new RegExp(`Port ${port} is used by `));
  assert.equal(down.takenPort, port);
  if (process.platform === 'linux') assert.match(down.downReason ?? '', new RegExp(`process ${process.pid}`));
  assert.deepEqual(asked, ['/_switchyard/hello '], 'it learns nothing but a nonce');
  foreign.closeAllConnections();
  await new Promise((resolve) => foreign.close(resolve));
  const up = await router.snapshot(({ phase }) => phase === 'listening');
  assert.equal(up.downReason, undefined);
  assert.equal(up.takenPort, undefined);
  assert.equal(up.port, port);
});

test('a router with another home folder is not followed', async (t) => {
  const { home, port } = await homeWithPort(t);
  await startTestRouter(t, { port });
  const router = createTestRouter(t, { home, port: undefined });
  await router.start();
  const down = await router.snapshot(({ phase }) => phase === 'down');
  assert.match(down.downReason ?? '', /another home folder/);
});

test('the port moves with the configuration, and everybody with it', async (t) => {
  const { home, leader, follower, port } = await windows(t);
  const target = await freePort();
  writeFileSync(join(home, 'config.yaml'), `server: { port: ${target} }\n`);
  await leader.snapshot((snapshot) => snapshot.port === target && snapshot.phase === 'listening');
  await follower.snapshot((snapshot) => snapshot.port === target && snapshot.phase === 'following');
  const response = await fetch(`http://127.0.0.1:${target}/health`);
  assert.equal(response.status, 200);
  await response.text();
  await assert.rejects(fetch(`http://127.0.0.1:${port}/health`));
});

test('a home folder that takes no more files: served all the same, and said', async (t) => {
  const { home, leader, follower } = await windows(t);
  // Not by permissions, which a superuser does not feel.
  mkdirSync(join(home, 'health.json', 'in the way'), { recursive: true });
  writeFileSync(
    join(home, 'config.yaml'),
    'providers:\n  p: { dialect: anthropic, base_url: "http://127.0.0.1:1", models: [m], keys: [none] }\n' +
      'routes: { default: p/m }\nresilience: { max_wait: 0, retries: 0 }\n',
  );
  await leader.snapshot(({ demo }) => !demo);
  assert.notEqual((await leader.fetch('/v1/messages', messagesBody())).status, 200);
  await leader.stop();
  await follower.snapshot(({ phase }) => phase === 'listening');
  assert.ok(leader.log.some((line) => /health\.json could not be written/.test(line)));
  assert.equal((await follower.fetch('/health')).status, 200);
});
