// Profiles in the editor: switched from the palette for all, named by a setting for the terminals of one window. And
// tokens for clients.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ScriptedUpstream, startScriptedUpstream, text } from '../tools/scripted-upstream.ts';
import { type Editor, pictured, startEditor } from '../tools/vscode/editor.ts';
import type { EditorWindow } from '../tools/vscode/editor-window.ts';
import { askRouter, routerAccess } from '../tools/vscode/router-access.ts';
import { until } from '../tools/vscode/until.ts';

let upstream: ScriptedUpstream;
let editor: Editor;
let window: EditorWindow;

before(async () => {
  upstream = await startScriptedUpstream({ keys: ['k'], otherwise: () => text('Well done.') });
  editor = await startEditor({
    config: `providers:
  main: { dialect: anthropic, base_url: "${upstream.url}", keys: ["env:MAIN_KEY"], models: [good, small, careful] }
routes:
  default: main/good # the usual one
profiles:
  cheap: { routes: { default: main/small } }
  careful: { routes: { default: main/careful } }
clients: [{ name: cherry, token: "secret:cherry", profile: cheap }]
`,
    env: { MAIN_KEY: 'k' },
    files: { '.vscode/settings.json': '{ "switchyard.profile": "careful" }\n' },
  });
  await editor.settleClaude();
  window = await editor.open();
  await window.statusShows(/working/);
});
after(async () => {
  await editor?.close();
  await upstream?.close();
});

const asked = () => upstream.messages.map((request) => request.model);

test('Switch Profile puts a profile in force from the next request on', () =>
  pictured('switch profile', async () => {
    const access = await routerAccess(editor);
    await askRouter(access, 'hello');
    await window.runCommand('Switchyard: Switch Profile…');
    await window.asks(/Which profile is in force/);
    await window.pick('cheap');
    await window.showViews();
    await window.rowShows('Routes', 'Default', /main\/small · profile cheap/);
    await askRouter(access, 'hello');
    assert.deepEqual(asked(), ['good', 'small']);
    const config = await readFile(join(editor.switchyardHome, 'config.yaml'), 'utf8');
    assert.match(config, /default: main\/good # the usual one\n/);
    assert.match(config, /^profile: cheap$/m);
  }));

test('under a profile, Switch Default Route changes what is in force: the profile', () =>
  pictured('route of a profile', async () => {
    upstream.clear();
    await window.runCommand('Switchyard: Switch Default Route…');
    await window.asks(/Default · profile cheap/);
    await window.pick('main/careful');
    await window.rowShows('Routes', 'Default', /main\/careful · profile cheap/);
    await askRouter(await routerAccess(editor), 'hello');
    assert.deepEqual(asked(), ['careful']);
    const config = await readFile(join(editor.switchyardHome, 'config.yaml'), 'utf8');
    assert.match(config, /default: main\/good # the usual one\n/);
    assert.match(config, /cheap: \{ routes: \{ default: main\/careful \} \}/);
    await window.runCommand('Switchyard: Switch Default Route…');
    await window.pick('main/small');
    await window.rowShows('Routes', 'Default', /main\/small · profile cheap/);
  }));

test('claude in a terminal of a window that names a profile uses that one', () =>
  pictured('profile of a window', async () => {
    upstream.clear();
    const terminal = await window.terminal();
    assert.match(await terminal.run('claude -p "How did it go?"'), /Well done\./);
    assert.ok(asked().includes('careful'), asked().join());
    assert.ok(!asked().includes('small'), asked().join());
  }));

test('Set Client Token lets a client in', () =>
  pictured('client token', async () => {
    await window.runCommand('Switchyard: Set Client Token…');
    await window.asks(/Whose token\?/);
    await window.pick('cherry');
    await window.pick('Enter a token');
    await window.asks(/The token that the client sends/);
    await window.answer('token-of-cherry-0123456789');
    const access = { ...(await routerAccess(editor)), token: 'token-of-cherry-0123456789' };
    upstream.clear();
    await until('the client is let in', async () => (await askRouter(access, 'hello')).status === 200);
    assert.deepEqual(asked(), ['small']);
  }));
