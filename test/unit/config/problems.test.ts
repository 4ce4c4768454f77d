// Every kind of mistake with its exact place and words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadText, mainFile, problemsOf } from './load-text.ts';

/** Two providers and a group without fault; mistakes are added below. */
const base = `providers:
  openrouter: { preset: openrouter, keys: [secret:or] }
  local:
    dialect: openai-chat
    base_url: http://127.0.0.1:8000/v1
    models: [small, Large]
groups:
  main: { targets: [openrouter/a/b, local/small] }
routes:
  default: main
`;

const cases: { name: string; text: string; problems: string[]; env?: Record<string, string> }[] = [
  { name: 'no mistake', text: base, problems: [] },
  {
    name: 'unknown provider in a group',
    text: 'providers: { openrouter: { preset: openrouter, keys: [secret:a] } }\ngroups:\n  main:\n    targets:\n      - openrouter/a\n      - openruter/b\nroutes: { default: main }\n',
    problems: [
      'error config.yaml:6:9 groups.main.targets[1]: no provider "openruter"; did you mean "openrouter"?',
    ],
  },
  {
    name: 'unknown group in a route',
    text: `${base}  think: mian\n`,
    problems: ['error config.yaml:11:10 routes.think: no group or provider "mian"; did you mean "main"?'],
  },
  {
    name: 'unknown group without anything near',
    text: `${base}  think: { to: zebra, effort: high }\n`,
    problems: ['error config.yaml:11:16 routes.think.to: no group or provider "zebra"'],
  },
  {
    name: 'unknown group in fallbacks, as key and as target',
    text: `${base}fallbacks:\n  mainn: [local/small]\n  "*": [nowhere/x]\n`,
    problems: [
      'error config.yaml:12:3 fallbacks.mainn: no group "mainn"; did you mean "main"?',
      'error config.yaml:13:9 fallbacks.*[0]: no provider "nowhere"',
    ],
  },
  {
    name: 'groups that contain each other',
    text: `${base.replace('routes:', '  a: { targets: [local/small, b] }\n  b:\n    targets:\n      - local/small\n      - { to: a }\nroutes:')}`,
    problems: ['error config.yaml:13:9 groups.b.targets[1]: the groups contain each other: a → b → a'],
  },
  {
    name: 'a group that contains itself',
    text: `${base.replace('routes:', '  a: { targets: [a] }\nroutes:')}`,
    problems: ['error config.yaml:9:18 groups.a.targets[0]: the groups contain each other: a → a'],
  },
  {
    name: 'bad YAML',
    text: 'providers:\n  a: [1, 2\ngroups: {}\n',
    problems: ['error config.yaml:3:1 not valid YAML: [ … ] must end with ], indented'],
  },
  {
    name: 'a tab as indentation',
    text: 'providers:\n\ta: { preset: groq }\n',
    problems: ['error config.yaml:2:1 a tab can not indent YAML; use spaces'],
  },
  {
    name: 'two documents in one file',
    text: 'providers: {}\n---\ngroups: {}\n',
    problems: ['error config.yaml:2:1 the file holds several YAML documents ("---"); only one is allowed'],
  },
  {
    name: 'a list instead of fields',
    text: '- providers\n- groups\n',
    problems: ['error config.yaml:1:1 the file must hold fields such as "providers:" and "groups:"'],
  },
  {
    name: 'the same name twice',
    text: `${base.replace('groups:', '  openrouter: { preset: groq }\ngroups:')}`,
    problems: ['error config.yaml:7:3 providers.openrouter: stands twice; the first is on line 2'],
  },
  {
    name: 'the same field twice in JSON',
    text: '{"server":{"port":1},\n "server":{"port":2}}',
    problems: ['error config.yaml:2:2 server: stands twice; the first is on line 1'],
  },
  {
    name: 'an alias of two groups',
    text: `${base.replace('routes:', '  other:\n    targets: [local/small]\n    aliases: [claude-x, claude-y]\n  third: { targets: [local/small], aliases: [claude-y] }\nroutes:')}`,
    problems: [
      'error config.yaml:12:46 groups.third.aliases[0]: "claude-y" is an alias of the group "other" already',
    ],
  },
  {
    name: 'text instead of a number',
    text: `server:\n  port: "4000"\n${base}`,
    problems: ['error config.yaml:2:9 server.port: must be a number, but is text'],
  },
  {
    name: 'a number that is too large',
    text: `server: { port: 70000 }\n${base}`,
    problems: ['error config.yaml:1:17 server.port: must be at most 65535'],
  },
  {
    name: 'a number with a fraction',
    text: `server: { port: 80.5 }\n${base}`,
    problems: ['error config.yaml:1:17 server.port: must be a whole number'],
  },
  {
    name: 'a list instead of a map',
    text: `resilience: [1]\n${base}`,
    problems: ['error config.yaml:1:13 resilience: must be a map of fields, but is a list'],
  },
  {
    name: 'a map instead of a list',
    text: 'providers:\n  a:\n    preset: groq\n    keys: { a: secret:a }\n',
    problems: ['error config.yaml:4:5 providers.a.keys: must be a list or text, but is a map'],
  },
  {
    name: 'a union reports the branch of the value',
    text: 'providers:\n  a:\n    preset: ollama\n    models:\n      - ok\n      - { id: x, context: large }\n      - 5\n',
    problems: [
      'error config.yaml:6:27 providers.a.models[1].context: must be a number, but is text',
      'error config.yaml:7:9 providers.a.models[2]: must be text or a map of fields, but is a number',
    ],
  },
  {
    name: 'a field that is missing',
    text: `${base.replace('routes:', '  empty: { aliases: [x] }\nroutes:')}`,
    problems: ['error config.yaml:9:3 groups.empty.targets: "targets" is missing'],
  },
  {
    name: 'an empty entry',
    text: 'providers:\n  a:\n  b: { preset: ollama }\n',
    problems: ['error config.yaml:2:3 providers.a: must be a map of fields, but is empty'],
  },
  {
    name: 'a group without targets',
    text: `${base.replace('routes:', '  empty: { targets: [] }\nroutes:')}`,
    problems: ['error config.yaml:9:21 groups.empty.targets: must hold at least one entry'],
  },
  {
    name: 'a value that does not exist',
    text: 'providers:\n  a:\n    dialect: open-ai-chat\n    base_url: http://x\n',
    problems: [
      'error config.yaml:3:14 providers.a.dialect: must be one of anthropic, openai-chat, openai-responses, gemini; did you mean "openai-chat"?',
    ],
  },
  {
    name: 'a preset that does not exist',
    text: 'providers:\n  a: { preset: deepsek, keys: [secret:a] }\nroutes: { default: a/x }\n',
    problems: [
      'error config.yaml:2:16 providers.a.preset: there is no preset "deepsek"; did you mean "deepseek"?',
    ],
  },
  {
    name: 'neither preset nor dialect',
    text: 'providers:\n  a: { base_url: http://x }\nroutes: { default: a/x }\n',
    problems: ['error config.yaml:2:3 providers.a: needs "preset", or "dialect" and "base_url"'],
  },
  {
    name: 'no address',
    text: 'providers:\n  a: { dialect: anthropic }\n  b: { preset: groq, dialect: anthropic, keys: [secret:b] }\nroutes: { default: a/x }\n',
    problems: [
      'error config.yaml:2:3 providers.a: needs "base_url"',
      'error config.yaml:3:3 providers.b: needs "base_url": the preset has no address for the dialect "anthropic"',
    ],
  },
  {
    name: 'an address that is none',
    text: 'providers:\n  a: { dialect: anthropic, base_url: "http://" }\n  b: { dialect: anthropic, base_url: "ftp://x" }\n  c: { dialect: anthropic, base_url: "http://user:pass@x" }\n  d: { dialect: anthropic, base_url: "http://x/?key=abc" }\nroutes: { default: a/x }\n',
    problems: [
      'error config.yaml:2:38 providers.a.base_url: is not a URL',
      'error config.yaml:3:38 providers.b.base_url: must begin with http:// or https://',
      'error config.yaml:4:38 providers.c.base_url: must not hold a user name or password; put the key into "keys"',
      'error config.yaml:5:38 providers.d.base_url: must not hold a query ("?…") other than api-version',
    ],
  },
  {
    name: 'keys that would need a step before each call',
    text: 'providers:\n  a: { preset: vertex, keys: [secret:a], quirks: { auth: google-adc } }\n  b: { preset: bedrock, keys: [secret:b], quirks: { auth: aws-sigv4 } }\nroutes: { default: a/x }\n',
    problems: [
      'error config.yaml:2:58 providers.a.quirks.auth: "google-adc" is not supported yet: use an API key of Vertex AI (keys: [env:GOOGLE_API_KEY], preset "vertex"), or for dialect openai-chat a token of "gcloud auth print-access-token" as key, which lasts an hour',
      'error config.yaml:3:59 providers.b.quirks.auth: "aws-sigv4" is not supported yet: use an Amazon Bedrock API key (keys: [env:AWS_BEARER_TOKEN_BEDROCK], preset "bedrock"), which is sent as bearer',
    ],
  },
  {
    name: 'one deployment for several models',
    text: 'providers:\n  a: { preset: azure, dialect: openai-chat, keys: [secret:a], models: [x, y], base_url: "https://r.openai.azure.com/openai/deployments/x/chat/completions?api-version=2024-10-21" }\n  b: { preset: azure, dialect: openai-chat, keys: [secret:b], models: [x, y], base_url: "https://r.openai.azure.com/openai/deployments/{model}?api-version=2024-10-21" }\nroutes: { default: a/x }\n',
    problems: [
      'warning config.yaml:2:89 providers.a.base_url: names one deployment for all models: write "{model}" in its place',
    ],
  },
  {
    name: 'a proxy that is none',
    text: 'providers:\n  a: { preset: ollama, proxy: "user:secret@host" }\nroutes: { default: a/x }\n',
    problems: [
      'error config.yaml:2:31 providers.a.proxy: must be "direct" or a URL such as http://127.0.0.1:7890',
    ],
  },
  {
    name: 'a key that stands in the file',
    text: 'providers:\n  a:\n    preset: groq\n    keys:\n      - sk-this-is-a-key\n      - { key: gsk_other }\nroutes: { default: a/x }\n',
    problems: [
      'error config.yaml:5:9 providers.a.keys[0]: a key must not stand in this file; write secret:NAME and store the key with "Switchyard: Set Key…", or env:NAME for an environment variable',
      'error config.yaml:6:16 providers.a.keys[1].key: a key must not stand in this file; write secret:NAME and store the key with "Switchyard: Set Key…", or env:NAME for an environment variable',
    ],
  },
  {
    name: 'names that can not be used',
    text: 'providers:\n  a/b: { preset: ollama }\ngroups:\n  " x y": { targets: [a/b] }\nroutes: { default: " x y" }\n',
    problems: [
      'error config.yaml:2:3 providers.a/b: the name "a/b" holds a space, slash, comma or colon; use letters, digits, "-", "_" or "."',
      'error config.yaml:4:3 groups[" x y"]: the name " x y" begins or ends with a space, or holds a line break',
      'error config.yaml:4:23 groups[" x y"].targets[0]: no provider "a"',
      'error config.yaml:5:20 routes.default: no group or provider "x y"; did you mean " x y"?',
    ],
  },
  {
    name: 'headers that can not be sent',
    text: 'providers:\n  a:\n    preset: ollama\n    headers:\n      "x y": a\n      x-z: "a\\nb"\n      Connection: close\nroutes: { default: a/x }\n',
    problems: [
      'error config.yaml:5:7 providers.a.headers["x y"]: is not a header name',
      'error config.yaml:6:12 providers.a.headers.x-z: a header value can not hold line breaks or characters beyond Latin-1',
      'warning config.yaml:7:7 providers.a.headers.Connection: is set by the connection itself; this header is left out',
    ],
  },
  {
    name: 'a provider without models as target',
    text: 'providers:\n  a: { preset: ollama }\nroutes: { default: a }\n',
    problems: [
      'error config.yaml:3:20 routes.default: "a" is a provider without a list of models; write a/MODEL',
    ],
  },
  {
    name: 'a target without a model',
    text: 'providers:\n  a: { preset: ollama }\nroutes: { default: a/ }\n',
    problems: ['error config.yaml:3:20 routes.default: names no model of "a"'],
  },
  {
    name: 'forbidden and unusual names',
    text: 'providers:\n  __proto__: { preset: ollama }\n  constructor: { preset: toString }\n',
    problems: ['error config.yaml:2:3 providers.__proto__: this name is not allowed'],
  },
  {
    name: 'an alias without its anchor',
    text: 'providers:\n  a: *nothing\n',
    problems: ['error config.yaml:2:6 providers.a: no anchor is called "nothing"'],
  },
  {
    name: 'an alias that contains itself',
    text: 'providers: &p\n  a: *p\n',
    problems: ['error config.yaml:2:6 providers.a: the alias "p" contains itself'],
  },

  // Warnings: the rest applies.
  {
    name: 'unknown fields',
    text: `${base.replace('base_url:', 'basUrl: x\n    base_url:')}rule: []\n`,
    problems: [
      'warning config.yaml:5:5 providers.local.basUrl: unknown field, ignored; did you mean "base_url"?',
      'warning config.yaml:12:1 rule: unknown field, ignored; did you mean "rules"?',
    ],
  },
  {
    name: 'unknown fields without a value; known ones without a value are absent',
    text: `${base}routess:\nfallbacks:\n`,
    problems: ['warning config.yaml:11:1 routess: unknown field, ignored; did you mean "routes"?'],
  },
  {
    name: 'unknown fields inside a union, and of another route',
    text: `${base}  think: { to: main, efort: high }\n  background: { to: main, effort: high }\n  long_context: main\n`,
    problems: [
      'warning config.yaml:11:22 routes.think.efort: unknown field, ignored; did you mean "effort"?',
      'warning config.yaml:12:27 routes.background.effort: unknown field, ignored',
      'warning config.yaml:13:3 routes.long_context: unknown field, ignored; did you mean "longContext"?',
    ],
  },
  {
    name: 'fields and values that come later',
    text: `clients: [{ name: c, token: secret:c, budget: { usd_per_day: 2 } }]
${base}`,
    problems: ['warning config.yaml:1:39 clients[0].budget: not supported yet, ignored'],
  },
  {
    name: 'weights, limits and strategies that make no sense',
    text: base
      .replace('[secret:or]', '[{ key: secret:or, weight: -1, rpm: 0, tpm: 1.5, max_parallel: many }]')
      .replace('[openrouter/a/b,', '[{ to: openrouter/a/b, weight: heavy },')
      .replace('local/small] }', 'local/small], strategy: latencies, sticky: never }'),
    problems: [
      'error config.yaml:2:70 providers.openrouter.keys[0].weight: must be at least 0',
      'error config.yaml:2:79 providers.openrouter.keys[0].rpm: must be more than 0',
      'error config.yaml:2:87 providers.openrouter.keys[0].tpm: must be a whole number',
      'error config.yaml:2:106 providers.openrouter.keys[0].max_parallel: must be a number, but is text',
      'error config.yaml:8:51 groups.main.targets[0].weight: must be a number, but is text',
      'error config.yaml:8:84 groups.main.strategy: must be one of failover, round-robin, weighted, least-busy, latency, usage; did you mean "latency"?',
      'error config.yaml:8:103 groups.main.sticky: must be true or false, but is text',
    ],
  },
  {
    name: 'missing variables',
    text: `providers:
  a:
    preset: groq
    keys: [env:ABSENT, env:HERE]
    headers: { x-a: "\${env:ABSENT}-\${env:ALSO}", x-b: "\${env:HERE}" }
    proxy: \${env:ABSENT}
routes: { default: a/x }
`,
    env: { HERE: 'yes' },
    problems: [
      'warning config.yaml:4:12 providers.a.keys[0]: the environment variable "ABSENT" is not set; this key is not used',
      'warning config.yaml:5:21 providers.a.headers.x-a: the environment variables "ABSENT" and "ALSO" are not set; this is left out',
      'warning config.yaml:6:12 providers.a.proxy: the environment variable "ABSENT" is not set; this is left out',
    ],
  },
  {
    name: 'a provider as target, and names in another case',
    text: `${base}  background: local\n  think: MAIN\n  image: Local/LARGE\n  webSearch: local/large\n`,
    problems: [
      'warning config.yaml:11:15 routes.background: "local" is a provider; its first model "small" is taken',
      'warning config.yaml:12:10 routes.think: taken for "main": the names differ in upper and lower case',
      'warning config.yaml:13:10 routes.image: taken for "local/Large": the names differ in upper and lower case',
      'warning config.yaml:14:14 routes.webSearch: taken for "local/Large": the names differ in upper and lower case',
    ],
  },
  {
    name: 'no default route',
    text: 'providers: { a: { preset: ollama } }\nroutes: { think: a/x }\n',
    problems: [
      'warning config.yaml:2:1 routes: there is no default route: requests that name no group or model are refused; add "routes: { default: … }"',
    ],
  },
  {
    name: 'no default route, but a group that takes its place',
    text: 'providers: { a: { preset: ollama } }\ngroups: { g: { targets: [a/x] } }\n',
    problems: [
      'warning config.yaml:1:1 routes: there is no default route: requests that name no group or model go to "g", the first one here; add "routes: { default: … }"',
    ],
  },
  {
    name: 'no key, and a key that does not belong into headers',
    text: 'providers:\n  a: { preset: groq }\n  b: { preset: ollama, headers: { Authorization: Bearer x } }\nroutes: { default: a/x }\n',
    problems: [
      'warning config.yaml:2:3 providers.a: has no key; add one with "Switchyard: Set Key…" or "keys: [secret:a]"',
      'warning config.yaml:3:35 providers.b.headers.Authorization: keys belong into "keys"; this header is left out',
    ],
  },
  {
    name: 'doubles that do no harm',
    text: 'providers:\n  a: { preset: groq, keys: [secret:a, secret:a], models: [x, x] }\ngroups:\n  g: { targets: [a/x], aliases: [y, y, h] }\n  h: { targets: [a/x] }\nroutes: { default: a/x }\n',
    problems: [
      'warning config.yaml:2:39 providers.a.keys[1]: secret:a is listed twice; the first counts',
      'warning config.yaml:2:62 providers.a.models[1]: the model "x" is listed twice; the first counts',
      'warning config.yaml:4:37 groups.g.aliases[1]: "y" is listed twice',
      'warning config.yaml:4:40 groups.g.aliases[2]: "h" is the name of a group; that group is meant, not this alias',
    ],
  },
];

for (const { name, text, problems, env } of cases) {
  test(name, async () => {
    assert.deepEqual(await problemsOf(text, env), problems);
    const { config } = await loadText(text, env);
    const blocked = problems.some((line) => line.startsWith('error'));
    assert.equal(config === undefined, blocked, 'errors block, warnings do not');
  });
}

test('the end of a problem is the end of its text', async () => {
  const { problems } = await loadText(`${base}  think: mian # comment\n`);
  assert.deepEqual(
    problems.map(({ file, line, column, endLine, endColumn }) => ({
      file,
      line,
      column,
      endLine,
      endColumn,
    })),
    [{ file: mainFile, line: 11, column: 10, endLine: 11, endColumn: 14 }],
  );
});

test('places count from the first visible character, with byte order mark and CRLF', async () => {
  assert.deepEqual(await problemsOf('\uFEFFservers: 1\r\nroutes:\r\n  default: nobody\r\n'), [
    'error config.yaml:3:12 routes.default: no group or provider "nobody"',
    'warning config.yaml:1:1 servers: unknown field, ignored; did you mean "server"?',
  ]);
});

test('no message repeats a key', async () => {
  const canary = 'sk-canary-0123456789';
  const fields = [
    `keys: ["${canary}"]`,
    `keys: "${canary}"`,
    `keys: [{ key: "${canary}" }]`,
    `keys: [{ key: ["${canary}"] }]`,
    `headers: { x-api-key: "${canary}" }`,
    `headers: { x-a: "${canary}\\n" }`,
    `base_url: "https://${canary}@host"`,
    `base_url: "${canary} x"`,
    `base_url: "http://x/?api_key=${canary}"`,
    `proxy: "socks://u:${canary}@host"`,
    `dialect: "${canary}"`,
    `timeout: "${canary}"`,
  ];
  for (const field of fields) {
    const problems = await problemsOf(
      `providers:\n  a:\n    preset: groq\n    ${field}\nroutes: { default: a/x }\n`,
    );
    assert.ok(problems.length > 0, field);
    assert.ok(!problems.join('\n').includes(canary), problems.join('\n'));
  }
});
