// Two windows of one editor: both take part, and the port lives on when the window that has it reloads, dies or is left
// behind by its user. The tests build on each other, in this order.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import {
  type Answer,
  type ScriptedUpstream,
  startScriptedUpstream,
  text,
} from '../tools/scripted-upstream.ts';
import { type Editor, pictured, startEditor } from '../tools/vscode/editor.ts';
import type { EditorWindow } from '../tools/vscode/editor-window.ts';
import { askRouter, type RouterAccess, routerAccess } from '../tools/vscode/router-access.ts';
import { until } from '../tools/vscode/until.ts';
import { untilServed } from '../tools/window-processes.ts';

let upstream: ScriptedUpstream;
let editor: Editor;
let leader: EditorWindow;
let follower: EditorWindow;
let access: RouterAccess;
let answer: () => Answer = () => text('Well done.');

before(async () => {
  upstream = await startScriptedUpstream({
    dialect: 'anthropic',
    keys: ['key-of-both'],
    models: ['first-model', 'second-model'],
    otherwise: () => answer(),
  });
  editor = await startEditor({
    config: [
      'providers:',
      `  both: { dialect: anthropic, base_url: "${upstream.url}", keys: [secret:both], models: [first-model, second-model] }`,
      'routes: { default: both/first-model }',
      '',
    ].join('\n'),
  });
  leader = await editor.open();
  await leader.statusShows(/first-model/, 'error');
  follower = await editor.open(await editor.addFolder('other'));
  await follower.statusShows(/another window runs the router/, 'error');
  access = await routerAccess(editor);
});
after(async () => {
  await editor?.close();
  await upstream?.close();
});

/** The process of the extension host whose router serves the port. */
async function servingProcess(): Promise<number> {
  const nonce = randomBytes(16).toString('hex');
  const hello = await fetch(`http://127.0.0.1:${access.port}/_switchyard/hello?nonce=${nonce}`);
  return ((await hello.json()) as { pid: number }).pid;
}

test('a key that is entered in the following window serves through the leader, and both show it', () =>
  pictured('key in follower', async () => {
    await follower.runCommand('Switchyard: Set Key…');
    await follower.asks(/Enter stores it and tests it/);
    await follower.answer('key-of-both');
    await leader.statusShows(/working/);
    await follower.statusShows(/working.*another window/);
    assert.match((await askRouter(access, 'hello')).text, /Well done\./);
    await until('the key was sent', () => upstream.messages.at(-1)?.key === 'key-of-both');
  }));

test('an edit of the file shows in both windows', () =>
  pictured('edit', async () => {
    const file = join(editor.switchyardHome, 'config.yaml');
    const config = await readFile(file, 'utf8');
    await writeFile(file, config.replace('default: both/first-model', 'default: both/second-model'));
    await leader.statusShows(/second-model/);
    await follower.statusShows(/second-model/);
    await askRouter(access, 'hello');
    assert.equal(upstream.messages.at(-1)?.model, 'second-model');
  }));

test('a running turn of Claude Code survives the reload of the window that runs the router', () =>
  pictured('turn over reload', async () => {
    upstream.clear();
    // The first answer hangs in its middle until its connection is cut.
    answer = () =>
      upstream.messages.length <= 1
        ? { parts: [{ text: ['It has ', 'begun'] }, { wait: new Promise(() => {}) }] }
        : text('It has begun and come to its end.');
    const terminal = await follower.terminal();
    const turn = terminal.run('claude -p "A long task"', 90);
    await until('the turn runs', () => upstream.messages.length === 1, 60);
    await leader.reload();
    assert.match(await turn, /come to its end\./);
    assert.ok(upstream.messages.length >= 2);
    answer = () => text('Well done.');
    await leader.statusShows(/working/);
    // The result of an earlier test of the provider may still be shown.
    const complaints = (await follower.messages()).filter((message) => !message.startsWith('both works'));
    assert.deepEqual(complaints, []);
  }));

test('kill -9 of the extension host that serves: another window has the port within a second', (t: TestContext) =>
  pictured('kill', async () => {
    // Who leads was settled by the reload: the window that stayed.
    await follower.statusShows(/^(?!.*another window).*working/);
    await leader.statusShows(/working.*another window/);
    process.kill(await servingProcess(), 'SIGKILL');
    const took = await untilServed(access.port);
    t.diagnostic(`served again ${took.toFixed(0)} ms after the death`);
    assert.ok(took < 1000, `${took} ms`);
    await leader.statusShows(/^(?!.*another window).*working/);
    assert.deepEqual(await routerAccess(editor), access);
    assert.match((await askRouter(access, 'hello')).text, /Well done\./);
  }));

test('a host whose window is gone gives the port to a window that opens', () =>
  pictured('orphan', async () => {
    const orphan = await servingProcess();
    await follower.close();
    // The window ends without a goodbye, as when a laptop is closed: the server keeps its host alive.
    await leader.crash();
    const last = await editor.open();
    await last.statusShows(/working.*another window/);
    assert.equal(await servingProcess(), orphan);
    await last.statusShows(/^(?!.*another window).*working/, '', 60);
    assert.notEqual(await servingProcess(), orphan);
    process.kill(orphan, 0);
    assert.match((await askRouter(access, 'hello')).text, /Well done\./);
  }));
