// The status bar tells when a provider fails, and when it is well again.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { failure, type ScriptedUpstream, startScriptedUpstream, text } from '../tools/scripted-upstream.ts';
import { type Editor, pictured, startEditor } from '../tools/vscode/editor.ts';
import type { EditorWindow } from '../tools/vscode/editor-window.ts';
import { askRouter, routerAccess } from '../tools/vscode/router-access.ts';

let main: ScriptedUpstream;
let spare: ScriptedUpstream;
let editor: Editor;
let window: EditorWindow;

before(async () => {
  main = await startScriptedUpstream({ otherwise: () => text('Main.') });
  spare = await startScriptedUpstream({ otherwise: () => text('Spare.') });
  editor = await startEditor({
    config: `# kept by hand
providers:
  main: { dialect: anthropic, base_url: "${main.url}", keys: ["env:MAIN_KEY"], models: [main-model] }
  spare: { dialect: openai-chat, base_url: "${spare.url}", keys: ["env:SPARE_KEY"], models: [spare-model] }
groups:
  best: { targets: [main/main-model, spare/spare-model] }
routes:
  default: best
resilience: { cooldown: 8 }
`,
    env: { MAIN_KEY: 'key-of-main', SPARE_KEY: 'key-of-spare' },
  });
  window = await editor.open();
});
after(async () => {
  await editor?.close();
  await main?.close();
  await spare?.close();
});

test('a failing provider turns the status bar to degraded, and back when it recovers', () =>
  pictured('health', async () => {
    await window.statusShows(/working.*best/);
    const access = await routerAccess(editor);
    assert.match((await askRouter(access, 'Hello')).text, /Main\./);

    await window.showViews();

    main.otherwise = () => failure(429);
    assert.match((await askRouter(access, 'Hello')).text, /Spare\./, 'the user notices nothing');
    await window.statusShows(/partly failing/);
    await window.rowShows('Model Groups', 'main/main-model', /\d+ ?s/);
    await window.rowShows('Model Groups', 'spare/spare-model');
    await window.screenshot('degraded');

    main.otherwise = () => text('Main again.');
    await window.statusShows(/working.*best/);
    await window.rowShows('Model Groups', 'main/main-model', /^$/);
    assert.match((await askRouter(access, 'Hello')).text, /Main again\./);
  }));

test('when nothing answers, the status bar says down and why, and Test Provider brings it back', () =>
  pictured('down', async () => {
    const access = await routerAccess(editor);
    main.otherwise = () => failure(401);
    spare.otherwise = () => failure(401);
    const { status } = await askRouter(access, 'Hello');
    assert.ok(status >= 429, `an honest error, not the provider's 401: ${status}`);
    await window.statusShows(/not available/, 'error');

    main.otherwise = () => text('Main with its key.');
    await window.runCommand('Switchyard: Test Provider…');
    await window.asks(/provider/i);
    await window.pick('main');
    await window.statusShows(/partly failing|working/);
    assert.match((await askRouter(access, 'Hello')).text, /Main with its key\./);
  }));
