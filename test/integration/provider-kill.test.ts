// A provider that dies and comes back under 64 parallel streams, over real sockets: whoever had no content yet is served by
// the other one and notices nothing; everybody else gets exactly one error event.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { frames } from '../tools/gateway-harness.ts';
import { messagesBody, startTestRouter, type TestRouter } from '../tools/router-harness.ts';

/** One provider: a real server that can be destroyed with all its connections, and listen again on the same port. */
class MortalProvider {
  readonly name: string;
  port = 0;
  /** How many calls it has seen, dead times included. */
  calls = 0;
  readonly open = new Set<ServerResponse>();
  /** What it does with each call. */
  serve: (response: ServerResponse) => void = (response) => whole(response, this.name);
  #server: Server | undefined;

  constructor(name: string) {
    this.name = name;
  }

  async start(): Promise<void> {
    this.#server = createServer((request, response) => {
      this.calls++;
      this.open.add(response);
      response.once('close', () => this.open.delete(response));
      request.resume().on('end', () => this.serve(response));
    });
    this.#server.listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
  }

  async kill(): Promise<void> {
    const server = this.#server;
    if (!server?.listening) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** Resolves once so many calls are open. */
  async busyWith(count: number): Promise<void> {
    while (this.open.size < count) await new Promise((resolve) => setImmediate(resolve));
  }
}

const head = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });
const begin = (response: ServerResponse, name: string) =>
  head(response).write(frames.start() + frames.blockStart + frames.text(`begun by ${name} `));
const finish = (response: ServerResponse) =>
  response.end(frames.text('and finished') + frames.blockStop + frames.end);

function whole(response: ServerResponse, name: string): void {
  begin(response, name);
  finish(response);
}

async function start(t: TestContext) {
  const [a, b] = [new MortalProvider('a'), new MortalProvider('b')];
  await Promise.all([a.start(), b.start()]);
  t.after(() => Promise.all([a.kill(), b.kill()]));
  const router = await startTestRouter(t, {
    config: `providers:
  a: { dialect: anthropic, base_url: "http://127.0.0.1:${a.port}", keys: none, models: [m] }
  b: { dialect: anthropic, base_url: "http://127.0.0.1:${b.port}", keys: none, models: [m] }
groups: { g: { targets: [a/m, b/m], strategy: failover } }
routes: { default: g }
`,
  });
  return { a, b, router };
}

interface Seen {
  status: number;
  text: string;
  types: string[];
}

/** One client; a slow one lets the socket fill before it reads on. */
async function stream(router: TestRouter, number: number, begun: () => void = () => {}): Promise<Seen> {
  const response = await router.fetch('/v1/messages', messagesBody({ stream: true }));
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) break;
    text += part.value;
    if (text.includes('begun by')) begun();
    if (number % 2 === 1) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const types = Array.from(text.matchAll(/^event: (\S+)/gm), ([, type = '']) => type);
  return { status: response.status, text, types };
}

const clients = Array.from({ length: 64 }, (_, number) => number);
const count = (seen: Seen, type: string) => seen.types.filter((each) => each === type).length;

function assertWhole(seen: Seen, by: string): void {
  assert.equal(seen.status, 200, seen.text);
  assert.match(seen.text, new RegExp(`begun by ${by} [\\s\\S]*and finished`));
  assert.deepEqual(
    ['message_start', 'message_stop', 'error'].map((type) => count(seen, type)),
    [1, 1, 0],
    seen.text,
  );
}

function assertBrokenOnce(seen: Seen): void {
  assert.equal(seen.status, 200, seen.text);
  assert.deepEqual(
    ['message_start', 'message_stop', 'error'].map((type) => count(seen, type)),
    [1, 0, 1],
    seen.text,
  );
  assert.equal(seen.types.at(-1), 'error');
}

const phases: Record<string, (response: ServerResponse) => void> = {
  'before its head': () => {},
  'while the gate holds': (response) => head(response).write(frames.start() + frames.ping),
};

for (const [phase, serve] of Object.entries(phases)) {
  test(`killed ${phase}: 64 clients are served by the other and notice nothing; it is asked again when it is back`, async (t) => {
    const { a, b, router } = await start(t);
    a.serve = serve;
    const answers = clients.map((number) => stream(router, number));
    await a.busyWith(clients.length);
    await a.kill();
    for (const seen of await Promise.all(answers)) assertWhole(seen, 'b');
    assert.deepEqual([a.calls, b.calls], [64, 64]);

    // While it is dead nobody waits for it; cleared, it serves again.
    for (const seen of await Promise.all(clients.map((number) => stream(router, number))))
      assertWhole(seen, 'b');
    a.serve = (response) => whole(response, 'a');
    await a.start();
    await router.router.call('clearCooldowns', {});
    for (const seen of await Promise.all(clients.map((number) => stream(router, number))))
      assertWhole(seen, 'a');
  });
}

test('killed in the middle: those with content get one error event, the others the other provider', async (t) => {
  const { a, b, router } = await start(t);
  let served = 0;
  // Two in three have content when it dies.
  a.serve = (response) => {
    if (served++ % 3 !== 2) begin(response, 'a');
    else head(response).write(frames.start());
  };
  let begun = 0;
  const firstWords = Promise.withResolvers<void>();
  const withContent = clients.filter((number) => number % 3 !== 2).length;
  const answers = clients.map((number) => {
    let counted = false;
    return stream(router, number, () => {
      if (counted) return;
      counted = true;
      if (++begun === withContent) firstWords.resolve();
    });
  });
  await a.busyWith(clients.length);
  await firstWords.promise;
  await a.kill();
  const all = await Promise.all(answers);
  const broken = all.filter(({ text }) => text.includes('begun by a'));
  assert.equal(broken.length, withContent);
  for (const seen of broken) assertBrokenOnce(seen);
  for (const seen of all.filter((each) => !broken.includes(each))) assertWhole(seen, 'b');
  assert.equal(b.calls, clients.length - withContent);
});

test('killed and back again and again under load: no client error while the other is healthy', async (t) => {
  const { a, router } = await start(t);
  const waiting = clients.flatMap((number) => [number, number]);
  const seen: Seen[] = [];
  const client = async () => {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift())
      seen.push(await stream(router, number));
  };
  const load = Promise.all(Array.from({ length: 16 }, client));
  let over = false;
  void load.then(() => {
    over = true;
  });
  while (!over) {
    await a.kill();
    await a.start();
    await router.router.call('clearCooldowns', {});
    await new Promise((resolve) => setImmediate(resolve));
  }
  await load;
  assert.equal(seen.length, 128);
  // Each was served whole, or had content of the one that died.
  for (const each of seen) {
    if (count(each, 'error') === 0) assertWhole(each, '[ab]');
    else {
      assertBrokenOnce(each);
      assert.match(each.text, /begun by a/);
    }
  }
  const [first, second] = router.router.snapshot().groups[0]?.targets ?? [];
  assert.deepEqual([first?.inFlight, second?.inFlight], [undefined, undefined]);
});
