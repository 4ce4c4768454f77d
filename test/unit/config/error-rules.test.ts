// `error_rules` and `context_fallbacks` of the file.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOf, problemsOf } from './load-text.ts';

const base = `providers: { p: { dialect: openai-chat, base_url: http://127.0.0.1:8000/v1, models: [m, s] } }
groups: { main: { targets: [p/m], context_fallbacks: [p/s] } }
routes: { default: main }
`;
const rule = (text: string) => `${base}error_rules:\n  - ${text}\n`;

test('rules are read with their patterns and seconds', async () => {
  const config = await configOf(
    rule(
      '{ provider: p, status: [400, 403], match: "quota|limit", do: cool, for: 3600 }\n  - { status: 500, do: stop }',
    ),
  );
  const [first, second] = config.errorRules;
  assert.deepEqual(
    { ...first, match: first?.match?.source },
    {
      do: 'cool',
      provider: 'p',
      statuses: [400, 403],
      match: 'quota|limit',
      seconds: 3600,
    },
  );
  assert.ok(first?.match?.occursIn('your QUOTA is over'));
  assert.deepEqual(second, { do: 'stop', statuses: [500] });
  assert.deepEqual(config.groups.get('main')?.contextFallbacks, [
    { kind: 'model', provider: 'p', model: 's' },
  ]);
});

const mistakes: [rule: string, problem: string][] = [
  ['{ provider: q, do: stop }', 'error config.yaml:5:17 error_rules[0].provider: no provider "q"'],
  [
    '{ match: "(a", do: next }',
    'error config.yaml:5:14 error_rules[0].match: is not a pattern: missing closing ): (a',
  ],
  [
    '{ do: cool }',
    'error config.yaml:5:5 error_rules[0]: needs "provider", "status" or "match"; it would take every failure',
  ],
  [
    '{ status: 500, do: next, for: 5 }',
    'warning config.yaml:5:30 error_rules[0].for: has no meaning beside "do: next"',
  ],
];

for (const [text, problem] of mistakes)
  test(`a mistake in a rule: ${text}`, async () => {
    const [first = ''] = await problemsOf(rule(text));
    assert.ok(first.startsWith(problem.slice(0, 40)) && first.includes(problem.split(': ')[1] ?? ''), first);
  });
