// Fifty edits of the configuration file while streams run and whole requests come and go: nothing is cut, nothing fails
// but what the configuration in force forbids.
import assert from 'node:assert/strict';
import { renameSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { frames } from '../tools/gateway-harness.ts';
import {
  messagesBody,
  serveForTest,
  startTestRouter,
  type TestRouter,
  wholeAnswer,
} from '../tools/router-harness.ts';

interface Edit {
  /** Name of the second provider, which is renamed again and again. */
  second: string;
  weight: number;
  key: string;
  route: string;
}

function fileOf(url: string, { second, weight, key, route }: Edit): string {
  return `providers:
  one: { dialect: anthropic, base_url: ${url}, keys: [secret:one], models: [m] }
  limited: { dialect: anthropic, base_url: ${url}, keys: [secret:limited], models: [m] }
  ${second}: { dialect: anthropic, base_url: ${url}, keys: [secret:${key}], models: [m] }
groups:
  g: { strategy: weighted, sticky: false, targets: [{ to: one/m, weight: ${weight} }, ${second}/m] }
  h: { targets: [${second}/m, one/m] }
  rests: { targets: [limited/m] }
routes: { default: ${route} }
`;
}

/** As an editor saves: in one step. */
function save(router: TestRouter, text: string): void {
  writeFileSync(`${router.init.configFile}.new`, text);
  renameSync(`${router.init.configFile}.new`, router.init.configFile);
}

test('fifty edits under 32 streams and whole requests: no stream is cut, no request fails, health is kept', async (t) => {
  const streams: ServerResponse[] = [];
  const keys = new Set<string>();
  const url = await serveForTest(t, (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      const key = String(request.headers['x-api-key']);
      keys.add(key);
      if (key === 'key-limited') {
        response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '3000' }).end('{}');
      } else if (body.includes('"stream":true')) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(frames.start() + frames.blockStart + frames.text('begun '));
        streams.push(response);
      } else response.writeHead(200, { 'content-type': 'application/json' }).end(wholeAnswer('whole'));
    });
  });
  const first: Edit = { second: 'two', weight: 1, key: 'a', route: 'g' };
  const router = await startTestRouter(t, {
    config: fileOf(url, first),
    secrets: { one: 'key-one', limited: 'key-limited', a: 'key-a', b: 'key-b' },
  });
  const limited = () => router.router.snapshot().providers.find(({ name }) => name === 'limited');
  const told = async () =>
    Number((await router.fetch('/v1/messages', messagesBody({ model: 'rests' }))).headers.get('retry-after'));
  assert.equal(await told(), 3000);
  const health = JSON.stringify(limited());
  assert.match(health, /cooling/);

  const running = Array.from({ length: 32 }, async () => {
    const response = await router.fetch('/v1/messages', messagesBody({ stream: true }));
    return { status: response.status, text: await response.text() };
  });
  while (streams.length < 32) await new Promise((resolve) => setImmediate(resolve));

  let over = false;
  const answers: { status: number; text: string }[] = [];
  const client = async () => {
    while (!over) {
      const response = await router.fetch('/v1/messages', messagesBody());
      answers.push({ status: response.status, text: await response.text() });
    }
  };
  const load = Promise.all(Array.from({ length: 4 }, client));
  const late: string[] = [];
  for (let edit = 1; edit <= 50; edit++) {
    if (edit % 10 === 5) {
      save(router, 'providers: [');
      const broken = await router.snapshot(({ config }) => config.state === 'last-good');
      assert.ok(broken.config.problems.length > 0);
      continue;
    }
    const now: Edit = {
      second: `two-${edit % 7}`,
      weight: (edit % 5) + 1,
      key: edit % 2 === 0 ? 'a' : 'b',
      route: edit % 3 === 0 ? 'h' : 'g',
    };
    const saved = performance.now();
    save(router, fileOf(url, now));
    await router.snapshot(
      ({ config, providers, routes }) =>
        config.state === 'ok' &&
        providers.some(({ name }) => name === now.second) &&
        routes.some(({ name, target }) => name === 'default' && target === now.route),
    );
    const took = performance.now() - saved;
    if (took > 2_000) late.push(`edit ${edit}: ${Math.round(took)} ms`);
    for (const response of streams) response.write(frames.text(`${edit} `));
  }
  over = true;
  await load;
  assert.ok(answers.length > 50, `${answers.length} requests`);
  assert.deepEqual(
    answers.filter(({ status, text }) => status !== 200 || !text.includes('whole')),
    [],
  );
  assert.deepEqual(late, []);
  assert.deepEqual([...keys].sort(), ['key-a', 'key-b', 'key-limited', 'key-one']);
  assert.equal(JSON.stringify(limited()), health, 'whose name and address stay, keeps its deadline');
  assert.ok((await told()) > 2_900);

  const gone = await router.fetch('/v1/messages', messagesBody({ model: 'two-3/m' }));
  assert.equal(gone.status, 200, 'a stale name falls to the default route');
  for (const response of streams) response.end(frames.text('ended') + frames.blockStop + frames.end);
  for (const { status, text } of await Promise.all(running)) {
    assert.equal(status, 200);
    assert.match(text, /begun [\s\S]*"1 "[\s\S]*"49 "[\s\S]*ended[\s\S]*message_stop/);
    assert.doesNotMatch(text, /event: error/);
  }
});
