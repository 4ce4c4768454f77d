// Mistakes in the config file: shown at their place, while the last good version stays in force.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
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
let good: string;

before(async () => {
  upstream = await startScriptedUpstream({ otherwise: () => text('Good.') });
  good = `providers:
  main: { dialect: anthropic, base_url: "${upstream.url}", models: [main-model] }
routes:
  default: main/main-model
`;
  editor = await startEditor({ config: good });
  window = await editor.open();
});
after(async () => {
  await editor?.close();
  await upstream?.close();
});

const save = (content: string) => writeFile(join(editor.switchyardHome, 'config.yaml'), content);

async function problemShows(pattern: RegExp): Promise<string> {
  let seen: string[] = [];
  return until(
    () => `the Problems panel shows ${pattern}, it shows ${JSON.stringify(seen)}`,
    async () => {
      seen = await window.problems();
      return seen.find((line) => pattern.test(line));
    },
  );
}

test('a misspelt target is shown at its line, and requests are still served', () =>
  pictured('misspelt target', async () => {
    await window.statusShows(/working/);
    await save(good.replace('default: main/main-model', 'default: mian/main-model'));
    const line = await problemShows(/mian/);
    assert.match(line, /did you mean/i);
    assert.match(line, /Ln 4, Col 12/);
    await window.statusShows(/partly failing/);
    assert.match((await askRouter(await routerAccess(editor), 'Hello')).text, /Good\./);
    await window.screenshot('config-mistake');
  }));

test('Open Config leads to the mistake', () =>
  pictured('open config', async () => {
    await window.runCommand('Switchyard: Open Config');
    await until('the cursor stands at the mistake', async () =>
      /Ln 4, Col 12/.test((await window.page.locator('.statusbar').textContent()) ?? ''),
    );
  }));

test('broken YAML is shown too, and the repaired file applies at once', () =>
  pictured('broken yaml', async () => {
    await save('providers: [\n');
    await problemShows(/\[|flow|yaml/i);
    assert.match((await askRouter(await routerAccess(editor), 'Hello')).text, /Good\./);
    await save(good);
    await window.statusShows(/working/);
    await until('the Problems panel is empty', async () => (await window.problems()).length === 0);
  }));

test('an unknown field is a warning, and the rest applies', () =>
  pictured('unknown field', async () => {
    await save(`${good}colour: blue\n`);
    await problemShows(/colour/);
    await window.statusShows(/working/);
  }));
