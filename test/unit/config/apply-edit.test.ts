// Single edits, with the text that must come out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdit } from '../../../src/core/config/edit/apply-edit.ts';
import type { ConfigEdit } from '../../../src/core/config/edit/edit-data.ts';

const file = `# my config
providers:
  a:            # first
    preset: deepseek
    keys: [secret:a]   # key
    models:
      # best first
      - x/y   # cheap
      - { id: z, context: 100 }

      # for night jobs
      - id: w
        context: 5
  'b': {preset: "ollama", enabled: true}
groups: {}
routes:
  default: "g"   # the default
  think: { to: g, effort: xhigh }
# end
`;

const set = (path: (string | number)[], value: unknown): ConfigEdit => ({ path, value });
const remove = (path: (string | number)[]): ConfigEdit => ({ path, delete: true });

/** Lines that went and came, `-` and `+`, between the untouched beginning and end. */
function difference(before: string, after: string): string[] {
  const old = before.split('\n');
  const now = after.split('\n');
  let head = 0;
  while (head < Math.min(old.length, now.length) && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  return [
    ...old.slice(head, old.length - tail).map((line) => `-${line}`),
    ...now.slice(head, now.length - tail).map((line) => `+${line}`),
  ];
}

const yamlCases: [string, ConfigEdit, string[]][] = [
  [
    'a scalar keeps its quotes and comment',
    set(['routes', 'default'], 'h'),
    ['-  default: "g"   # the default', '+  default: "h"   # the default'],
  ],
  [
    'a scalar becomes a map',
    set(['routes', 'default'], { to: 'x' }),
    ['-  default: "g"   # the default', '+  default: { to: x }   # the default'],
  ],
  ['a new field goes below its siblings', set(['routes', 'background'], 'a/x'), ['+  background: a/x']],
  [
    'inside a flow map',
    set(['routes', 'think', 'effort'], 'max'),
    ['-  think: { to: g, effort: xhigh }', '+  think: { to: g, effort: max }'],
  ],
  [
    'a new field in a flow map',
    set(['providers', 'b', 'keys'], ['secret:b']),
    [
      `-  'b': {preset: "ollama", enabled: true}`,
      `+  'b': {preset: "ollama", enabled: true, keys: [secret:b]}`,
    ],
  ],
  [
    'a field of a flow map goes',
    remove(['providers', 'b', 'preset']),
    [`-  'b': {preset: "ollama", enabled: true}`, `+  'b': {enabled: true}`],
  ],
  [
    'a map becomes a scalar',
    set(['routes', 'think'], 'g'),
    ['-  think: { to: g, effort: xhigh }', '+  think: g'],
  ],
  [
    'an empty map opens',
    set(['groups', 'g'], { targets: ['a/x', 'b/y'] }),
    ['-groups: {}', '+groups:', '+  g:', '+    targets: [a/x, b/y]'],
  ],
  [
    'a block map goes, its neighbours stay',
    remove(['providers', 'a']),
    file
      .split('\n')
      .slice(2, 13)
      .map((line) => `-${line}`),
  ],
  [
    'map onto map touches only what differs',
    set(['routes'], { default: 'g', think: { to: 'g', effort: 'low' } }),
    ['-  think: { to: g, effort: xhigh }', '+  think: { to: g, effort: low }'],
  ],
  [
    'the first field behind a dash goes',
    remove(['providers', 'a', 'models', 2, 'id']),
    ['-      - id: w', '-        context: 5', '+      - context: 5'],
  ],
  [
    'a field below the first behind a dash',
    set(['providers', 'a', 'models', 2, 'vision'], true),
    ['+        vision: true'],
  ],
  ['an item goes', remove(['providers', 'a', 'models', 1]), ['-      - { id: z, context: 100 }']],
  [
    'an item comes',
    set(['providers', 'a', 'models', 3], { id: 'new', vision: true }),
    ['+      - { id: new, vision: true }'],
  ],
  [
    'the last entry leaves an empty list',
    set(['providers', 'a', 'keys'], []),
    ['-    keys: [secret:a]   # key', '+    keys: []   # key'],
  ],
  [
    'a short list stays on its line',
    set(['providers', 'a', 'keys'], ['secret:a', 'env:B']),
    ['-    keys: [secret:a]   # key', '+    keys: [secret:a, env:B]   # key'],
  ],
  [
    'items move with their comments',
    set(['providers', 'a', 'models'], [{ id: 'w', context: 5 }, 'x/y', 'new', { id: 'z', context: 100 }]),
    [
      '-      # best first',
      '-      - x/y   # cheap',
      '-      - { id: z, context: 100 }',
      '-',
      '-      # for night jobs',
      '-      - id: w',
      '-        context: 5',
      '+      # for night jobs',
      '+      - id: w',
      '+        context: 5',
      '+      # best first',
      '+      - x/y   # cheap',
      '+      - new',
      '+      - { id: z, context: 100 }',
      '+',
    ],
  ],
  ['missing parents are created', set(['fallbacks', '*'], ['g']), ['+fallbacks:', '+  "*": [g]']],
  ['what is so already is not touched', set(['routes', 'think'], { effort: 'xhigh', to: 'g' }), []],
  ['what is not there can not be removed', remove(['routes', 'image']), []],
];

for (const [name, edit, lines] of yamlCases) {
  test(name, () => assert.deepEqual(difference(file, applyEdit(file, edit, false)), lines));
  test(`${name}, with CRLF`, () => {
    const result = applyEdit(file.replaceAll('\n', '\r\n'), edit, false);
    assert.ok(!/[^\r]\n/.test(result), 'only CRLF');
    assert.deepEqual(difference(file, result.replaceAll('\r\n', '\n')), lines);
  });
}

const json = `{
  "providers": {
    "a": { "preset": "x" },
    "b": {
      "keys": [
        "secret:a",
        "secret:b"
      ]
    }
  }
}
`;
const jsonCases: [string, ConfigEdit, string[]][] = [
  [
    'JSON: a new section',
    set(['routes', 'default'], 'a'),
    ['+  },', '+  "routes": {', '+    "default": "a"'],
  ],
  [
    'JSON: a reordered list',
    set(['providers', 'b', 'keys'], ['secret:b', 'secret:a']),
    ['-        "secret:a",', '-        "secret:b"', '+        "secret:b",', '+        "secret:a"'],
  ],
  ['JSON: the first item goes', remove(['providers', 'b', 'keys', 0]), ['-        "secret:a",']],
  [
    'JSON: the last item goes',
    remove(['providers', 'b', 'keys', 1]),
    ['-        "secret:a",', '-        "secret:b"', '+        "secret:a"'],
  ],
  [
    'JSON: a field on one line',
    set(['providers', 'a', 'enabled'], false),
    ['-    "a": { "preset": "x" },', '+    "a": { "preset": "x", "enabled": false },'],
  ],
];
for (const [name, edit, lines] of jsonCases) {
  test(name, () => {
    const result = applyEdit(json, edit, true);
    JSON.parse(result);
    assert.deepEqual(difference(json, result), lines);
  });
}

test('tabs of a JSON file are kept', () => {
  const text = '{\n\t"providers": {\n\t\t"a": {}\n\t}\n}\n';
  assert.equal(
    applyEdit(text, set(['providers', 'a', 'keys'], ['secret:a']), true),
    '{\n\t"providers": {\n\t\t"a": {\n\t\t\t"keys": [\n\t\t\t\t"secret:a"\n\t\t\t]\n\t\t}\n\t}\n}\n',
  );
});

test('a new file', () => {
  const edit = set(['providers', 'a'], { preset: 'groq', keys: ['secret:a'] });
  assert.equal(
    applyEdit('# heading\n', edit, false),
    '# heading\nproviders:\n  a:\n    preset: groq\n    keys: [secret:a]\n',
  );
  assert.deepEqual(JSON.parse(applyEdit('', edit, true)), {
    providers: { a: { preset: 'groq', keys: ['secret:a'] } },
  });
});

test('a file without a line end at its end', () => {
  assert.equal(applyEdit('a: 1', set(['b'], 2), false), 'a: 1\nb: 2');
  assert.equal(applyEdit('a: 1\nb: 2', remove(['b']), false), 'a: 1\n');
  assert.equal(applyEdit('l:\n  - a\n  - b', set(['l'], ['b', 'a']), false), 'l:\n  - b\n  - a');
});

test('four spaces stay four spaces', () => {
  assert.equal(
    applyEdit('a:\n    b: 1\n', set(['c', 'd', 'e'], { f: [1, { x: { y: { z: [{ a: 1 }] } } }] }), false),
    'a:\n    b: 1\nc:\n    d:\n        e:\n            f:\n                - 1\n                - x:\n                      y:\n                          z:\n                              - { a: 1 }\n',
  );
});

test('text that needs quotes gets them', () => {
  const values = [
    '',
    ' a',
    'a: b',
    '- a',
    '#x',
    'a #b',
    'true',
    'null',
    '~',
    '1',
    '1e3',
    '0x1f',
    'a\nb',
    "it's",
    '"',
    '@a',
    '`',
    '*',
    '&a',
    '!t',
    '%',
    '|',
    '>',
    '{a}',
    '[a]',
    'a,b',
    '?',
    '-',
    '---',
    'é',
    '模型',
    'a\u2028b',
    'a\0b',
    '\\',
    'x:',
    ':x',
    '<<',
    '=',
    '.5',
    '2024-01-01',
    'http://a:1/b?c=d&e#f',
    'Qwen/Qwen3-Coder-480B-A35B-Instruct',
    'secret:a',
    `\${env:A}`,
  ];
  for (const value of values) {
    for (const edit of [
      set(['k'], value),
      set(['k', value || 'e'], 1),
      set(['k'], [value]),
      set(['k', 'l'], { m: value }),
      set(['q'], value),
      set(['d'], value),
      set(['f', 0], value),
    ]) {
      // The check inside applyEdit compares the data.
      assert.ok(
        applyEdit('q: \'x\'\nd: "y"\nf: [x]\nz: 1\n', edit, false).includes('z: 1\n'),
        JSON.stringify(value),
      );
    }
  }
});

test('an alias gives way to a copy, a merge key to an own field', () => {
  assert.equal(
    applyEdit('a: &x { p: 1 }\nb: *x\nc: { <<: *x, q: 2 }\n', set(['b', 'p'], 2), false),
    'a: &x { p: 1 }\nb:\n  p: 2\nc: { <<: *x, q: 2 }\n',
  );
  assert.equal(
    applyEdit('a: &x { p: 1 }\nc: { <<: *x, q: 2 }\n', set(['c', 'p'], 3), false),
    'a: &x { p: 1 }\nc: { <<: *x, q: 2, p: 3 }\n',
  );
});

test('what can not be done exactly is refused', () => {
  assert.throws(() => applyEdit('a: &x { p: 1 }\nb: *x\n', set(['a', 'p'], 2), false), /alias/);
  assert.throws(() => applyEdit('a: &x { p: 1 }\nb: { <<: *x }\n', remove(['b', 'p']), false), /merge/);
  assert.throws(() => applyEdit('a: [\n', set(['b'], 2), false), /line 2/);
  assert.throws(() => applyEdit('a: text\n', set(['a', 'b'], 2), false), /something else/);
});
