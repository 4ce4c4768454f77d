// The contract of the command line, from the sources and, where it was built, from the bundle.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import manifest from '../../package.json' with { type: 'json' };
import { bundle, programs, run } from '../tools/command-line.ts';
import { messagesBody, serveForTest, temporaryFolder, wholeAnswer } from '../tools/router-harness.ts';

interface Hello {
  url: string;
  token: string;
  port: number;
  version: string;
}

if (programs.length === 1) test('dist/cli.js', { skip: 'the bundle is not built (npm run build)' }, () => {});

for (const program of programs) {
  const name = program === bundle ? 'dist/cli.js' : 'src/cli.ts';

  test(`${name}: serve --json tells where it listens and serves until SIGTERM`, async (t) => {
    const home = temporaryFolder(t);
    const { child, line, output, ended } = run(t, program, ['serve', '--port', '0', '--json'], {
      SWITCHYARD_HOME: home,
    });
    const hello = JSON.parse(await line) as Hello;
    assert.deepEqual(Object.keys(hello).sort(), ['port', 'token', 'url', 'version']);
    assert.equal(hello.version, manifest.version);
    assert.equal(hello.url, `http://127.0.0.1:${hello.port}`);
    assert.equal(readFileSync(join(home, 'token'), 'utf8').trim(), hello.token);
    assert.equal(existsSync(join(home, 'state.json')), false, 'an ephemeral port is not remembered');
    const response = await fetch(`${hello.url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': hello.token },
      body: JSON.stringify(messagesBody()),
    });
    assert.equal(response.status, 200);
    await response.text();
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
    assert.equal(output.stdout, `${JSON.stringify(hello)}\n`, 'nothing else goes to standard output');
    assert.doesNotMatch(output.stderr, new RegExp(hello.token));
  });

  test(`${name}: token, keys and configuration from the environment`, async (t) => {
    const keys: string[] = [];
    const url = await serveForTest(t, (request, response) => {
      keys.push(String(request.headers['x-api-key']));
      response.writeHead(200, { 'content-type': 'application/json' }).end(wholeAnswer('ok'));
    });
    const home = temporaryFolder(t);
    const config = join(home, 'other.yaml');
    writeFileSync(
      config,
      `providers:\n  p: { dialect: anthropic, base_url: "${url}", keys: [secret:my-key], models: [m] }\nroutes: { default: p/m }\n`,
    );
    const { line, output } = run(t, program, ['serve', '--json', '--port=0'], {
      SWITCHYARD_HOME: home,
      SWITCHYARD_CONFIG: config,
      SWITCHYARD_TOKEN: 'token-of-the-test',
      SWITCHYARD_SECRET_MY_KEY: 'headless-canary-key',
    });
    const hello = JSON.parse(await line) as Hello;
    assert.equal(hello.token, 'token-of-the-test');
    assert.equal(existsSync(join(home, 'token')), false);
    const ask = (token: string) =>
      fetch(`${hello.url}/v1/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify(messagesBody()),
      });
    assert.equal((await ask('wrong')).status, 401);
    const response = await ask('token-of-the-test');
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('x-switchyard-provider'), 'p');
    await response.text();
    assert.deepEqual(keys, ['headless-canary-key']);
    assert.doesNotMatch(output.stderr, /canary|token-of-the-test/);
  });

  test(`${name}: SIGINT gives open answers two seconds and takes no new connections`, async (t) => {
    const arrived = Promise.withResolvers<() => void>();
    const url = await serveForTest(t, (_, response) =>
      arrived.resolve(() => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(wholeAnswer('late'));
      }),
    );
    const home = temporaryFolder(t);
    writeFileSync(
      join(home, 'config.yaml'),
      `providers:\n  p: { preset: custom-anthropic, base_url: "${url}", models: [m] }\nroutes: { default: p/m }\n`,
    );
    const { child, line, ended } = run(t, program, ['serve', '--json', '--port=0'], {
      SWITCHYARD_HOME: home,
    });
    const hello = JSON.parse(await line) as Hello;
    const asked = fetch(`${hello.url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': hello.token },
      body: JSON.stringify(messagesBody()),
    });
    const finish = await arrived.promise;
    child.kill('SIGINT');
    for (;;) {
      const refused = await fetch(`${hello.url}/health`, { headers: { connection: 'close' } }).then(
        (response) => response.text().then(() => false),
        () => true,
      );
      if (refused) break;
    }
    finish();
    assert.match(await (await asked).text(), /late/);
    assert.equal(await ended, 0);
  });

  test(`${name}: a taken port, a missing file and wrong usage are one sentence each`, async (t) => {
    const home = temporaryFolder(t);
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    t.after(() => taken.close());
    const { port } = taken.address() as AddressInfo;
    const cases: [string[], number, RegExp][] = [
      [['serve', '--port', String(port)], 1, new RegExp(`^switchyard: Port ${port} is used by `)],
      [
        ['serve', '--config', join(home, 'nowhere.yaml')],
        1,
        /^switchyard: There is no configuration file .*nowhere\.yaml\./,
      ],
      [['serve', '--port', 'many'], 64, /^switchyard: --port takes a number/],
      [['serve', '--verbose'], 64, /^switchyard: Unknown option '--verbose'\./],
      [['dance'], 64, /^switchyard: There is no command "dance"\./],
      [[], 64, /^switchyard: /],
    ];
    for (const [words, code, sentence] of cases) {
      const { ended, output } = run(t, program, words, { SWITCHYARD_HOME: home });
      assert.equal(await ended, code, words.join(' '));
      const lines = output.stderr
        .trim()
        .split('\n')
        .filter((line) => line.startsWith('switchyard:'));
      assert.match(lines.join('\n'), sentence);
      assert.equal(lines.length, 1, output.stderr);
      assert.equal(output.stdout, '');
    }
  });

  test(`${name}: --version and --help`, async (t) => {
    const asked = run(t, program, ['--version']);
    assert.equal(await asked.ended, 0);
    assert.equal(asked.output.stdout, `${manifest.version}\n`);
    const help = run(t, program, ['--help']);
    assert.equal(await help.ended, 0);
    for (const word of ['serve', '--config', '--port', '--json', 'SWITCHYARD_TOKEN'])
      assert.ok(help.output.stdout.includes(word), word);
  });
}

test('an older Node gets one sentence and exit code 2', async (t) => {
  const home = temporaryFolder(t);
  // The version is what the program sees; nothing older need be installed.
  const pretend = join(home, 'old-node.cjs');
  writeFileSync(pretend, "Object.defineProperty(process.versions, 'node', { value: '20.19.0' });\n");
  for (const program of programs) {
    const child = spawn(process.execPath, ['--require', pretend, program, 'serve']);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    assert.equal(code, 2, program);
    assert.equal(stderr, 'switchyard needs Node 22.19 or newer; this is Node 20.19.0.\n');
  }
});
