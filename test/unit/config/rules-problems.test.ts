// Mistakes in rules, profiles and clients, with their exact places and words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOf, problemsOf } from './load-text.ts';

const base = `providers: { p: { dialect: openai-chat, base_url: http://127.0.0.1:8000/v1, models: [m, s] } }
groups: { main: { targets: [p/m] } }
routes: { default: main }
`;

/** One rule on line 4 of the file; `rest` begins in column 5. */
const rule = (rest: string) => `${base}rules:\n  - ${rest}\n`;
const line = 'config.yaml:5';

const cases: { name: string; text: string; problems: string[]; env?: Record<string, string> }[] = [
  {
    name: 'no mistake',
    text: rule(
      '{ name: n, when: { model: "x-*", class: [main, subagent], agent_type: Explore, effort: ">= high", tokens: "< 20k", tools: none, image: false, header.x-team: a, text: "a|b", client: c, workspace: ~/w, time: "22:00-06:00" }, to: p/s, effort: low }',
    ).concat('clients: [{ name: C, token: secret:c }]\n'),
    problems: [],
  },
  {
    name: 'a client that there is not',
    text: rule('{ when: { client: [chery, "x*"] }, to: main }').concat(
      'clients: [{ name: cherry, token: secret:c }]\n',
    ),
    problems: [
      `warning ${line}:24 rules[0].when.client[0]: no client is called "chery"; did you mean "cherry"?`,
    ],
  },
  {
    name: 'tokens as a number',
    text: rule('{ when: { tokens: 20000 }, to: main }'),
    problems: [
      `error ${line}:23 rules[0].when.tokens: must be written like "< 20000", ">= 60000" or "20000-60000"`,
    ],
  },
  {
    name: 'one mistake in a list',
    text: rule('{ when: { tokens: ["< 10", "many"] }, to: main }'),
    problems: [
      `error ${line}:32 rules[0].when.tokens[1]: must be written like "< 20000", ">= 60000" or "20000-60000"`,
    ],
  },
  {
    name: 'an unknown effort',
    text: rule('{ when: { effort: ">= huge" }, to: main }'),
    problems: [
      `error ${line}:23 rules[0].when.effort: must be one of low, medium, high, xhigh, max, or written like ">= high"`,
    ],
  },
  {
    name: 'a comparison of tools without a number',
    text: rule('{ when: { tools: "> many" }, to: main }'),
    problems: [
      `error ${line}:22 rules[0].when.tools: must be the name of a tool, "none", or written like "> 20"`,
    ],
  },
  {
    name: 'a pattern that is none',
    text: rule('{ when: { text: "(a" }, to: main }'),
    problems: [`error ${line}:21 rules[0].when.text: is not a pattern: missing closing ): \`(a\``],
  },
  {
    name: 'a time that is none',
    text: rule('{ when: { time: "25:00-06:00" }, to: main }'),
    problems: [
      `error ${line}:21 rules[0].when.time: must be written like "22:00-06:00", "mon-fri" or "sat,sun 09:00-18:00"`,
    ],
  },
  {
    name: 'an unknown condition takes its rule out',
    text: rule('{ when: { agent_typ: Explore, tokens: "< 10" }, to: main }'),
    problems: [
      `warning ${line}:15 rules[0].when.agent_typ: no such condition, so this rule is left out; did you mean "agent_type"?`,
    ],
  },
  {
    name: 'a condition without a value',
    text: rule('{ when: { agent_type: }, to: main }'),
    problems: [`error ${line}:15 rules[0].when.agent_type: must be text or a list, but is empty`],
  },
  {
    name: 'a header that is no text',
    text: rule('{ when: { header.x-a: 5 }, to: main }'),
    problems: [
      `error ${line}:27 rules[0].when["header.x-a"]: must be text or a list of texts; put numbers and true or false in quotes`,
    ],
  },
  {
    name: 'an unknown class',
    text: rule('{ when: { class: subagnt }, to: main }'),
    problems: [
      `warning ${line}:22 rules[0].when.class: no request has the class "subagnt"; did you mean "subagent"?`,
    ],
  },
  {
    name: 'a missing variable takes the rule out instead of widening it',
    text: rule(`{ when: { agent_type: Explore, header.x-a: "\${env:ABSENT}" }, to: main }`),
    problems: [
      `warning ${line}:48 rules[0].when["header.x-a"]: the environment variable "ABSENT" is not set; this is left out`,
    ],
  },
  {
    name: 'neither target nor route',
    text: rule('{ when: { class: main } }'),
    problems: [`error ${line}:5 rules[0]: needs "to" (a target) or "route" (the name of a route)`],
  },
  {
    name: 'target and route',
    text: rule('{ when: { class: main }, to: main, route: think }'),
    problems: [`error ${line}:40 rules[0].route: stands beside "to"; only one of them can decide`],
  },
  {
    name: 'an unknown target and an unknown route',
    text: `${base}rules:\n  - { when: { class: main }, to: mian }\n  - { when: { class: main }, route: thnk }\n`,
    problems: [
      'error config.yaml:6:37 rules[1].route: must be one of default, background, think, longContext, webSearch, image, subagent, compaction, classifier; did you mean "think"?',
    ],
  },
  {
    name: 'an unknown target',
    text: rule('{ when: { class: main }, to: mian }'),
    problems: [`error ${line}:34 rules[0].to: no group or provider "mian"; did you mean "main"?`],
  },
  {
    name: 'a rule that hides the others',
    text: `${base}rules:\n  - { to: main }\n  - { when: { class: main }, to: p/s }\n`,
    problems: [
      'warning config.yaml:5:5 rules[0]: has no condition in "when" and takes every request; no rule below is reached',
    ],
  },
  {
    name: 'profiles: unknown names and targets',
    text: `${base}profile: cheep\nprofiles:\n  cheap: { routes: { default: p/s, thnk: p/s, think: nowhere/x } }\nclients: [{ name: c, token: secret:c, profile: chep }]\n`,
    problems: [
      'error config.yaml:4:10 profile: no profile "cheep"; did you mean "cheap"?',
      'error config.yaml:6:54 profiles.cheap.routes.think: no provider "nowhere"',
      'error config.yaml:7:48 clients[0].profile: no profile "chep"; did you mean "cheap"?',
      'warning config.yaml:6:36 profiles.cheap.routes.thnk: unknown field, ignored; did you mean "think"?',
    ],
  },
  {
    name: 'a profile without content',
    text: `${base}profiles:\n  cheap:\n`,
    problems: ['error config.yaml:5:3 profiles.cheap: must be a map of fields, but is empty'],
  },
  {
    name: 'clients: a token in the file, twins, an absent variable',
    text: `${base}clients:\n  - { name: a, token: sk-1234 }\n  - { name: b, token: secret:x }\n  - { name: b, token: secret:x }\n  - { name: d, token: env:ABSENT, rpm: 0 }\n`,
    problems: ['error config.yaml:8:40 clients[3].rpm: must be more than 0'],
  },
  {
    name: 'clients: what only the resolver sees',
    text: `${base}clients:\n  - { name: a, token: sk-1234 }\n  - { name: b, token: secret:x }\n  - { name: b, token: secret:x }\n  - { name: d, token: env:ABSENT, rpm: 1 }\n`,
    problems: [
      'error config.yaml:5:23 clients[0].token: a token must not stand in this file; write secret:NAME, or env:NAME for an environment variable',
      'error config.yaml:7:13 clients[2].name: another client is called "b" already',
      'error config.yaml:7:23 clients[2].token: is the token of "b" already: each client needs its own',
      'warning config.yaml:8:23 clients[3].token: the environment variable "ABSENT" is not set; this client is not let in',
    ],
  },
];

for (const { name, text, problems, env } of cases)
  test(name, async () => {
    assert.deepEqual(await problemsOf(text, env), problems);
  });

test('rules, profiles and clients in the form that the router works with', async () => {
  const config = await configOf(
    `${base}profile: cheap
rules: [{ when: { class: main }, route: think, effort: low }]
profiles:
  cheap: { routes: { default: p/s }, rules: [{ name: r, to: p/m }] }
clients:
  - { name: cherry, token: "\${env:CHERRY}", profile: cheap, rpm: 5, routes: { think: { to: p/s, effort: max } } }
`,
    { CHERRY: 'x' },
  );
  const model = (id: string) => ({ kind: 'model', provider: 'p', model: id });
  const [first] = config.rules;
  assert.deepEqual(
    { ...first, conditions: first?.conditions.length },
    { name: 'rules[0]', conditions: 1, to: { kind: 'route', route: 'think' }, effort: 'low' },
  );
  assert.equal(config.profile, 'cheap');
  assert.deepEqual(config.profiles.get('cheap')?.routes, { default: { target: model('s') } });
  assert.deepEqual(config.profiles.get('cheap')?.rules, [{ name: 'r', conditions: [], to: model('m') }]);
  assert.deepEqual(config.clients, [
    {
      name: 'cherry',
      reference: 'env:CHERRY',
      routes: { think: { target: model('s'), effort: 'max' } },
      profile: 'cheap',
      rpm: 5,
    },
  ]);
});
