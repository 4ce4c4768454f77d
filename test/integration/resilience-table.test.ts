// docs/resilience.md, row by row: each table is read from the page and played.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { group, provider, routerConfig, target } from '../tools/config-builder.ts';
import { Fleet, type Scripted } from '../tools/fleet.ts';
import type { Recorded } from '../tools/gateway-harness.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/resilience.md'), 'utf8');
const ask = {
  model: 'x',
  max_tokens: 100,
  top_k: 5,
  stream: true,
  messages: [{ role: 'user', content: 'hi' }],
};
const firstToken = 120;
/** For how long an upstream says nothing, and what it had said before. */
const silences: Record<string, { seconds: number; after: string }> = {
  '200, silent': { seconds: firstToken, after: '' },
  '200, stalled': { seconds: 120, after: 'hello' },
};

/** The rows below the heading, by the names of the columns. */
function table(heading: string): Record<string, string>[] {
  const section = page.split('\n## ').find((part) => part.startsWith(heading)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  const [head = [], , ...rows] = lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return rows.map((row) => Object.fromEntries(row.map((cell, index) => [head[index] ?? '', cell])));
}

/** The code spans of a cell. */
const spans = (cell = '') => Array.from(cell.matchAll(/`([^`]+)`/g), ([, text = '']) => text);

function scripted(status: string, sends: readonly string[]): Scripted {
  const headers = sends.filter((text) => /^[a-z-]+: \S+$/.test(text));
  const texts = sends.filter((text) => !headers.includes(text));
  const [first = ''] = texts;
  const error = { error: { message: texts.join(' ') } };
  return {
    status,
    headers: Object.fromEntries(headers.map((text) => text.split(': '))),
    body: first.startsWith('{') ? first : first === '' ? '' : JSON.stringify(error),
  };
}

async function fleetOf(t: TestContext, script: () => Scripted, more: { spare: boolean; patient: boolean }) {
  const fleet = new Fleet(
    routerConfig({
      providers: [
        provider('a', ['claude-opus-5'], { timeout: { connect: 10, firstToken, idle: 120, total: 3600 } }),
        provider('spare', ['m']),
      ],
      groups: [
        group('g', more.spare ? [target('a/claude-opus-5'), target('spare/m')] : [target('a/claude-opus-5')]),
      ],
      routes: { default: 'g' },
      resilience: more.patient ? {} : { retries: 0, maxWait: 0 },
    }),
  );
  await fleet.add(t, 'a', () => script());
  await fleet.add(t, 'spare', () => ({ status: '200' }));
  return fleet;
}

/** Names of what is left alone, and for how many seconds. */
function restingIn(fleet: Fleet): { unit: string; seconds: number }[] {
  const health = fleet.gateway.exportHealth() as Record<string, { rest: number; limit: number }>;
  return Object.entries(health).flatMap(([unit, { rest, limit }]) =>
    unit.includes(' ') ? { unit, seconds: (Math.max(rest, limit) - fleet.clock.now()) / 1000 } : [],
  );
}

const units: Record<string, string> = {
  deployment: 'deployment a/main/claude-opus-5',
  family: 'family a/main/opus',
  key: 'key a/main',
  provider: 'provider a',
};

function assertClientGets(cell: string, { status, headers, body }: Recorded): void {
  const [, code, type, , back] =
    /^(\d{3})(?: (?!with)([a-z_]+))?( with an error event)?(?:, back in (\d+) s)?/.exec(cell) ?? [];
  assert.equal(status, Number(code), body);
  if (type !== undefined) assert.equal((JSON.parse(body) as { error: { type: string } }).error.type, type);
  if (cell.includes('with an error event')) assert.match(body, /event: error/);
  else if (status === 200) assert.match(body, /message_stop/);
  if (status !== 200) assert.equal(headers['retry-after'], back);
  for (const text of spans(cell)) assert.ok(body.includes(text), body);
}

function secondsIn(cell: string): number {
  const [, amount, unit = ''] = /^(\d+) (s|min|h)/.exec(cell) ?? [];
  return Number(amount) * ({ s: 1, min: 60, h: 3600 }[unit] ?? Number.NaN);
}

for (const row of table('What each answer means')) {
  const { Upstream = '', Status = '', Sends, Blames = '', Then = '' } = row;
  const left = row['Left alone'] ?? '';
  test(`${Upstream} (${Status}) blames ${Blames}, then ${Then}`, async (t) => {
    const answer = scripted(Status, spans(Sends));
    let asked = 0;
    const script = () => (Then === 'mended' && asked++ % 2 === 1 ? { status: '200' } : answer);
    const silence = silences[Status];

    const alone = await fleetOf(t, script, { spare: false, patient: false });
    alone.refuses = (name) => name === 'a' && Status === 'refused';
    const times = Number(/after (\d)/.exec(left)?.[1] ?? 1);
    let recorded: Recorded | undefined;
    for (let time = 1; time <= times; time++) {
      assert.deepEqual(restingIn(alone), [], `it is left alone before failure ${time}`);
      recorded = await alone.ask(ask, silence);
    }
    assert.ok(recorded);
    assertClientGets(row['Client gets'] ?? '', recorded);
    const key = alone.gateway.view().providers[0]?.keys[0]?.health.state;
    assert.equal(key === 'out', left === 'until the key changes');
    const lasts = left === 'no' || left === 'until the key changes';
    assert.deepEqual(restingIn(alone), lasts ? [] : [{ unit: units[Blames], seconds: secondsIn(left) }]);

    asked = 0;
    const pair = await fleetOf(t, script, { spare: true, patient: false });
    pair.refuses = alone.refuses;
    const second = await pair.ask(ask, silence);
    const who = pair.asked.map((each) => each.provider);
    assert.deepEqual(who, { next: ['a', 'spare'], never: ['a'], mended: ['a', 'a'] }[Then]);
    if (Then === 'next') assert.equal(second.status, 200);
  });
}

for (const row of table('When nothing else is left')) {
  const answers = row['Answers, in order'] ?? '';
  test(`alone: ${answers}`, async (t) => {
    const list = spans(answers).map((text) => {
      const [status = '', ...rest] = text.split(' ');
      return scripted(status, rest.length > 0 ? [rest.join(' ')] : []);
    });
    let fleet: Fleet | undefined;
    const script = () => list[(fleet?.asked.length ?? 1) - 1] ?? { status: '200' };
    fleet = await fleetOf(t, script, { spare: false, patient: true });
    fleet.refuses = () => list[(fleet?.asked.length ?? 1) - 1]?.status === 'refused';
    const recorded = await fleet.ask(ask);
    assert.deepEqual(
      fleet.asked.map(({ after }) => after),
      (row['Asked after'] ?? '').split(', ').map(Number),
    );
    assertClientGets(row['Client gets'] ?? '', recorded);
  });
}

test('the tables are there', () => {
  assert.ok(table('What each answer means').length > 40);
  assert.ok(table('When nothing else is left').length > 10);
});
