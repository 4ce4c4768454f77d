// The checks of test/extension-host inside the extension host of a real VS Code server.
import assert from 'node:assert/strict';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ensureVscodeServer } from '../../src/dev/cache.ts';
import { startServer, withoutNpm } from '../../src/dev/server-process.ts';
import { launchBrowser } from '../tools/vscode/editor.ts';

const root = join(import.meta.dirname, '..', '..');
const token = 'token-of-the-tests';

test('commands, router, demo, config and problems, seen from inside the extension host', async (t) => {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'switchyard-host-')));
  t.after(() => rm(base, { recursive: true, force: true, maxRetries: 5 }));
  const server = await startServer({
    server: await ensureVscodeServer(),
    dataFolder: join(base, 'server'),
    extensionsFolder: join(base, 'extensions'),
    connectionToken: token,
    env: { ...withoutNpm(process.env), HOME: base, SWITCHYARD_HOME: join(base, 'home') },
    flags: ['--disable-workspace-trust', '--enable-smoke-test-driver'],
  });
  t.after(() => server.stop());
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const page = await browser.newPage();
  const output: string[] = [];
  const ended = new Promise<number>((resolve) => {
    void page.exposeFunction('codeAutomationExit', resolve);
  });
  await page.exposeFunction('codeAutomationLog', (_type: string, parts: unknown[]) =>
    output.push(parts.join(' ')),
  );
  const inEditor = (path: string) => `vscode-remote://localhost:${server.port}${path}`;
  const payload = [
    ['extensionDevelopmentPath', inEditor(root)],
    ['extensionTestsPath', inEditor(join(root, 'test', 'extension-host', 'suite.cjs'))],
    ['skipWelcome', 'true'],
  ];
  const query = new URLSearchParams({ tkn: token, folder: base, payload: JSON.stringify(payload) });
  await page.goto(`http://localhost:${server.port}/?${query}`);
  assert.equal(await ended, 0, output.join('\n'));
  assert.equal(output.filter((line) => line.includes('ok ')).length, 6, output.join('\n'));
});
