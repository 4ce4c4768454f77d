// The window as a user sees it at work: trees, status bar, and a terminal in which `claude` has answered.
// SWITCHYARD_UPDATE_PICTURES=1 makes it the picture of the README.

import assert from 'node:assert/strict';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ScriptedUpstream, startScriptedUpstream, text } from '../tools/scripted-upstream.ts';
import { type Editor, pictured, startEditor } from '../tools/vscode/editor.ts';
import type { EditorWindow } from '../tools/vscode/editor-window.ts';

const PICTURE = join(import.meta.dirname, '..', '..', 'docs', 'images', 'window.png');

let upstream: ScriptedUpstream;
let editor: Editor;
let window: EditorWindow;

const config = (
  url: string,
) => `# All providers in one place. Keys live in the editor or in the environment, never here.
providers:
  vllm:
    base_url: ${url}
    dialect: openai-chat
    models: [{ id: qwen3-coder-480b, context: 1000000 }]
  modelscope:
    preset: modelscope
    keys: [env:MODELSCOPE_KEY, env:MODELSCOPE_KEY_2]
    models: [Qwen/Qwen3-Coder-480B-A35B-Instruct]
  deepseek:
    preset: deepseek
    keys: [env:DEEPSEEK_KEY]
    models: [deepseek-reasoner]

groups:
  # One name for the same model, whoever has it. The next takes over when one fails.
  qwen-coder:
    targets: [vllm/qwen3-coder-480b, modelscope/Qwen/Qwen3-Coder-480B-A35B-Instruct]

routes:
  default: qwen-coder
  think: { to: deepseek/deepseek-reasoner, effort: xhigh }
`;

before(async () => {
  upstream = await startScriptedUpstream({
    dialect: 'openai-chat',
    otherwise: () =>
      text('A small web shop: TypeScript on Node, with a cart, a catalogue and tests for both.'),
  });
  editor = await startEditor({
    config: config(upstream.url),
    files: { 'README.md': '# Shop\n', 'src/cart.ts': 'export {};\n', 'src/catalogue.ts': 'export {};\n' },
    settings: {
      'workbench.colorTheme': 'Default Dark Modern',
      'editor.minimap.enabled': false,
      'breadcrumbs.enabled': false,
    },
    env: { MODELSCOPE_KEY: 'a', MODELSCOPE_KEY_2: 'b', DEEPSEEK_KEY: 'c' },
  });
  await editor.settleClaude();
  window = await editor.open();
});
after(async () => {
  await editor?.close();
  await upstream?.close();
});

test('trees, status bar and an answer of claude are in one picture', () =>
  pictured('window', async () => {
    await window.showViews();
    await window.runCommand('Switchyard: Open Config');
    await window.editorShows('config.yaml');
    const terminal = await window.terminal();
    await terminal.type('claude --permission-mode default');
    await terminal.askClaude('What is this project?', /A small web shop/);
    await window.statusShows(/working.*qwen-coder/);
    await window.rowShows('Routes', 'Default', /qwen-coder/);
    await window.rowShows('Model Groups', 'vllm/qwen3-coder-480b');
    await window.rowShows('Providers', 'modelscope');
    const file = await window.screenshot('window');
    const bytes = await readFile(file);
    assert.ok(bytes.length > 50_000, `a window full of things, not a blank page: ${bytes.length} bytes`);
    if (process.env.SWITCHYARD_UPDATE_PICTURES === '1') {
      await mkdir(dirname(PICTURE), { recursive: true });
      await copyFile(file, PICTURE);
    }
    assert.deepEqual(upstream.refusals, []);
  }));
