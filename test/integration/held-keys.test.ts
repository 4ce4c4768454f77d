// A key that was entered for one host never reaches another, whatever the configuration says.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { keyPlace } from '../../src/core/config/key-place.ts';
import { messagesBody, serveForTest, startTestRouter, wholeAnswer } from '../tools/router-harness.ts';

async function upstream(t: TestContext) {
  const seen: string[] = [];
  const url = await serveForTest(t, (request, response) => {
    seen.push(`${request.url} ${request.headers['x-api-key'] ?? request.headers.authorization}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end(wholeAnswer('ready'));
  });
  return { url, seen };
}

test('an edited configuration can not lead a key to another host', async (t) => {
  const good = await upstream(t);
  const evil = await upstream(t);
  const key = { value: 'canary-key-31f0', places: [keyPlace(good.url)] };
  const config = (url: string) => `providers:
  a:
    dialect: anthropic
    base_url: "${url}"
    keys:
      - env:OTHER
      - { key: secret:a }
    models: [m]
resilience: { retries: 0, max_wait: 0 }
`;
  const router = await startTestRouter(t, { config: config(good.url), secrets: { a: key } });
  const ask = () => router.fetch('/v1/messages', messagesBody({ model: 'a/m' }));
  assert.equal((await ask()).status, 200);
  assert.equal(router.router.snapshot().config.heldKeys, undefined);

  writeFileSync(join(router.init.home, 'config.yaml'), config(evil.url));
  const held = await router.snapshot(({ config: { heldKeys } }) => heldKeys !== undefined);
  assert.deepEqual(held.config.heldKeys, [
    { reference: 'secret:a', place: keyPlace(evil.url), entered: [keyPlace(good.url)] },
  ]);
  const problem = held.config.problems.find(({ message }) => message.includes('secret:a'));
  assert.deepEqual(
    [problem?.severity, problem?.line, problem?.column, problem?.path],
    ['warning', 7, 9, 'providers.a.keys[1]'],
  );
  const sentence = `secret:a was entered for ${keyPlace(good.url)}; this would send it to ${keyPlace(evil.url)}`;
  assert.ok(problem?.message.startsWith(sentence), problem?.message);
  assert.equal(held.providers[0]?.keys[1]?.health.reason, sentence);

  const refused = await ask();
  assert.equal(refused.status, 503);
  const { error } = (await refused.json()) as { error: { message: string } };
  assert.ok(error.message.includes(sentence), error.message);
  const counted = await router.fetch('/v1/messages/count_tokens', messagesBody({ model: 'a/m' }));
  assert.equal(counted.status, 200, 'an estimate');
  await counted.text();
  const embedded = await router.fetch('/v1/embeddings', { model: 'a/m', input: 'x' });
  assert.ok(embedded.status >= 400);
  await embedded.text();
  const tests = await router.router.call('testConfigured', { provider: 'a' });
  assert.match(tests[1]?.message ?? '', /was entered for/);
  assert.deepEqual(evil.seen, [], 'not one request came');
  assert.ok(router.log.some((line) => line.includes(sentence)));

  // The user allows it.
  router.router.setSecrets({ a: { ...key, places: [...key.places, keyPlace(evil.url)] } });
  const allowed = await router.snapshot(({ config: { heldKeys } }) => heldKeys === undefined);
  assert.deepEqual(
    allowed.config.problems.filter(({ message }) => message.includes('secret:a')),
    [],
  );
  assert.equal((await ask()).status, 200);
  assert.deepEqual(evil.seen, ['/v1/messages canary-key-31f0']);
});

test('another provider of the same key is held back alone', async (t) => {
  const good = await upstream(t);
  const evil = await upstream(t);
  const router = await startTestRouter(t, {
    config: `providers:
  evil: { dialect: openai-chat, base_url: "${evil.url}", keys: secret:a, models: [m] }
  good: { dialect: anthropic, base_url: "${good.url}", keys: [secret:a], models: [m] }
groups: { g: { targets: [evil/m, good/m] } }
routes: { default: g }
`,
    secrets: { a: { value: 'canary-key-31f0', places: [keyPlace(good.url)] } },
  });
  const answer = await router.fetch('/v1/messages', messagesBody());
  assert.equal(answer.status, 200);
  await answer.text();
  assert.equal(good.seen.length, 1);
  assert.deepEqual(evil.seen, []);
  const [problem] = router.router.snapshot().config.problems;
  assert.deepEqual([problem?.line, problem?.path], [2, 'providers.evil.keys']);
});

test('a provider that answers with a redirect gets nobody to follow it, with or without credentials', async (t) => {
  const evil = await upstream(t);
  const good = await serveForTest(t, (_, response) => {
    response.writeHead(307, { location: `${evil.url}/v1/messages` }).end();
  });
  const router = await startTestRouter(t, {
    config: `providers:
  a: { dialect: anthropic, base_url: "${good}", keys: [secret:a], models: [m] }
resilience: { retries: 0, max_wait: 0 }
`,
    secrets: { a: { value: 'canary-key-31f0', places: [keyPlace(good)] } },
  });
  const answer = await router.fetch('/v1/messages', messagesBody({ model: 'a/m' }));
  assert.equal(answer.status, 502);
  assert.match(await answer.text(), /redirect/);
  assert.equal(answer.headers.get('location'), null);
  assert.deepEqual(evil.seen, []);
});
