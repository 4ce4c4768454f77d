// Secrets as canaries: whatever happens, they turn up nowhere but at the provider they belong to.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { messagesBody, serveForTest, startTestRouter } from '../tools/router-harness.ts';

const canaries = {
  own: 'canary-own-5d1f',
  header: 'canary-header-77aa',
  proxy: 'canary-proxy-0b3c',
  variable: 'canary-variable-9e2d',
  odd: 'canary-odd-41ce',
};

test('keys that providers repeat, in errors of every kind, stay out of all that people and files see', async (t) => {
  const seen: string[] = [];
  let status = 401;
  const url = await serveForTest(t, (request, response) => {
    const key = String(request.headers['x-api-key'] ?? request.headers.authorization);
    seen.push(key);
    const message = `Your key ${key} and header ${request.headers['x-secret']} and ${request.headers['x-odd']} are no good`;
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-echo': key,
      'www-authenticate': key,
    });
    response.end(JSON.stringify({ type: 'error', error: { type: 'some_error', message } }));
  });
  const router = await startTestRouter(t, {
    config: `providers:
  a: { dialect: anthropic, base_url: "${url}", keys: [secret:own], models: [m], headers: { x-secret: "\${env:HEADER}", x-odd: "\${env:ODD}" } }
  b: { dialect: openai-chat, base_url: "${url}/v1", keys: [env:VARIABLE], models: [m] }
  c: { dialect: anthropic, base_url: "http://unreachable.invalid", keys: [secret:own], models: [m], proxy: "http://user:${canaries.proxy}@127.0.0.1:1" }
groups: { g: { targets: [a/m, b/m, c/m] } }
routes: { default: g }
resilience: { retries: 0, max_wait: 0 }
`,
    secrets: { own: `${canaries.own}\n` },
    env: { VARIABLE: canaries.variable, HEADER: canaries.header, ODD: canaries.odd },
  });
  const answers: string[] = [];
  for (status of [401, 403, 402, 429, 404, 400, 500, 529]) {
    await router.router.call('clearCooldowns', {});
    for (const stream of [false, true]) {
      const response = await router.fetch('/v1/messages', messagesBody({ stream }));
      assert.ok(response.status >= 400);
      answers.push(`${status} ${JSON.stringify([...response.headers])} ${await response.text()}`);
    }
  }
  assert.ok(
    seen.some((key) => key.includes(canaries.own)) && seen.some((key) => key.includes(canaries.variable)),
  );
  await router.stop();
  const files = readdirSync(router.init.home)
    .filter((name) => name !== 'config.yaml')
    .map((name) => join(router.init.home, name))
    .filter((file) => statSync(file).isFile())
    .filter((file) => !file.endsWith('config.last-good.yaml'))
    .map((file) => readFileSync(file, 'utf8'));
  const places: Record<string, string> = {
    log: router.log.join('\n'),
    snapshots: JSON.stringify(router.snapshots),
    exchanges: JSON.stringify(router.exchanges),
    files: files.join('\n'),
    answers: answers.join('\n'),
  };
  assert.ok(router.exchanges.length > 0 && router.log.length > 0);
  for (const [place, text] of Object.entries(places)) {
    for (const [name, canary] of Object.entries(canaries)) {
      const at = text.indexOf(canary);
      assert.equal(at, -1, `${name} in ${place}: …${text.slice(Math.max(0, at - 200), at + 60)}…`);
    }
    if (place !== 'files') assert.ok(!text.includes(router.token), `the token in ${place}`);
  }
});
