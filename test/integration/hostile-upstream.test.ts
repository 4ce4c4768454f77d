// What a hostile provider says must not forge lines of the log.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messagesBody, serveForTest, startTestRouter } from '../tools/router-harness.ts';

test('an error message cannot forge lines of the log', async (t) => {
  const url = await serveForTest(t, (_, response) => {
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: 'no\nerror forged \u001b[2J' } }));
  });
  const router = await startTestRouter(t, {
    config: `providers:
  a: { dialect: anthropic, base_url: "${url}", keys: [secret:own], models: [m] }
resilience: { retries: 0, max_wait: 0 }
`,
    secrets: { own: 'canary-own' },
  });
  await (await router.fetch('/v1/messages', messagesBody({ model: 'a/m' }))).text();
  assert.ok(router.log.some((line) => line.includes('forged')));
  assert.ok(router.log.every((line) => !/\p{Cc}/u.test(line)));
});
