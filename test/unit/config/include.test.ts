import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeToData } from '../../../src/core/config/source-node.ts';
import { loadText, mainFile, problemsOf } from './load-text.ts';

const main = (include: string, rest = '') => `include: ${include}\n${rest}`;

test('lists are appended, maps merged, later files win, in the order of the includes', async () => {
  const { sources, problems } = await loadText({
    [mainFile]: main(
      '[b.yaml, models/*.yaml]',
      'server: { port: 1 }\nproviders:\n  p: { preset: ollama, models: [main] }\n',
    ),
    '/home/b.yaml': 'include: c.yaml\nserver: { port: 2 }\nproviders:\n  p: { models: [b] }\nresilience:\n',
    '/home/c.yaml': 'providers:\n  p: { models: [c], enabled: false }\n',
    '/home/models/1.yaml': 'server: { port: 3 }\nresilience: { retries: 1 }\n',
    '/home/models/2.yaml': 'providers: { q: { preset: groq, keys: [secret:q] } }\nroutes: { default: q/x }\n',
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(nodeToData(sources.root), {
    server: { port: 3 },
    providers: {
      p: { preset: 'ollama', models: ['main', 'b', 'c'], enabled: false },
      q: { preset: 'groq', keys: ['secret:q'] },
    },
    resilience: { retries: 1 },
    routes: { default: 'q/x' },
  });
  assert.deepEqual(sources.files, [
    mainFile,
    '/home/b.yaml',
    '/home/c.yaml',
    '/home/models/1.yaml',
    '/home/models/2.yaml',
  ]);
});

test('a mistake is shown in the file that holds it', async () => {
  const { problems } = await loadText({
    [mainFile]: main(
      'groups.yaml',
      'providers: { p: { preset: ollama, models: [x] } }\nroutes: { default: g }\n',
    ),
    '/home/groups.yaml': 'groups:\n  g:\n    targets: [p/x, nobody/y]\n',
  });
  assert.deepEqual(
    problems.map(({ file, line, column, path }) => [file, line, column, path]),
    [['/home/groups.yaml', 3, 20, 'groups.g.targets[1]']],
  );
});

const cases: Record<string, { files: Record<string, string>; problems: string[] }> = {
  'a missing file is an error at the include': {
    files: { [mainFile]: main('\n  - here.yaml\n  - gone.yaml'), '/home/here.yaml': '' },
    problems: ['error config.yaml:3:5 include[1]: there is no file "gone.yaml"'],
  },
  'an included file that includes the first': {
    files: { [mainFile]: main('a.yaml'), '/home/a.yaml': 'include:\n  - config.yaml\n' },
    problems: ['error a.yaml:2:5 include[0]: files include each other: config.yaml → a.yaml → config.yaml'],
  },
  'a file that includes itself': {
    files: { [mainFile]: main('[config.yaml]') },
    problems: ['error config.yaml:1:11 include[0]: files include each other: config.yaml → config.yaml'],
  },
  'a file included twice': {
    files: { [mainFile]: main('[a.yaml, ./a.yaml]'), '/home/a.yaml': '# empty\n' },
    problems: ['error config.yaml:1:19 include[1]: "./a.yaml" is included twice'],
  },
  'a pattern without files is only worth a warning': {
    files: { [mainFile]: main('models/*.yaml') },
    problems: ['warning config.yaml:1:10 include: no file matches "models/*.yaml"'],
  },
  'an entry that is no name': {
    files: { [mainFile]: main('[1, { a: b }]') },
    problems: [
      'error config.yaml:1:11 include[0]: must be a file name such as models/*.yaml',
      'error config.yaml:1:14 include[1]: must be a file name such as models/*.yaml',
    ],
  },
  'a broken included file': {
    files: { [mainFile]: main('a.yaml'), '/home/a.yaml': 'x: [\n' },
    problems: ['error a.yaml:2:1 not valid YAML: [ … ] must end with ], indented'],
  },
  'a variable in an entry': {
    files: { [mainFile]: main(`["\${env:NAME}.yaml", "\${env:NONE}.yaml"]`), '/home/set.yaml': '' },
    problems: [
      'warning config.yaml:1:31 include[1]: the environment variable "NONE" is not set; this is left out',
    ],
  },
};

for (const [name, { files, problems }] of Object.entries(cases)) {
  test(name, async () => assert.deepEqual(await problemsOf(files, { NAME: 'set' }), problems));
}
