import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExchangeRecord } from '../../../src/core/gateway/exchange.ts';
import { findingChoice, reportText } from '../../../src/vscode/diagnose/choices.ts';
import { type Facts, type Finding, findingsOf } from '../../../src/vscode/diagnose/findings.ts';
import { demoSnapshot, provider, snapshot } from './snapshots.ts';

function facts(changes: Partial<Facts> = {}): Facts {
  return {
    snapshot: snapshot(),
    secretsAvailable: true,
    hasKey: () => true,
    foreignProgram: undefined,
    injects: true,
    staleTerminals: 0,
    windowProfile: '',
    claude: { program: 'claude', found: true },
    claudeExtension: 'absent',
    redirects: [],
    looseFiles: [],
    ...changes,
  };
}

const brief = ({ level, subject, message, remedy }: Finding) =>
  `${level} | ${subject} | ${message}${remedy === undefined ? '' : ` | ${remedy.command}`}`;
const wrong = (changes: Partial<Facts>) =>
  findingsOf(facts(changes))
    .filter(({ level }) => level !== 'ok')
    .map(brief);

test('where all is well, everything is told as looked at, and nothing is to be mended', () => {
  const findings = findingsOf(facts());
  assert.deepEqual(
    findings.map(({ level, subject }) => `${level} ${subject}`),
    ['ok Router', 'ok Configuration', 'ok Keys', 'ok Terminals', 'ok Claude Code'],
  );
});

test('a taken port asks for another one, another fall for a restart, a pause for its end', () => {
  const down = { phase: 'down', downReason: 'Port 3456 is used by node.' } as const;
  assert.deepEqual(wrong({ snapshot: snapshot({ ...down, takenPort: 3456 }) }), [
    'error | Router | Port 3456 is used by node. | switchyard.useAnotherPort',
  ]);
  assert.match(wrong({ snapshot: snapshot(down) })[0] ?? '', /switchyard\.restartRouter$/);
  assert.match(wrong({ snapshot: snapshot({ paused: true }) })[0] ?? '', /switchyard\.resumeRouter$/);
});

test('mistakes, warnings and a missing configuration lead to the file or to a provider', () => {
  const place = { file: '/c.yaml', line: 3, column: 1, endLine: 3, endColumn: 2, path: 'routes.x' };
  const problems = [
    { ...place, severity: 'error' as const, message: 'bad' },
    { ...place, severity: 'warning' as const, message: 'unknown field' },
  ];
  assert.deepEqual(
    wrong({ snapshot: snapshot({ config: { file: '/c.yaml', state: 'last-good', problems } }) }),
    [
      'error | Configuration | The config file has 1 error; its last good version is in force. | switchyard.openConfig',
      'warning | Configuration | Line 3: routes.x: unknown field | switchyard.openConfig',
    ],
  );
  assert.match(wrong({ snapshot: demoSnapshot() })[0] ?? '', /switchyard\.addProvider$/);
});

test('a missing key is an error when no other of its provider serves, and its remedy knows the key', () => {
  const out = { state: 'out', reason: 'refused with 401' } as const;
  const keys = [
    { name: 'one', reference: 'env:ONE', health: out },
    { name: 'two', reference: 'secret:two', health: { state: 'ok' } as const },
  ];
  const alone = provider('alone', { keys: [{ name: 'x', reference: 'secret:x', health: out }] });
  const providers = [
    provider('alpha', { keys }),
    alone,
    provider('off', { enabled: false, keys: alone.keys }),
  ];
  const found = findingsOf(
    facts({ snapshot: snapshot({ providers }), hasKey: (reference) => reference !== 'secret:x' }),
  ).filter(({ level }) => level !== 'ok');
  assert.deepEqual(found.map(brief), [
    'error | Key x of alone | secret:x is not set. | switchyard.setKey',
    'warning | Key one of alpha | refused with 401 | switchyard.setKey',
  ]);
  assert.deepEqual(found[0]?.remedy?.argument, {
    kind: 'key',
    provider: 'alone',
    key: 'x',
    reference: 'secret:x',
  });
});

test('the last finished request tells why it failed; one that went well tells nothing', () => {
  const exchange: ExchangeRecord = {
    id: 'x',
    startedAt: 0,
    client: 'anthropic',
    requestedModel: 'm',
    stream: true,
    route: 'default',
    reason: 'no other route',
    target: 'coders',
    attempts: [
      { provider: 'a', model: 'b', key: 'k', startedAt: 0, outcome: 'server', error: 'It is overloaded.' },
    ],
  };
  const after = (status?: number) =>
    wrong({ snapshot: snapshot({ exchanges: [{ ...exchange, ...(status && { status }) }] }) });
  assert.deepEqual(after(529), [
    'warning | Last request | It was answered with status 529: It is overloaded. | switchyard.showLog',
  ]);
  assert.deepEqual(after(200), []);
  assert.deepEqual(after(), []);
});

test('terminals, Claude Code and files', () => {
  assert.match(wrong({ staleTerminals: 1 })[0] ?? '', /1 open terminal .*workbench\.action\.terminal\.new$/);
  // Without our variables none of them can be older than others.
  assert.match(wrong({ staleTerminals: 2, injects: false })[0] ?? '', /no variables.*openSettings$/);
  assert.match(wrong({ windowProfile: 'gone' })[0] ?? '', /not in the config file: gone/);
  assert.deepEqual(wrong({ windowProfile: 'none' }), []);
  assert.match(wrong({ claude: { program: 'cl', found: false } })[0] ?? '', /no program “cl”/);
  const redirects = [{ file: '/h/.claude/settings.json', names: ['ANTHROPIC_BASE_URL'] }];
  assert.match(wrong({ redirects })[0] ?? '', /settings\.json sets ANTHROPIC_BASE_URL.*removeClaudeTraces$/);
  assert.match(wrong({ looseFiles: ['/h/token'] })[0] ?? '', /^error .*\/h\/token/);
  assert.match(wrong({ secretsAvailable: false }).join('\n'), /^error \| Keys .*reloadWindow$/m);
});

test('an extension of Claude Code that goes elsewhere is no fault, and can be connected', () => {
  const of = (claudeExtension: Facts['claudeExtension']) =>
    findingsOf(facts({ claudeExtension })).filter(({ subject }) => subject === 'Claude Code extension');
  assert.deepEqual(of('absent'), []);
  assert.equal(of('connected')[0]?.remedy, undefined);
  assert.equal(of('other')[0]?.remedy?.command, 'switchyard.connectClaudeExtension');
  assert.equal(of('other')[0]?.level, 'ok');
});

test('the worst stands first, and only a remedy can be chosen', () => {
  const choices = findingsOf(facts({ staleTerminals: 1, looseFiles: ['/h/token'] })).map(findingChoice);
  assert.deepEqual(
    choices.map(({ label, description, value }) => [label, description, value !== undefined]).slice(0, 3),
    [
      ['$(error) Files', undefined, false],
      ['$(warning) Terminals', '$(arrow-right) New Terminal', true],
      ['$(pass) Router', undefined, false],
    ],
  );
});

test('the report is one line for each finding', () => {
  assert.match(
    reportText(findingsOf(facts())),
    /^ok {6}Router: Version 0\.0\.0 answers at 127\.0\.0\.1:3456\.\n/,
  );
});
