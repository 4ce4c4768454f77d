// The commands beside `serve`: without a router, and beside a running one.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { bundle, programs, run } from '../tools/command-line.ts';
import { serveForTest, temporaryFolder, wholeAnswer } from '../tools/router-harness.ts';
import { ccrRelay, ccrWithKey, writeLitellmTree } from '../tools/setups.ts';

const own = `# mine
providers:
  a: { preset: ollama, models: [m, n] } # local
groups:
  g: { targets: [a/m] }
routes: { default: g, think: { to: a/m, effort: high } }
profiles: { cheap: { routes: { default: a/n } } }
`;

interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

for (const program of programs) {
  const name = program === bundle ? 'dist/cli.js' : 'src/cli.ts';

  const commandsIn = (t: TestContext, home: string, env: Record<string, string> = {}) => {
    return async (...words: string[]): Promise<Result> => {
      const { output, ended } = run(t, program, words, { SWITCHYARD_HOME: home, HOME: home, ...env }, home);
      return { code: await ended, ...output };
    };
  };

  test(`${name}: routes, status, use and check from the file when no router runs`, async (t) => {
    const home = temporaryFolder(t);
    writeFileSync(join(home, 'config.yaml'), own);
    const ask = commandsIn(t, home);
    const routes = await ask('routes');
    assert.match(routes.stderr, /^No router runs; this is what .*config\.yaml says\.\n$/);
    assert.match(routes.stdout, /^default +g$/m);
    assert.match(routes.stdout, /^background += default \(g\)$/m);
    const status = await ask('status', '--json');
    assert.equal(status.code, 3);
    assert.equal((JSON.parse(status.stdout) as { running: boolean }).running, false);

    const used = await ask('use', 'default=a/n', 'think=g', 'profile=cheap');
    assert.equal(used.code, 0, used.stderr);
    assert.equal(
      readFileSync(join(home, 'config.yaml'), 'utf8'),
      `${own.replace('default: g, think: { to: a/m', 'default: a/n, think: { to: g')}profile: cheap\n`,
    );
    assert.match(used.stdout, /^default +\S+ +profile cheap$/m);
    const wrong = await ask('use', 'default=b/n');
    assert.equal(wrong.code, 1);
    assert.match(
      wrong.stderr,
      /^switchyard: Nothing was changed\. config\.yaml:7:\d+ profiles\.cheap\.routes\.default: no provider "b"/m,
    );
    const within = await ask('use', 'default=a/m');
    assert.match(within.stderr, /^default is changed in the profile cheap\.$/m);
    assert.match(readFileSync(join(home, 'config.yaml'), 'utf8'), /cheap: \{ routes: \{ default: a\/m \} \}/);
    await ask('use', 'think=', 'profile=none');
    assert.match(readFileSync(join(home, 'config.yaml'), 'utf8'), /^routes: \{ default: a\/n \}$/m);
    assert.equal((await ask('check')).code, 0);
  });

  test(`${name}: check prints file, line, column and path, and ends with 1 on errors only`, async (t) => {
    const home = temporaryFolder(t);
    writeFileSync(
      join(home, 'bad.yaml'),
      'providers:\n  p: { preset: ollama, colour: red }\nroutes: { default: q/m }\n',
    );
    writeFileSync(join(home, 'ccr.json'), ccrWithKey);
    const ask = commandsIn(t, home);
    const bad = await ask('check', 'bad.yaml');
    assert.equal(bad.code, 1);
    assert.equal(
      bad.stdout,
      'bad.yaml:3:20 routes.default: no provider "q"; did you mean "p"?\nbad.yaml:2:24 providers.p.colour: warning: unknown field, ignored\n',
    );
    const foreign = await ask('check', 'ccr.json');
    assert.equal(foreign.code, 0);
    assert.match(
      foreign.stdout,
      /^ccr\.json:7:115 Router\.think: warning: the file defines no provider "deepseek"/,
    );
    assert.equal((await ask('check', 'nowhere.yaml')).code, 1);
    const json = JSON.parse((await ask('check', 'bad.yaml', '--json')).stdout) as { line: number }[];
    assert.deepEqual(
      json.map(({ line }) => line),
      [3, 2],
    );
  });

  test(`${name}: import prints, or writes beside what is there; no key gets into text or report`, async (t) => {
    const home = temporaryFolder(t);
    const file = writeLitellmTree(join(home, 'litellm'));
    const ask = commandsIn(t, home);
    const shown = await ask('import', file);
    assert.equal(shown.code, 0, shown.stderr);
    assert.match(shown.stdout, /^groups:$/m);
    assert.match(
      shown.stderr,
      /SWITCHYARD_SECRET_MODELSCOPE {2}\(secret:modelscope, for api-inference\.modelscope\.cn\)/,
    );
    assert.doesNotMatch(shown.stdout + shown.stderr, /canary/);
    assert.equal(existsSync(join(home, 'config.yaml')), false);
    assert.equal((await ask('import', file, '--write')).code, 0);
    assert.equal((await ask('check')).code, 0);
    const again = await ask('import', file, '--write');
    assert.match(again.stderr, /^Written to imported-litellm\.yaml, which config\.yaml includes\./);
    assert.equal((await ask('check')).code, 0);
    const none = await ask('import', join(home, 'config.yaml'));
    assert.equal(none.code, 1);
    assert.match(none.stderr, /^switchyard: This file is the configuration itself/);
  });

  test(`${name}: beside a running router the same commands speak with it`, async (t) => {
    const keys: string[] = [];
    const upstream = await serveForTest(t, (request, response) => {
      keys.push(String(request.headers['x-api-key']));
      response.writeHead(200, { 'content-type': 'application/json' }).end(wholeAnswer('ok'));
    });
    const home = temporaryFolder(t);
    const config = `providers:\n  p: { dialect: anthropic, base_url: "${upstream}", keys: [env:KEY], models: [m, n] }\nroutes: { default: p/m }\n`;
    writeFileSync(join(home, 'config.yaml'), config);
    const ask = commandsIn(t, home, { KEY: 'canary-of-the-environment' });
    const { line } = run(t, program, ['serve', '--json', '--port=0'], {
      SWITCHYARD_HOME: home,
      KEY: 'canary-of-the-environment',
    });
    const { port } = JSON.parse(await line) as { port: number };
    const at = ['--port', String(port)];

    const status = await ask('status', ...at);
    assert.equal(status.code, 0, status.stderr);
    assert.match(status.stdout, new RegExp(`at http://127\\.0\\.0\\.1:${port}`));
    assert.match(status.stdout, /^p +anthropic +http.* env:KEY +ok$/m);
    writeFileSync(join(home, 'other.yaml'), 'providers: { z: { preset: ollama, models: [m] } }\n');
    const other = await ask('routes', '--config', 'other.yaml', ...at);
    assert.match(
      other.stderr,
      /^The running router uses .*config\.yaml; this is what .*other\.yaml says\.\n$/,
    );
    assert.match(other.stdout, /^default +z\/m$/m, 'its first model, for want of a default route');
    const otherUsed = await ask('use', 'default=z/n', '--json', '--config', 'other.yaml', ...at);
    assert.match(otherUsed.stderr, /other\.yaml is changed\.$/m);
    assert.equal((JSON.parse(otherUsed.stdout) as { target: string }[])[0]?.target, 'z/n');
    const used = await ask('use', 'default=p/n', ...at);
    assert.equal(used.code, 0, used.stderr);
    assert.match(used.stderr, /^In force now:\n$/);
    assert.match(used.stdout, /^default +p\/n/m);
    const routes = JSON.parse((await ask('routes', '--json', ...at)).stdout) as {
      name: string;
      target: string;
    }[];
    assert.equal(routes.find((route) => route.name === 'default')?.target, 'p/n');

    const doctor = JSON.parse((await ask('doctor', '--json', '--probe', ...at)).stdout) as {
      subject: string;
      level: string;
    }[];
    assert.deepEqual(
      doctor.filter(({ level }) => level !== 'ok'),
      [],
    );
    assert.ok(doctor.some(({ subject }) => subject === 'provider p, key KEY'));
    assert.deepEqual(keys, ['canary-of-the-environment']);
    assert.doesNotMatch(JSON.stringify([status, doctor, routes]), /canary/);
  });

  test(`${name}: doctor finds what is wrong and says what to do`, async (t) => {
    const home = temporaryFolder(t);
    writeFileSync(
      join(home, 'config.yaml'),
      own.replace('preset: ollama', 'preset: deepseek, keys: [env:NOT_SET, secret:kept]'),
    );
    mkdirSync(join(home, '.claude'));
    writeFileSync(
      join(home, '.claude', 'settings.json'),
      '{ "env": { "ANTHROPIC_BASE_URL": "https://else.example" }, "apiKeyHelper": "x" }',
    );
    writeFileSync(join(home, 'token'), 'secret-token\n');
    chmodSync(join(home, 'token'), 0o644);
    const ask = commandsIn(t, home, {
      HTTP_PROXY: 'http://127.0.0.1:7890',
      ANTHROPIC_API_KEY: 'canary-a',
      ANTHROPIC_AUTH_TOKEN: 'canary-b',
    });
    const { code, stdout } = await ask('doctor');
    assert.equal(code, 1);
    for (const part of [
      /^error {4}router: no router runs$/m,
      /^error {4}key env:NOT_SET of a: the variable NOT_SET is not set/m,
      /^warning {2}key secret:kept of a: the variable SWITCHYARD_SECRET_KEPT is not set/m,
      /^error {4}files: .*token can be read by others \(mode 644\)$/m,
      /^ +Run: chmod 600 /m,
      /^warning {2}Claude Code: .*settings\.json sets ANTHROPIC_BASE_URL, apiKeyHelper,/m,
      /^warning {2}proxy: HTTP_PROXY is set, and NO_PROXY does not exclude this machine/m,
      /^warning {2}terminal: ANTHROPIC_API_KEY and ANTHROPIC_AUTH_TOKEN are both set/m,
    ])
      assert.match(stdout, part);
    assert.doesNotMatch(stdout, /canary|secret-token/);
  });

  test(`${name}: a file of another program is served, and not edited`, async (t) => {
    const home = temporaryFolder(t);
    writeFileSync(join(home, 'ccr.json'), ccrRelay);
    const ask = commandsIn(t, home, { SWITCHYARD_CONFIG: 'ccr.json' });
    const routes = await ask('routes');
    assert.match(routes.stdout, /^think +gemini\/gemini-3-pro-preview$/m);
    const used = await ask('use', 'default=gemini/gemini-2.5-pro');
    assert.equal(used.code, 1);
    assert.match(
      used.stderr,
      /^switchyard: ccr\.json is a file of claude-code-router, which runs as it is and is never written; import it/,
    );
    assert.equal(readFileSync(join(home, 'ccr.json'), 'utf8'), ccrRelay);
  });
}
