// What each provider's and relay's way to say no means. One line per wording: who, status, headers, body, meaning.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { upstreamDialect } from '../../../src/core/dialects/registry.ts';
import { readFailedAnswer } from '../../../src/core/gateway/failed-answer.ts';
import { answerRows } from '../../../src/core/resilience/answer-rows.ts';
import { deploymentsOf } from '../../../src/core/routing/candidates.ts';
import { provider, routerConfig } from '../../tools/config-builder.ts';
import { ManualClock } from '../../tools/manual-clock.ts';
import { now } from './answer-case.ts';
import { providerCases } from './answer-cases-providers.ts';
import { relayCases } from './answer-cases-relays.ts';
import { missingThings } from './answer-cases-things.ts';

const cases = [...relayCases, ...providerCases, ...missingThings];

const [deployment] = deploymentsOf(
  routerConfig({ providers: [provider('p', ['claude-opus-5'])] }),
  'p',
  'claude-opus-5',
);
const dialect = upstreamDialect('openai-chat');

for (const { who, status, body, headers = {}, means, retry, until } of cases)
  test(`${who} (${status}) is ${means.join(' of the ')}`, async () => {
    assert.ok(deployment && dialect);
    const response = { status, headers, body: one(typeof body === 'string' ? body : JSON.stringify(body)) };
    const { failure } = await readFailedAnswer(response, dialect, deployment, new ManualClock(now));
    assert.deepEqual([failure.kind, failure.scope], means, failure.message);
    assert.equal(failure.until === undefined ? undefined : (failure.until - now) / 1000, until);
    if (failure.kind === 'quota' || failure.kind === 'rate-limit') assert.equal(failure.status, 429);
    assert.equal(
      failure.retry,
      retry ?? (failure.kind === 'invalid-request' || failure.kind === 'context-length' ? 'never' : 'next'),
    );
  });

test('each row of the table is shown by one of these', () => {
  const texts = cases.map(({ body, headers }) => `${JSON.stringify(body)} ${JSON.stringify(headers)}`);
  for (const { wording } of answerRows) {
    const anywhere = new RegExp(wording.source.replaceAll('|^', '|"'), 'i');
    assert.ok(
      texts.some((text) => anywhere.test(text.replaceAll('\\"', '"'))),
      wording.source,
    );
  }
});

async function* one(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
