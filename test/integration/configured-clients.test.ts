// Tokens of configured clients, over real sockets: who is let in, what it gets, and what nobody hears of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messagesBody, startTestRouter } from '../tools/router-harness.ts';

const config = `providers: { demo: { preset: demo, models: [main, small, special] } }
groups: { main: { targets: [demo/main] } }
routes: { default: main }
profiles: { cheap: { routes: { default: demo/small } } }
rules: [{ when: { client: ruled }, to: demo/special }]
clients:
  - { name: cherry, token: secret:cherry, routes: { default: demo/small } }
  - { name: profiled, token: env:PROFILED, profile: cheap }
  - { name: ruled, token: secret:ruled }
  - { name: hasty, token: secret:hasty, rpm: 2 }
  - { name: locked out, token: secret:nowhere }
`;
const secrets = {
  cherry: 'cherry-token-1234567890',
  ruled: 'ruled-token-1234567890',
  hasty: 'hasty-token-1234567890',
};
const env = { PROFILED: 'profiled-token-1234567890' };

test('each token names its client, which gets its own routes, profile and rules', async (t) => {
  const router = await startTestRouter(t, { config, secrets, env });
  const ask = async (token: string, more: Record<string, string> = {}) => {
    const response = await router.fetch('/v1/messages', messagesBody({ stream: false }), {
      headers: { authorization: '', 'x-api-key': token, ...more },
    });
    await response.text();
    return `${response.status} ${response.headers.get('x-switchyard-model')}`;
  };
  assert.equal(await ask(router.token), '200 main');
  assert.equal(await ask(secrets.cherry), '200 small');
  assert.equal(await ask(env.PROFILED), '200 small');
  assert.equal(
    await ask(env.PROFILED, { 'x-switchyard-profile': 'none' }),
    '200 small',
    'its own profile counts',
  );
  assert.equal(await ask(secrets.ruled), '200 special');
  assert.equal(await ask(router.token, { 'x-switchyard-profile': 'cheap' }), '200 small');
  for (const wrong of ['cherry', 'cherry-token-123456789', 'secret:nowhere', 'undefined', ''])
    assert.equal(await ask(wrong), '401 null', wrong);

  const names = router.exchanges.filter((record) => record.status === 200).map((record) => record.clientName);
  assert.deepEqual([...new Set(names)], [undefined, 'cherry', 'profiled', 'ruled']);
  const { routing } = router.router.snapshot();
  assert.deepEqual(
    routing?.clients.map(({ name, ready }) => `${name} ${ready}`),
    ['cherry true', 'profiled true', 'ruled true', 'hasty true', 'locked out false'],
  );
  assert.ok(
    router.log.some(
      (line) => line === 'warn The client "locked out" is not let in yet: its token is missing.',
    ),
  );
  assert.ok(router.log.some((line) => / cherry: .*→ route default → demo\/small/.test(line)));
  const everything = JSON.stringify([
    router.log,
    router.exchanges,
    router.snapshots,
    router.router.snapshot(),
  ]);
  for (const token of [...Object.values(secrets), env.PROFILED, router.token])
    assert.ok(!everything.includes(token), 'a token was told');
});

test('a client is let in as soon as its token is known, and no longer than that', async (t) => {
  const router = await startTestRouter(t, { config, env });
  const status = async () =>
    (await router.fetch('/v1/models', undefined, { headers: { authorization: `Bearer ${secrets.cherry}` } }))
      .status;
  assert.equal(await status(), 401);
  router.router.setSecrets(secrets);
  assert.equal(await status(), 200);
  router.router.setSecrets({ ...secrets, cherry: 'another' });
  assert.equal(await status(), 401);
});

test('too many requests in a minute get 429 in the dialect of the client', async (t) => {
  const router = await startTestRouter(t, { config, secrets, env });
  const ask = (path: string, body: unknown) =>
    router.fetch(path, body, { headers: { authorization: `Bearer ${secrets.hasty}` } });
  for (let count = 0; count < 2; count++) {
    const response = await ask('/v1/messages', messagesBody({ stream: false }));
    assert.equal(response.status, 200);
    await response.text();
  }
  const refused = await ask('/v1/messages', messagesBody({ stream: false }));
  assert.equal(refused.status, 429);
  const wait = Number(refused.headers.get('retry-after'));
  assert.ok(wait >= 1 && wait <= 60, String(wait));
  const { error } = (await refused.json()) as { error: { type: string; message: string } };
  assert.equal(error.type, 'rate_limit_error');
  assert.match(error.message, /^The client "hasty" may ask 2 times a minute/);
  const chat = await ask('/v1/chat/completions', {
    model: 'main',
    messages: [{ role: 'user', content: 'hi' }],
  });
  assert.equal(chat.status, 429);
  assert.equal(((await chat.json()) as { error: { code: string } }).error.code, 'rate_limit_exceeded');
  assert.equal((await ask('/v1/models', undefined)).status, 200, 'lists are free');
});
