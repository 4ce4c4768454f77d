// What the user says about a provider holds for embeddings that are asked in several requests, too.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorRule } from '../../../src/core/config/router-config.ts';
import { compilePattern } from '../../../src/core/pattern.ts';
import { key, provider, routerConfig } from '../../tools/config-builder.ts';
import { createHarness, jsonAnswer, startRequest, type UpstreamScript } from '../../tools/gateway-harness.ts';
import { settle } from '../../tools/manual-clock.ts';
import { textOfPieces } from '../../tools/pieces.ts';

async function embed(count: number, upstream: UpstreamScript, rules: ErrorRule[], maxParallel?: number) {
  const limits = maxParallel === undefined ? {} : { maxParallel };
  const config = routerConfig({
    providers: [provider('p', ['e'], { dialect: 'openai-chat', keys: [key('k', limits)] })],
    errorRules: rules,
  });
  const { gateway, sent } = createHarness(config, upstream);
  const input = Array.from({ length: count }, (_, index) => `text ${index}`);
  const { recorded, done } = startRequest(gateway, { model: 'p/e', input }, { path: '/v1/embeddings' });
  await done;
  return { status: recorded.status, sent: sent.length };
}

test('a rule that stops keeps a refused batch from being asked in smaller ones', async () => {
  const refusals = ['maximum allowed batch size 2', 'encoding_format base64 is not supported'];
  for (const message of refusals) {
    const refused = () => jsonAnswer(400, { error: { message } });
    const stopped = await embed(4, refused, [{ statuses: [400], do: 'stop' }]);
    assert.deepEqual(stopped, { status: 400, sent: 1 }, message);
  }
  const refused = () => jsonAnswer(400, { error: { message: refusals[0] } });
  const other = await embed(4, refused, [{ match: compilePattern('nothing'), do: 'stop' }]);
  assert.ok(other.sent > 1);
});

test('batches of one request go one by one where the key has a limit of calls at once', async () => {
  for (const [maxParallel, expected] of [
    [1, 1],
    [undefined, 4],
  ] as const) {
    let now = 0;
    let most = 0;
    const answered = await embed(
      9_000,
      async ({ body }) => {
        most = Math.max(most, ++now);
        await settle();
        now--;
        const { input } = JSON.parse(textOfPieces(body));
        const data = input.map((_: unknown, index: number) => ({ index, embedding: [1] }));
        return jsonAnswer(200, { object: 'list', data, usage: { prompt_tokens: 1 } });
      },
      [],
      maxParallel,
    );
    assert.equal(answered.status, 200);
    assert.equal(most, expected);
  }
});
