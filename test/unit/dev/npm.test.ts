import assert from 'node:assert/strict';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { npmEnvironment, run } from '../../../src/dev/npm.ts';
import { withoutNpm } from '../../../src/dev/server-process.ts';

const path = [join('/clone', 'node_modules', '.bin'), '/usr/bin', '/bin'].join(delimiter);
const clean = ['/usr/bin', '/bin'].join(delimiter);

test('npm keeps its settings, but neither the outer project nor our own Node', () => {
  const env = npmEnvironment({
    PATH: path,
    HOME: '/home/me',
    npm_package_name: 'switchyard',
    npm_lifecycle_event: 'test',
    npm_config_local_prefix: '/clone',
    npm_config_globalconfig: '/usr/etc/npmrc',
    npm_config_registry: 'https://registry.example/',
  });
  assert.deepEqual(env, {
    PATH: clean,
    HOME: '/home/me',
    npm_config_globalconfig: '/usr/etc/npmrc',
    npm_config_registry: 'https://registry.example/',
  });
});

test('terminals of a started editor see nothing of npm', () => {
  const env = withoutNpm({ PATH: path, HOME: '/home/me', npm_config_cache: '/x', INIT_CWD: '/clone' });
  assert.deepEqual(env, { PATH: clean, HOME: '/home/me' });
});

test('a program that fails or takes too long is told with its output', async () => {
  const script = (code: string, seconds: number) =>
    run(process.execPath, ['-e', code], { cwd: '/', seconds }).catch((error: Error) => error.message);
  assert.match(await script("console.log('some words'); process.exit(3)", 20), /ended with 3\nsome words/);
  assert.match(await script('setInterval(() => {}, 1000)', 0.5), /was ended by SIGTERM \(limit 0\.5 s\)/);
  assert.equal(await script("process.stdout.write('fine')", 20), 'fine');
});
