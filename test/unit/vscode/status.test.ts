import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RouterSnapshot } from '../../../src/core/snapshot.ts';
import { statusOf, statusTooltip, tooltipCommands } from '../../../src/vscode/present/status.ts';
import { demoSnapshot, snapshot } from './snapshots.ts';

const file = '/home/user/.switchyard/config.yaml';
const problem = {
  severity: 'error',
  file,
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 2,
  path: '',
  message: 'x',
} as const;

interface Case {
  name: string;
  state: RouterSnapshot | undefined;
  secrets?: boolean;
  text: string;
  speech: string;
}

const cases: Case[] = [
  {
    name: 'nothing known yet',
    state: undefined,
    text: '$(loading~spin) Switchyard',
    speech: 'Switchyard: starting',
  },
  {
    name: 'starting',
    state: snapshot({ phase: 'starting' }),
    text: '$(loading~spin) Switchyard',
    speech: 'Switchyard: starting, default route goes to coders',
  },
  {
    name: 'working',
    state: snapshot(),
    text: '$(type-hierarchy) coders',
    speech: 'Switchyard: working, default route goes to coders',
  },
  {
    name: 'a profile in force',
    state: snapshot({
      routing: { profile: 'cheap', routes: {}, profiles: [], clients: [], asksWorkspace: false },
    }),
    text: '$(type-hierarchy) coders · cheap',
    speech: 'Switchyard: working, default route goes to coders, profile cheap',
  },
  {
    name: 'following',
    state: snapshot({ phase: 'following' }),
    text: '$(link) coders',
    speech: 'Switchyard: working, default route goes to coders, another window runs the router',
  },
  {
    name: 'following a router that hangs',
    state: snapshot({ phase: 'following', leaderPid: 42, leaderSilent: true }),
    text: '$(warning) coders',
    speech:
      'Switchyard: partly failing, default route goes to coders, another window runs the router, ' +
      'The router in another window does not answer (process 42).',
  },
  {
    name: 'the demo',
    state: demoSnapshot(),
    text: '$(type-hierarchy) Switchyard demo',
    speech: 'Switchyard: working, default route goes to demo, built-in demo',
  },
  {
    name: 'partly failing',
    state: snapshot({ health: 'degraded', healthReason: 'alpha is cooling down.' }),
    text: '$(warning) coders',
    speech: 'Switchyard: partly failing, default route goes to coders, alpha is cooling down.',
  },
  {
    name: 'all targets out',
    state: snapshot({ health: 'down', healthReason: 'No key works.' }),
    text: '$(error) coders',
    speech: 'Switchyard: not available, default route goes to coders, No key works.',
  },
  {
    name: 'router down',
    state: snapshot({ phase: 'down', downReason: 'Port 3456 is taken by node.', routes: [] }),
    text: '$(error) Switchyard',
    speech: 'Switchyard: not available, Port 3456 is taken by node.',
  },
  {
    name: 'paused',
    state: snapshot({ paused: true, health: 'down' }),
    text: '$(debug-pause) coders',
    speech: 'Switchyard: paused, default route goes to coders, The router is paused: clients get no answers.',
  },
  {
    name: 'config with mistakes',
    state: snapshot({ config: { file, state: 'last-good', problems: [problem] } }),
    text: '$(warning) coders',
    speech:
      'Switchyard: partly failing, default route goes to coders, The config file has 1 error; its last good version is in force.',
  },
  {
    name: 'config without any good version',
    state: snapshot({
      routes: [],
      health: 'down',
      config: { file, state: 'broken', problems: [problem, problem] },
    }),
    text: '$(error) Switchyard',
    speech: 'Switchyard: not available, The config file has 2 errors and is not in force.',
  },
  {
    name: 'listening, but the config is not read yet',
    state: snapshot({ routes: [], config: { file, state: 'none', problems: [] } }),
    text: '$(loading~spin) Switchyard',
    speech: 'Switchyard: starting',
  },
  {
    name: 'secret storage silent',
    state: snapshot(),
    secrets: false,
    text: '$(warning) coders',
    speech:
      'Switchyard: partly failing, default route goes to coders, The editor’s secret storage does not answer: keys kept there are not available.',
  },
];

for (const { name, state, secrets, text, speech } of cases) {
  test(`status bar: ${name}`, () => {
    const status = statusOf(state, secrets ?? true);
    assert.equal(status.text, text);
    assert.equal(status.speech, speech);
  });
}

test('the tooltip has routes, the last requests and links to known commands only', () => {
  const attempt = { provider: 'alpha', model: 'coder', key: 'alpha', startedAt: 0, duration: 900 } as const;
  const state = snapshot({
    exchanges: [
      {
        id: 'x1',
        startedAt: 0,
        client: 'anthropic',
        requestedModel: 'm',
        stream: true,
        route: 'default',
        reason: 'no other route',
        target: 'coders',
        attempts: [
          { ...attempt, outcome: 'server', status: 500 },
          { ...attempt, provider: 'beta', outcome: 'success', status: 200 },
        ],
        status: 200,
        duration: 2300,
      },
    ],
  });
  const text = statusTooltip(state, statusOf(state, true));
  assert.match(text, /127\.0\.0\.1:3456/);
  assert.match(text, /\| Default \| coders \| \$\(pass\) \|/);
  assert.match(text, /\$\(pass\) Default → beta\/coder · 2\.3 s · 2 attempts/);
  const linked = [...text.matchAll(/\(command:([\w.]+)\)/g)].map((match) => match[1]);
  assert.ok(linked.length > 0);
  for (const command of linked) assert.ok((tooltipCommands as readonly string[]).includes(command ?? ''));
});

test('the tooltip offers what there is to do: profiles to switch, and a diagnosis of what fails', () => {
  const profiles = [{ name: 'cheap', routes: {}, rules: 0 }];
  const routing = { profile: 'cheap', routes: {}, profiles, clients: [], asksWorkspace: false };
  const well = snapshot({ routing });
  const text = statusTooltip(well, statusOf(well, true));
  assert.match(text, /127\.0\.0\.1:3456 · profile cheap/);
  assert.match(text, /command:switchyard\.switchProfile/);
  assert.doesNotMatch(text, /switchyard\.diagnose/);
  const failing = snapshot({ health: 'degraded', healthReason: 'x' });
  const worse = statusTooltip(failing, statusOf(failing, true));
  assert.match(worse, /command:switchyard\.diagnose/);
  assert.doesNotMatch(worse, /switchProfile/);
});
