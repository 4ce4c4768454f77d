// Secrets as canaries: whatever happens, they turn up nowhere but at the provider they belong to.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { programs, run } from '../tools/command-line.ts';
import { messagesBody, serveForTest, startTestRouter, temporaryFolder } from '../tools/router-harness.ts';

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

/** Texts of all files below a folder. */
function textsBelow(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1')).join('\n');
}

for (const program of programs)
  test(`${program.endsWith('.ts') ? 'the command line' : 'its bundle'}: no secret in output, log or file of any command`, async (t) => {
    const secrets = {
      SWITCHYARD_SECRET_OWN: 'canary-own-5d1f90',
      VARIABLE: 'canary-variable-9e2d',
      HEADER: 'canary-header-77aa',
      CLIENT: 'canary-client-token-1b',
      SWITCHYARD_TOKEN: 'canary-main-token-0c',
    };
    const inFile = 'canary-in-file-66d2';
    const url = await serveForTest(t, (request, response) => {
      const { 'x-api-key': key, authorization, 'x-secret': secret } = request.headers;
      const message = `No: ${key} ${authorization} ${secret} ${Buffer.from(String(key)).toString('base64')}`;
      response.writeHead(401, { 'content-type': 'application/json', 'x-echo': String(key ?? authorization) });
      response.end(JSON.stringify({ type: 'error', error: { type: 'authentication_error', message } }));
    });
    const root = temporaryFolder(t);
    const home = join(root, 'home');
    const env = { SWITCHYARD_HOME: home, HOME: root, SWITCHYARD_DEBUG: '1', NODE_OPTIONS: '', ...secrets };
    const config = join(root, 'main.yaml');
    writeFileSync(
      config,
      `providers:
  a: { dialect: anthropic, base_url: "${url}", keys: [secret:own], models: [m], headers: { x-secret: "\${env:HEADER}" } }
  b: { dialect: openai-chat, base_url: "${url}/v1", keys: [env:VARIABLE], models: [m] }
groups: { g: { targets: [a/m, b/m] } }
routes: { default: g }
clients: [{ name: c, token: env:CLIENT }]
resilience: { retries: 0, max_wait: 0 }
`,
    );
    const foreign = join(root, 'ccr.json');
    writeFileSync(
      foreign,
      JSON.stringify({
        Providers: [
          { name: 'x', api_base_url: `${url}/v1/chat/completions`, api_key: inFile, models: ['m'] },
        ],
        Router: { default: 'x,m' },
      }),
    );
    const told: string[] = [];
    const serving = run(t, program, ['serve', '--port', '0', '--config', config], env, root);
    const address = /http:\S+/.exec(await serving.line)?.[0] ?? '';
    for (const [path, headers] of [
      ['/v1/messages', { 'x-api-key': secrets.SWITCHYARD_TOKEN }],
      ['/v1/messages', { 'x-api-key': secrets.CLIENT }],
      ['/v1/messages?key=canary-own-5d1f90', { authorization: `Bearer ${secrets.VARIABLE}` }],
      ['/v1/chat/completions', { authorization: `Bearer ${secrets.CLIENT}` }],
      ['/v1/messages/count_tokens', { 'x-api-key': secrets.SWITCHYARD_TOKEN }],
    ] as [string, Record<string, string>][]) {
      const answer = await fetch(address + path, {
        method: 'POST',
        headers,
        body: JSON.stringify(messagesBody({ model: 'g' })),
      });
      told.push(`${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`);
    }
    const port = new URL(address).port;
    for (const words of [
      ['doctor', '--port', port, '--probe', '--config', config],
      ['doctor', '--port', port, '--config', config],
      ['status', '--port', port, '--json'],
      ['status', '--port', port],
      ['routes', '--config', config],
      ['check', config],
      ['check', foreign, '--json'],
      ['import', foreign, '--config', join(home, 'config.yaml')],
      ['import', foreign, '--write', '--config', join(home, 'config.yaml')],
      ['nonsense'],
    ]) {
      const command = run(t, program, words, env, root);
      await command.ended;
      told.push(`${words.join(' ')}: ${command.output.stdout} ${command.output.stderr}`);
    }
    serving.child.kill('SIGTERM');
    await serving.ended;
    told.push(`serve: ${serving.output.stdout} ${serving.output.stderr}`);
    assert.match(told.join(), /401/, 'the keys were used');
    const places = { told: told.join('\n'), files: textsBelow(home) };
    for (const [place, text] of Object.entries(places))
      for (const value of [...Object.values(secrets), inFile])
        for (const form of [value, Buffer.from(value).toString('base64').replace(/=+$/, '')]) {
          const at = text.indexOf(form);
          assert.equal(at, -1, `${form} in ${place}: …${text.slice(Math.max(0, at - 300), at + 60)}…`);
        }
  });
