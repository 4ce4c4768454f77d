// The very first window: no config, no key, and yet a route that works.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Editor, pictured, startEditor } from '../tools/vscode/editor.ts';
import type { EditorWindow } from '../tools/vscode/editor-window.ts';
import { askRouter, routerAccess } from '../tools/vscode/router-access.ts';

let editor: Editor;
let window: EditorWindow;

before(async () => {
  editor = await startEditor();
  window = await editor.open();
});
after(() => editor?.close());

test('the status bar names the demo, and nothing complains', () =>
  pictured('first run status', async () => {
    await window.statusShows(/working.*demo/i);
    assert.deepEqual(await window.messages(), []);
  }));

test('the views say that the demo answers and how to add a provider', () =>
  pictured('first run views', async () => {
    await window.showViews();
    await window.rowShows('Routes', 'Default', /demo/i);
    assert.deepEqual(await window.rows('Providers'), []);
    assert.deepEqual(await window.offers('Providers'), [
      'Add Provider',
      'Import from claude-code-router or LiteLLM',
      'Open Config',
    ]);
  }));

test('claude in a terminal gets the labelled demo answer', () =>
  pictured('first run claude', async () => {
    const terminal = await window.terminal();
    assert.match(await terminal.run('claude -p "Say hello"'), /\[Switchyard demo\]/);
  }));

test('claude runs a tool that the demo asks for', () =>
  pictured('first run tool', async () => {
    const terminal = await window.terminal();
    await terminal.run('touch seen-by-the-tool.txt');
    const answer = await terminal.run('claude -p "list the files" --permission-mode bypassPermissions');
    assert.match(answer, /seen-by-the-tool\.txt/);
  }));

test('other programs need the token', async () => {
  const access = await routerAccess(editor);
  assert.match((await askRouter(access, 'hello')).text, /Switchyard demo/);
  assert.equal((await askRouter({ ...access, token: 'wrong' }, 'hello')).status, 401);
});
