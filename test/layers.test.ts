// The rules of the source tree that no compiler checks: who may import whom, sizes, names, what lies at the top.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import type { BuildOptions } from 'esbuild';

const root = join(import.meta.dirname, '..');
const MAX_LINES = 500;
const MANY_LINES = 400;

interface Import {
  target: string;
  typeOnly: boolean;
}

const sources = ['src', 'test', 'bench'].flatMap(typescriptFiles);
const imports = new Map(sources.map((file) => [file, importsOf(readFileSync(join(root, file), 'utf8'))]));

function typescriptFiles(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`)
    .filter((path) => /\.(ts|mts|mjs|js)$/.test(path));
}

/** Every static and dynamic import, re-export and require with a literal name. */
function importsOf(text: string): Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const forms =
    /(?:^|[;\s])(?:import|export)(\s+type)?(?:\s[^'";]*?\sfrom)?\s*['"]([^'"]+)['"]|(?:import|require)\(\s*['"]([^'"]+)['"]/g;
  return [...code.matchAll(forms)].map((match) => ({
    target: match[2] ?? match[3] ?? '',
    typeOnly: match[1] !== undefined,
  }));
}

/** Path from the root for a relative import, else undefined. */
function resolved(file: string, target: string): string | undefined {
  return target.startsWith('.')
    ? relative(root, join(root, dirname(file), target)).replaceAll('\\', '/')
    : undefined;
}

/** Every import that a rule forbids, as "file imports target". */
function offences(
  layer: string,
  forbidden: (target: string, typeOnly: boolean, path: string) => boolean,
): string[] {
  const found: string[] = [];
  for (const [file, list] of imports) {
    if (!file.startsWith(layer)) continue;
    for (const { target, typeOnly } of list)
      if (forbidden(target, typeOnly, resolved(file, target) ?? '')) found.push(`${file} imports ${target}`);
  }
  return found;
}

const isNode = (target: string) =>
  target.startsWith('node:') || builtinModules.includes(target.split('/')[0] ?? '');

test('the import reader sees every form of import', () => {
  const text = [
    "import 'a';",
    "import b from 'b';",
    "import type { C } from 'c';",
    "import {\n  d,\n  type D,\n} from 'd';",
    "export * from 'e';",
    "export type { F } from 'f';",
    "const g = await import('g');",
    "// import h from 'h';",
    "const i = require('i');",
  ].join('\n');
  const found = importsOf(text);
  assert.deepEqual(
    found.map(({ target }) => target),
    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'i'],
  );
  assert.deepEqual(
    found.filter(({ typeOnly }) => typeOnly).map(({ target }) => target),
    ['c', 'f'],
  );
  assert.ok(sources.length > 20, 'the source tree was found');
});

test('the core knows neither VS Code nor Node nor sockets', () => {
  const wrong = offences(
    'src/core/',
    (target, typeOnly, path) =>
      target === 'vscode' ||
      isNode(target) ||
      target === 'undici' ||
      (path !== '' && !path.startsWith('src/core/')) ||
      (!typeOnly && /^(@anthropic-ai\/|openai$|openai\/)/.test(target)),
  );
  assert.deepEqual(wrong, []);
});

test('the node layer does not know VS Code', () => {
  for (const layer of ['src/node/', 'src/worker.ts', 'src/cli.ts'])
    assert.deepEqual(
      offences(
        layer,
        (target, _typeOnly, path) => target === 'vscode' || /^src\/(vscode\/|extension)/.test(path),
      ),
      [],
    );
});

test('nothing that ships imports tools or tests', () => {
  const wrong = offences('src/', (_target, _typeOnly, path) => /^(src\/dev|test|bench)\//.test(path)).filter(
    (line) => !line.startsWith('src/dev/'),
  );
  assert.deepEqual(wrong, []);
});

test('no import goes in a circle, not even of types', () => {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) cycles.push([...path.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    for (const { target } of imports.get(file) ?? []) {
      const next = resolved(file, target);
      if (next !== undefined) visit(next, [...path, file]);
    }
    done.add(file);
  };
  for (const file of sources) visit(file, []);
  assert.deepEqual(cycles, []);
});

test(`no file is longer than ${MAX_LINES} lines`, (t) => {
  const lengths = sources.map((file) => ({
    file,
    lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1,
  }));
  for (const { file, lines } of lengths.filter(({ lines }) => lines > MANY_LINES))
    t.diagnostic(`${file} has ${lines} lines`);
  assert.deepEqual(
    lengths.filter(({ lines }) => lines > MAX_LINES),
    [],
  );
});

test('files and folders are named in kebab-case', () => {
  const wrong = sources.filter(
    (file) => !/^([a-z0-9]+(-[a-z0-9]+)*\/)+[a-z0-9]+([-.][a-z0-9]+)*$/.test(file),
  );
  assert.deepEqual(wrong, []);
});

test('only what belongs there lies at the top', (t) => {
  const listed = spawnSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' });
  if (listed.status !== 0) return t.skip('git is absent, or this is not a clone');
  const allowed =
    /^(package(-lock|\.nls(\.[a-z-]+)?)?\.json|tsconfig\.json|esbuild\.mjs|src|media|test|docs|bench|README\.md|CHANGELOG\.md|LICENSE|\.ci|\.github|\.vscodeignore|\.biome\.json|\.editorconfig|\.gitignore|\.gitattributes)$/;
  const top = new Set(listed.stdout.split('\n').map((path) => path.split('/')[0] ?? ''));
  assert.deepEqual(
    [...top].filter((name) => name !== '' && !allowed.test(name)),
    [],
  );
});

test('the bundles need nothing but VS Code and Node', async () => {
  const { build } = await import('esbuild');
  const script = '../esbuild.mjs';
  const { options } = (await import(script)) as { options: BuildOptions };
  const result = await build({ ...options, write: false, metafile: true, logLevel: 'silent' });
  const outputs = result.metafile?.outputs ?? {};
  const isOurs = (path: string) => join('dist', path) in outputs;
  for (const [output, { imports: needed }] of Object.entries(outputs)) {
    const outside = needed
      .filter(({ external, path }) => external && !isNode(path) && !isOurs(path))
      .map(({ path }) => path);
    assert.deepEqual(
      outside.filter((path) => path !== 'vscode' || output !== 'dist/extension.js'),
      [],
      output,
    );
  }
});
