// The manifest, its texts and the code must agree: what is contributed exists, and what exists is contributed.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tooltipCommands } from '../../../src/vscode/present/status.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const sources = globSync('src/{extension.ts,vscode/**/*.ts}', { cwd: root }).map((path) => ({
  path,
  text: read(path),
}));
const allSource = sources.map((source) => source.text).join('\n');

interface MenuEntry {
  command: string;
  when?: string;
}
interface Manifest {
  icon: string;
  l10n: string;
  engines: { vscode: string };
  devDependencies: Record<string, string>;
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string; title: string; category: string }[];
    viewsContainers: { activitybar: { id: string; icon: string }[] };
    views: Record<string, { id: string; icon: string }[]>;
    viewsWelcome: { view: string; contents: string }[];
    menus: Record<string, MenuEntry[]>;
    configuration: { properties: Record<string, { scope: string; markdownDescription: string }> };
    terminal: { profiles: { id: string }[] };
    walkthroughs: { steps: { media: { svg: string }; completionEvents: string[] }[] }[];
    yamlValidation: { url: string }[];
    jsonValidation: { url: string }[];
  };
}
const manifest = JSON.parse(read('package.json')) as Manifest;
const { contributes } = manifest;
const english = JSON.parse(read('package.nls.json')) as Record<string, string>;
const chinese = JSON.parse(read('package.nls.zh-cn.json')) as Record<string, string>;
const commands = contributes.commands.map((entry) => entry.command);
const views = Object.values(contributes.views)
  .flat()
  .map((view) => view.id);

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

test('every contributed command is registered in code, and vice versa', () => {
  const registered = matches(read('src/vscode/commands.ts'), /^ {4}'(switchyard\.\w+)': /gm);
  assert.deepEqual(registered.toSorted(), commands.toSorted());
});

test('all commands stand under one category', () => {
  for (const entry of contributes.commands) assert.equal(entry.category, 'Switchyard', entry.command);
});

test('every command that code or text calls exists', () => {
  const called = [
    ...matches(allSource, /executeCommand\(\s*'(switchyard\.\w+)'/g),
    ...matches(Object.values(english).join('\n'), /command:(switchyard\.\w+)/g),
    ...matches(JSON.stringify(contributes.walkthroughs), /onCommand:(switchyard\.\w+)/g),
    ...tooltipCommands,
  ];
  assert.ok(called.length > 5);
  for (const command of called) assert.ok(commands.includes(command), command);
});

test('the router menu only offers commands that exist', () => {
  const offered = matches(read('src/vscode/pickers/menu.ts'), /value: ['`](\w+)/g);
  assert.ok(offered.length > 5);
  for (const name of offered) assert.ok(commands.includes(`switchyard.${name}`), name);
});

test('menus refer to existing commands and views', () => {
  for (const [menu, entries] of Object.entries(contributes.menus)) {
    for (const entry of entries) {
      assert.ok(commands.includes(entry.command), `${menu}: ${entry.command}`);
      for (const view of matches(entry.when ?? '', /view == ([\w.]+)/g)) {
        assert.ok(views.includes(view), `${menu}: ${view}`);
      }
    }
  }
  for (const welcome of contributes.viewsWelcome) assert.ok(views.includes(welcome.view), welcome.view);
});

test('no row offers more than three inline actions', () => {
  const inline = contributes.menus['view/item/context']?.filter((entry) =>
    JSON.stringify(entry).includes('inline'),
  );
  for (const view of views) {
    const count = inline?.filter((entry) => entry.when?.includes(view)).length ?? 0;
    assert.ok(count <= 3, `${view} has ${count}`);
  }
});

test('every view is created and every context key is set in code', () => {
  for (const view of views) assert.ok(allSource.includes(`'${view}'`), view);
  const conditions = JSON.stringify(contributes);
  for (const key of new Set(matches(conditions, /[^%"](switchyard\.(?:paused|demo|ready|broken))\b/g))) {
    assert.ok(read('src/vscode/context-keys.ts').includes(`'${key}'`), key);
  }
});

test('every text of the manifest exists in both languages, and none is left over', () => {
  const used = new Set(matches(read('package.json'), /"%([\w.]+)%"/g));
  assert.deepEqual(Object.keys(english).toSorted(), [...used].toSorted());
  assert.deepEqual(Object.keys(chinese).toSorted(), [...used].toSorted());
  const fixed = (text = '') => matches(text, /(command:[\w.]+|`[^`]+`)/g).toSorted();
  for (const [key, text] of Object.entries(chinese)) assert.deepEqual(fixed(text), fixed(english[key]), key);
});

test('every text of the code is translated, with the same places for values, and none is left over', () => {
  const bundle = JSON.parse(read(`${manifest.l10n}/bundle.l10n.zh-cn.json`)) as Record<string, string>;
  const used = new Set(matches(allSource, /(?<![\w.])t\(\s*'((?:\\.|[^'\\])*)'/g));
  assert.deepEqual(Object.keys(bundle).toSorted(), [...used].toSorted());
  const places = (text: string) => matches(text, /(\{\d\})/g).toSorted();
  for (const [key, text] of Object.entries(bundle)) assert.deepEqual(places(text), places(key), key);
});

test('texts are literals: what is built at run time can not be translated', () => {
  for (const { path, text } of sources) {
    if (path.endsWith('translate.ts')) continue;
    const odd = matches(text, /(?<![\w.])t\(\s*([^'\s)][^,)]*)/g);
    assert.deepEqual(odd, [], path);
  }
});

test('settings can not be set by a workspace, but for the name of a profile; they are used and explained', () => {
  const settings = Object.entries(contributes.configuration.properties);
  for (const [name, setting] of settings) {
    assert.equal(setting.scope, name === 'switchyard.profile' ? 'window' : 'machine', name);
    assert.ok(setting.markdownDescription.startsWith('%'), name);
    assert.ok(allSource.includes(`'${name.replace('switchyard.', '')}'`), `${name} is not read`);
  }
  assert.deepEqual(
    manifest.capabilities.untrustedWorkspaces.restrictedConfigurations.toSorted(),
    settings.map(([name]) => name).toSorted(),
  );
});

test('the terminal profile is provided in code', () => {
  for (const profile of contributes.terminal.profiles) assert.ok(allSource.includes(`'${profile.id}'`));
});

test('files that the manifest names exist', () => {
  const icons = [
    manifest.icon,
    ...contributes.viewsContainers.activitybar.map((container) => container.icon),
    ...Object.values(contributes.views)
      .flat()
      .map((view) => view.icon),
  ];
  const pictures = contributes.walkthroughs.flatMap((walk) => walk.steps).map((step) => step.media.svg);
  const schemas = [...contributes.yamlValidation, ...contributes.jsonValidation].map((entry) => entry.url);
  for (const path of [...icons, ...pictures, ...schemas]) assert.ok(existsSync(join(root, path)), path);
});

test('the types are of the oldest editor that is supported', () => {
  assert.equal(`^${manifest.devDependencies['@types/vscode']}`, manifest.engines.vscode);
});
