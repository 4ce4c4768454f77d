// Another program's file as the configuration: it serves, it is not edited, and an import takes its place.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readLeader } from '../../src/node/control-client.ts';
import { type ScriptedUpstream, startScriptedUpstream, text } from '../tools/scripted-upstream.ts';
import { type Editor, pictured, startEditor } from '../tools/vscode/editor.ts';
import type { EditorWindow } from '../tools/vscode/editor-window.ts';
import { askRouter, routerAccess } from '../tools/vscode/router-access.ts';
import { until } from '../tools/vscode/until.ts';

const key = 'sk-canary-of-the-file';
let upstream: ScriptedUpstream;
let editor: Editor;
let window: EditorWindow;
let written: string;

before(async () => {
  upstream = await startScriptedUpstream({ keys: [key], otherwise: () => text('Good.') });
  written = JSON.stringify(
    {
      Providers: [
        {
          name: 'relay',
          api_base_url: `${upstream.url}/v1/chat/completions`,
          api_key: key,
          models: ['big', 'small'],
        },
      ],
      Router: { default: 'relay,big', think: 'nobody,x' },
    },
    undefined,
    2,
  );
  // The setting's paths begin in the extension's home.
  editor = await startEditor({
    files: { 'ccr.json': `${written}\n` },
    settings: { 'switchyard.configFile': '../../project/ccr.json' },
  });
  window = await editor.open();
});
after(async () => {
  await editor?.close();
  await upstream?.close();
});

const theirs = () => readFile(join(editor.folder, 'ccr.json'), 'utf8');
const ours = () => readFile(join(editor.switchyardHome, 'config.yaml'), 'utf8');

test('it serves with the key that it holds, and its mistakes are shown', () =>
  pictured('foreign file', async () => {
    await window.statusShows(/working/);
    assert.match((await askRouter(await routerAccess(editor), 'Hello')).text, /Good\./);
    assert.equal(upstream.messages[0]?.model, 'big');
    await until(
      async () => `the Problems panel shows the route to nowhere: ${await window.problems()}`,
      async () => (await window.problems()).some((line) => line.includes('no provider "nobody"')),
    );
  }));

test('what would edit it offers an import', () =>
  pictured('foreign file not edited', async () => {
    await window.runCommand('Switchyard: Switch Default Route');
    await until(
      async () => `a message offers an import: ${await window.messages()}`,
      async () => (await window.messages()).some((line) => /claude-code-router: it runs as it is/.test(line)),
    );
    assert.equal(await theirs(), `${written}\n`);
  }));

test('an import shows what it would write, and writes it when asked', () =>
  pictured('import', async () => {
    await window.runCommand('Switchyard: Import');
    await window.asks(/Which file\?/);
    await window.pick('claude-code-router');
    await window.asks(/Import from claude-code-router/);
    await window.page.locator('.tab.active[data-resource-name="Import: config.yaml"]').waitFor();
    await window.screenshot('import');
    await assert.rejects(ours(), /ENOENT/, 'nothing is written before it is confirmed');
    await window.pick('Write config.yaml');
    await until('the configuration is written', async () => (await ours().catch(() => '')) !== '');
    const text = await ours();
    assert.match(text, /^# Imported by Switchyard from ccr\.json \(claude-code-router\)\.$/m);
    assert.match(text, /keys: \[ secret:relay \]/);
    assert.equal(await theirs(), `${written}\n`);
    assert.deepEqual(
      await editor.filesWith(key),
      [join(editor.folder, 'ccr.json')],
      'the key is where it was, and in the secret storage',
    );
  }));

test('the setting then leads to the new file, with the key from the secret storage', () =>
  pictured('import in force', async () => {
    await until(
      async () => `the other file is offered: ${await window.messages()}`,
      async () => (await window.messages()).some((line) => /still names/.test(line)),
    );
    await window.page.getByRole('button', { name: /^Use .*config\.yaml$/ }).click();
    await window.showViews();
    await window.rowShows('Providers', 'relay');
    const access = await routerAccess(editor);
    const secret = (await readFile(join(editor.switchyardHome, 'control'), 'utf8')).trim();
    // The old file held the key itself: the new one refers to the secret storage.
    await until('the new file is in force', async () => {
      const shown = await readLeader(access.port, secret).catch(() => undefined);
      return shown?.providers[0]?.keys[0]?.reference === 'secret:relay';
    });
    upstream.clear();
    assert.match((await askRouter(access, 'Hello again')).text, /Good\./);
    assert.equal(upstream.messages[0]?.key, key);
  }));
