// What the documents show works as it stands: configurations load, and scripts, settings and commands exist.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { usage } from '../src/node/arguments.ts';
import { mainFile, problemsOf } from './unit/config/load-text.ts';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].map((name) => ({ name, text: read(name) }));

/** What an excerpt takes for granted: names that the reader has in a file of their own. */
const surroundings = `include: [example.yaml]
providers:
  deepseek: { preset: deepseek, keys: [secret:another-deepseek] }
  openrouter: { preset: openrouter, keys: [secret:another-openrouter] }
  modelscope: { preset: modelscope, keys: [secret:another-modelscope] }
  ollama: { preset: ollama }
  local: { preset: vllm }
groups:
  gpt-mini: { targets: [openrouter/openai/gpt-5-mini] }
  opus: { targets: [openrouter/anthropic/claude-opus] }
  sonnet: { targets: [openrouter/anthropic/claude-sonnet] }
routes: { default: gpt-mini }
profiles: { cheap: { routes: { think: gpt-mini } } }
`;

const examples = documents.flatMap(({ name, text }) => [
  ...[...text.matchAll(/^```ya?ml\n(.*?)^```/gms)].map((match) => ({
    place: `${name}:${text.slice(0, match.index).split('\n').length}`,
    yaml: match[1] ?? '',
  })),
  // "Example: `rules: [...]`" below a table of the reference.
  ...[...text.matchAll(/^Example: `((?:rules|profiles|error_rules): .*)`$/gm)].map((match) => ({
    place: `${name}:${text.slice(0, match.index).split('\n').length}`,
    yaml: `${match[1]}\n`,
  })),
]);

test('there are examples', () => {
  assert.ok(examples.length >= 10, `only ${examples.length}`);
});

for (const { place, yaml } of examples)
  test(`the configuration at ${place} has no problems`, async () => {
    const variables = [...yaml.matchAll(/env:(\w+)/g)].map(([, name = '']) => [name, `value-of-${name}`]);
    const files = { [mainFile]: surroundings, [join(mainFile, '../example.yaml')]: yaml };
    assert.deepEqual(await problemsOf(files, Object.fromEntries(variables)), []);
  });

test('scripts, settings and subcommands that the documents name exist', () => {
  const { scripts, contributes } = JSON.parse(read('package.json')) as {
    scripts: Record<string, string>;
    contributes: { configuration: { properties: Record<string, unknown> } };
  };
  const known = {
    '`npm run X`': (name: string) => name in scripts,
    '`switchyard.X`': (name: string) => `switchyard.${name}` in contributes.configuration.properties,
    '`switchyard X`': (name: string) => new RegExp(`^${name}\\b`, 'm').test(usage),
  };
  const named = documents.flatMap(({ name: document, text }) => [
    ...[...text.matchAll(/npm run ([\w:-]+)/g)].map((match) => ['`npm run X`', match[1], document] as const),
    ...[...text.matchAll(/`switchyard\.([\w.]+)`/g)].map(
      (match) => ['`switchyard.X`', match[1], document] as const,
    ),
    ...[...text.matchAll(/`switchyard (\w+)/g)].map(
      (match) => ['`switchyard X`', match[1], document] as const,
    ),
  ]);
  assert.ok(named.length > 20, `only ${named.length}`);
  const missing = named.filter(([kind, name = '']) => !known[kind](name));
  assert.deepEqual(missing, []);
});
