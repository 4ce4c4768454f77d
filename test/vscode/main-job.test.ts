// The main job, as a user does it: add providers in the window, type `claude` in a terminal, switch the route, reload,
// open a second window. The tests build on each other, in this order.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ScriptedUpstream, startScriptedUpstream, text } from '../tools/scripted-upstream.ts';
import { type Editor, pictured, startEditor } from '../tools/vscode/editor.ts';
import type { EditorWindow } from '../tools/vscode/editor-window.ts';
import { type RouterAccess, routerAccess } from '../tools/vscode/router-access.ts';
import { until } from '../tools/vscode/until.ts';

let first: ScriptedUpstream;
let second: ScriptedUpstream;
let editor: Editor;
let window: EditorWindow;
let access: RouterAccess;

before(async () => {
  first = await startScriptedUpstream({
    dialect: 'openai-chat',
    keys: ['key-of-first'],
    models: ['first-model'],
    otherwise: () => text('Hello from the first provider.'),
  });
  second = await startScriptedUpstream({
    dialect: 'anthropic',
    keys: ['key-of-second'],
    models: ['second-model', 'other-model'],
    otherwise: () => text('Hello from the second provider.'),
  });
  editor = await startEditor({ files: { 'README.md': '# A project\n' } });
  window = await editor.open();
});
after(async () => {
  await editor?.close();
  await first?.close();
  await second?.close();
});

/** Up to the question where the key comes from. */
async function beginAddProvider(preset: string, name: string, url: string): Promise<void> {
  await window.runCommand('Switchyard: Add Provider…');
  await window.asks(/Which provider\?/);
  await window.pick(preset);
  await window.asks(/A name for this provider/);
  await window.answer(name);
  await window.asks(/The address of the API/);
  await window.answer(url);
  await window.asks(/How does the router get the key\?/);
}

test('a provider is added by answering questions', () =>
  pictured('add provider', async () => {
    await beginAddProvider('Custom, OpenAI-compatible', 'first', first.url);
    assert.deepEqual(first.requests, [], 'nothing was sent before the key was confirmed');
    await window.pick('Enter a key');
    await window.asks(/Enter sends the key/);
    await window.answer('key-of-first');
    await window.asks(/Which models\?/);
    assert.match((await window.offered()).join(), /first-model/);
    await window.confirm();
    await window.asks(/How will it be used\?/);
    await window.confirm();
    await window.statusShows(/first/);
    assert.deepEqual(first.refusals, []);
    access = await routerAccess(editor);
  }));

test('the key is in no file', () =>
  pictured('key in no file', async () => {
    const config = await readFile(join(editor.switchyardHome, 'config.yaml'), 'utf8');
    assert.match(config, /secret:/);
    assert.deepEqual(await editor.filesWith('key-of-first'), []);
  }));

test('the views show route, group, provider, key and model', () =>
  pictured('views', async () => {
    await window.showViews();
    const route = await window.rowShows('Routes', 'Default', /first/);
    assert.match(route.spoken, /Default.*first/);
    const groups = await window.rows('Model Groups');
    assert.match(groups.map((row) => row.label).join(), /first\/first-model/);
    await window.rowShows('Providers', 'first', /127\.0\.0\.1/);
    await window.expand('Providers', 'first');
    await window.rowShows('Providers', 'first-model');
    const labels = (await window.rows('Providers')).map((row) => row.label);
    assert.equal(labels.length, 3, `provider, key and model: ${labels}`);
  }));

test('claude in a terminal is answered by the provider', () =>
  pictured('claude', async () => {
    first.clear();
    const terminal = await window.terminal();
    assert.match(await terminal.run('claude -p "Who are you?"'), /Hello from the first provider\./);
    assert.equal(first.messages[0]?.model, 'first-model');
    assert.equal(first.messages[0]?.key, 'key-of-first');
    assert.deepEqual(first.refusals, []);
    await window.screenshot('main-job');
  }));

test('a second provider does not take over by itself', () =>
  pictured('second provider', async () => {
    await beginAddProvider('Custom, Anthropic-compatible', 'second', `${second.url}/v1`);
    await window.pick('Enter a key');
    await window.asks(/Enter sends the key/);
    await window.answer('wrong-key');
    await window.asks(/No list of models.*401/);
    await window.pick('Change the key');
    await window.asks(/Enter sends the key/);
    await window.answer('key-of-second');
    await window.asks(/Which models\?/);
    await window.confirm(); // few enough to be ticked already
    await window.asks(/Which model is the main one\?/);
    await window.pick('second-model');
    await window.asks(/How will it be used\?/);
    await window.confirm();
    await window.showViews();
    await window.rowShows('Providers', 'second');
    await window.rowShows('Routes', 'Default', /first/);
  }));

test('the default route is switched by the palette, and the next request goes elsewhere', () =>
  pictured('switch route', async () => {
    first.clear();
    second.clear();
    await window.runCommand('Switchyard: Switch Default Route…');
    await window.asks(/Which model group or model/);
    await window.pick('second/second-model');
    await window.rowShows('Routes', 'Default', /second\/second-model/);
    await window.statusShows(/second\/second-model/);
    const terminal = await window.terminal();
    assert.match(await terminal.run('claude -p "And who are you?"'), /Hello from the second provider\./);
    assert.equal(first.messages.length, 0);
    assert.equal(second.messages[0]?.model, 'second-model');
    assert.equal(second.messages[0]?.key, 'key-of-second');
  }));

test('after a reload port, token, keys and open terminals still work', () =>
  pictured('reload', async () => {
    await window.reload();
    await window.statusShows(/working.*second\/second-model/);
    assert.deepEqual(await routerAccess(editor), access);
    second.clear();
    const old = await window.frontTerminal();
    assert.match(await old.run('claude -p "Still there?"'), /Hello from the second provider\./);
    assert.equal(second.messages[0]?.key, 'key-of-second');
    assert.deepEqual(await window.messages(), []);
  }));

test('a second window follows the first, and takes part', () =>
  pictured('second window', async () => {
    const other = await editor.open(await editor.addFolder('other'));
    await other.statusShows(/another window runs the router/);
    assert.deepEqual(await other.messages(), []);
    await other.showViews();
    await other.rowShows('Routes', 'Default', /second\/second-model/);
    second.clear();
    const terminal = await other.terminal();
    assert.match(await terminal.run('claude -p "Who answers here?"'), /Hello from the second provider\./);
    // A switch there is seen here.
    await other.runCommand('Switchyard: Switch Default Route…');
    await other.asks(/Which model group or model/);
    await other.pick('first/first-model');
    await window.statusShows(/first\/first-model/);
    await other.close();
    await until('the first window still works', async () => (await window.status())?.kind === '');
  }));
