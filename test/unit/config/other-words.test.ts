// Words and variables as other programs have them, in a file of ours.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemsOf } from './load-text.ts';

const cases: { name: string; text: string; problems: string[]; env?: Record<string, string> }[] = [
  {
    name: "other programs' words and variables",
    text: `providers:
  a:
    preset: ollama
    api_key: sk-1
    headers: { x-a: "\${HERE}", x-b: "\${env:HERE", x-c: "costs $ {5}" }
  b: { dialect: openai-chat, base_url: "\${HERE}/v1" }
routes: { default: a/x }
`,
    env: { HERE: 'http://127.0.0.1:1' },
    problems: [
      'warning config.yaml:4:5 providers.a.api_key: unknown field, ignored; here it is "keys"',
      `warning config.yaml:5:21 providers.a.headers.x-a: "\${HERE}" is not read as a variable, write "\${env:HERE}"; this is left out`,
      `warning config.yaml:5:37 providers.a.headers.x-b: "\${env:HERE" is not read as a variable, write "\${env:HERE}"; this is left out`,
      `warning config.yaml:6:40 providers.b.base_url: "\${HERE}" is not read as a variable, write "\${env:HERE}"; this is left out`,
    ],
  },
  {
    name: 'a variable as the shell writes it, in an address',
    text: 'providers: { a: { dialect: openai-chat, base_url: $BASE } }\nroutes: { default: a/x }\n',
    problems: [
      `error config.yaml:1:51 providers.a.base_url: is not a URL; variables are written "\${env:NAME}"`,
    ],
  },
  {
    name: 'JSON with slips',
    text: '{"providers": {"a": {"preset": "ollama"} "b": {}}, "routes": {"default": "a/x"}',
    problems: [
      'error config.yaml:1:42 not valid YAML: before the quote a comma or a bracket is missing',
      'error config.yaml:1:45 not valid YAML: missing , between the entries of { … }',
      'error config.yaml:1:80 not valid YAML: { … } must end with a }',
    ],
  },
  {
    name: 'JSON without a comma inside',
    text: '{"providers": {"a": {"preset": "ollama" "models": []}}}',
    problems: [
      'error config.yaml:1:32 not valid YAML: "name: value" can not stand here; before it a comma or a bracket is missing',
      'error config.yaml:1:41 not valid YAML: unexpected text in quotes',
    ],
  },
];

for (const { name, text, problems, env } of cases)
  test(name, async () => {
    assert.deepEqual(await problemsOf(text, env), problems);
  });
