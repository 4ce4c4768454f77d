// What is in the way, found and mended from one list; a new token; and what Claude Code's own settings get and lose.

import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ScriptedUpstream, startScriptedUpstream, text } from '../tools/scripted-upstream.ts';
import { type Editor, pictured, startEditor } from '../tools/vscode/editor.ts';
import type { EditorWindow } from '../tools/vscode/editor-window.ts';
import { askRouter, routerAccess } from '../tools/vscode/router-access.ts';
import { until } from '../tools/vscode/until.ts';

/** What Claude Code's extension contributes of settings; see its documentation. */
const claudeExtension = {
  publisher: 'anthropic',
  name: 'claude-code',
  contributes: {
    configuration: {
      properties: {
        'claudeCode.environmentVariables': { type: 'array', default: [] },
        'claudeCode.disableLoginPrompt': { type: 'boolean', default: false },
        // The server of the tests has no Settings Sync, and does not know its setting.
        'settingsSync.ignoredSettings': { type: 'array', default: [] },
      },
    },
  },
};
const kept = { name: 'DISABLE_TELEMETRY', value: '1' };

let upstream: ScriptedUpstream;
let editor: Editor;
let window: EditorWindow;

before(async () => {
  upstream = await startScriptedUpstream({ otherwise: () => text('Well done.') });
  editor = await startEditor({
    config: `providers:
  main: { dialect: anthropic, base_url: "${upstream.url}", models: [main-model] }
  other: { dialect: anthropic, base_url: "${upstream.url}", keys: [secret:other], models: [other-model] }
routes:
  default: main/main-model
`,
    manifests: [claudeExtension],
    settings: { 'claudeCode.environmentVariables': [kept] },
  });
  await editor.settleClaude();
  window = await editor.open();
  await window.statusShows(/working/);
});
after(async () => {
  await editor?.close();
  await upstream?.close();
});

const claudeSettings = () => join(editor.home, '.claude', 'settings.json');

test('Diagnose names a missing key, and the entry asks for it', () =>
  pictured('diagnose key', async () => {
    await window.runCommand('Switchyard: Diagnose');
    await window.asks(/1 finding\. Choose one to mend it\./);
    const [first = '', second = ''] = await window.offered();
    assert.match(first, /Key other of other.*Set Key….*secret:other is not set/);
    assert.match(second, /Router/);
    await window.screenshot('diagnose');
    await window.confirm();
    await window.asks(/other/);
    await window.page.keyboard.press('Escape');
  }));

test('traces of an earlier router are found, removed and put back', () =>
  pictured('traces', async () => {
    const settings = `{
  "model": "opus",
  "env": {
    "ANTHROPIC_BASE_URL": "http://127.0.0.1:9",
    "DISABLE_TELEMETRY": "1"
  }
}
`;
    await mkdir(join(editor.home, '.claude'), { recursive: true });
    await writeFile(claudeSettings(), settings);
    await window.runCommand('Switchyard: Diagnose');
    await window.asks(/2 findings/);
    assert.match((await window.offered()).join('\n'), /settings\.json sets ANTHROPIC_BASE_URL/);
    await window.page.keyboard.type('Claude Code');
    await window.confirm();
    await window.asks(/What is ticked is removed/);
    await window.confirm();
    await until(
      'the line is gone',
      async () => !(await readFile(claudeSettings(), 'utf8')).includes('BASE_URL'),
    );
    assert.deepEqual(JSON.parse(await readFile(claudeSettings(), 'utf8')), {
      model: 'opus',
      env: { DISABLE_TELEMETRY: '1' },
    });
    await window.press(/Removed from the settings/, 'Undo');
    await until('it is back', async () => (await readFile(claudeSettings(), 'utf8')) === settings);
    await writeFile(claudeSettings(), '{}\n');
  }));

test('Claude Code’s extension is connected on request, kept in step with a new token, and left as it was', () =>
  pictured('claude extension', async () => {
    const variables = async () => (await editor.userSettings())['claudeCode.environmentVariables'];
    await window.runCommand('Switchyard: Connect Claude Code Extension…');
    await window.decide(/Let the Claude Code extension use the router/, 'Connect');
    const old = await routerAccess(editor);
    const leads = async ({ port, token }: typeof old) => {
      const list = JSON.stringify(await variables());
      return list.includes(`"http://127.0.0.1:${port}"`) && list.includes(`"${token}"`);
    };
    await until('the settings lead to the router', async () => {
      const { 'claudeCode.disableLoginPrompt': disabled } = await editor.userSettings();
      return disabled === true && (await leads(old));
    });
    const settings = await editor.userSettings();
    assert.deepEqual((settings['claudeCode.environmentVariables'] as unknown[])[0], kept);
    assert.deepEqual(settings['settingsSync.ignoredSettings'], ['claudeCode.environmentVariables']);

    const terminal = await window.terminal();
    // The editor would relaunch one that nobody has used.
    await terminal.run('true');
    await window.runCommand('Switchyard: Rotate Token…');
    await window.decide(/Replace the token/, 'Make a New Token');
    await until('the old token is refused', async () => (await askRouter(old, 'hello')).status === 401);
    const fresh = await routerAccess(editor);
    assert.notEqual(fresh.token, old.token);
    assert.equal((await askRouter(fresh, 'hello')).status, 200);
    await until('the settings have the new token', () => leads(fresh));
    assert.match(await terminal.run('claude -p "How did it go?"'), /401|not the token/);
    await window.runCommand('Switchyard: Diagnose');
    await window.asks(/finding/);
    assert.match((await window.offered()).join('\n'), /1 open terminal has variables of before/);
    await window.screenshot('diagnose-stale');
    await window.page.keyboard.press('Escape');
    const newer = await window.terminal();
    assert.match(await newer.run('claude -p "How did it go?"'), /Well done\./);

    await window.runCommand('Switchyard: Disconnect Claude Code Extension');
    await until('the settings are as before', async () => {
      const left = await editor.userSettings();
      return !('claudeCode.disableLoginPrompt' in left) && !('settingsSync.ignoredSettings' in left);
    });
    assert.deepEqual(await variables(), [kept]);
  }));
