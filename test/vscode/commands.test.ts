// Commands beside the main job, and what happens when the window that runs the router goes.

import assert from 'node:assert/strict';
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
  upstream = await startScriptedUpstream({
    keys: ['sk-canary-0123456789'],
    otherwise: () => text('Well done.'),
  });
  editor = await startEditor({
    config: `providers:
  main: { dialect: anthropic, base_url: "${upstream.url}", keys: ["env:MAIN_KEY"], models: [main-model] }
routes:
  default: main/main-model
`,
    env: { MAIN_KEY: 'sk-canary-0123456789' },
  });
  await editor.settleClaude();
  window = await editor.open();
  await window.statusShows(/working/);
});
after(async () => {
  await editor?.close();
  await upstream?.close();
});

test('Open Claude Code opens a terminal in which claude answers', () =>
  pictured('open claude code', async () => {
    await window.runCommand('Switchyard: Open Claude Code');
    await window.openedTerminal().askClaude('How did it go?', /Well done\./);
    assert.equal(upstream.messages[0]?.key, 'sk-canary-0123456789');
  }));

test('Show Log shows who answered, and no key', () =>
  pictured('show log', async () => {
    await askRouter(await routerAccess(editor), 'hello');
    await window.runCommand('Switchyard: Show Log');
    await until(
      async () => `the log names the deployment, it shows:\n${await window.output()}`,
      async () => /main\/main-model/.test(await window.output()),
    );
    assert.deepEqual(await editor.filesWith('sk-canary-0123456789'), []);
  }));

test('Pause Router refuses requests until it is resumed', () =>
  pictured('pause', async () => {
    const access = await routerAccess(editor);
    await window.runCommand('Switchyard: Pause Router');
    await window.statusShows(/paused/);
    const refused = await askRouter(access, 'hello').catch(() => undefined);
    assert.notEqual(refused?.status, 200);
    await window.runCommand('Switchyard: Resume Router');
    await window.statusShows(/working/);
    assert.equal((await askRouter(access, 'hello')).status, 200);
  }));

test('Restart Router comes back on the same port', () =>
  pictured('restart', async () => {
    const access = await routerAccess(editor);
    await window.runCommand('Switchyard: Restart Router');
    await until('it answers again', async () => (await askRouter(access, 'hello')).status === 200);
    await window.statusShows(/working/);
    assert.deepEqual(await routerAccess(editor), access);
  }));

test('when the window that runs the router closes, the other takes over on the same port', () =>
  pictured('take over', async () => {
    const access = await routerAccess(editor);
    const other = await editor.open(await editor.addFolder('other'));
    await other.statusShows(/another window runs the router/);
    await window.close();
    await until('the other window runs the router', async () => {
      const status = await other.status();
      return status?.spoken.includes('working') && !status.spoken.includes('another window');
    });
    assert.match((await askRouter(access, 'hello')).text, /Well done\./);
    assert.deepEqual(await other.messages(), []);
  }));
