import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Transport, UpstreamRequest } from '../../../src/core/gateway/transport.ts';
import { listModels, type ProbeTarget, testProvider } from '../../../src/core/probe/probe.ts';
import { jsonAnswer } from '../../tools/gateway-harness.ts';
import { ManualClock } from '../../tools/manual-clock.ts';

const deployments = 'https://r.openai.azure.com/openai/deployments/{model}?api-version=2024-10-21';

function deps(sent: UpstreamRequest[]) {
  const transport: Transport = {
    async send(request) {
      sent.push(request);
      return jsonAnswer(200, {
        choices: [{ message: { role: 'assistant', content: 'ready' }, finish_reason: 'stop' }],
      });
    },
  };
  return { transport, clock: new ManualClock() };
}

test('where there is no list for a key, nobody is asked for one', async () => {
  const targets: ProbeTarget[] = [
    {
      preset: 'vertex',
      dialect: 'gemini',
      baseUrl: 'https://aiplatform.googleapis.com/v1/publishers/google',
    },
    { preset: 'azure', dialect: 'openai-responses', baseUrl: 'https://r.openai.azure.com/openai/v1' },
    { dialect: 'openai-chat', baseUrl: deployments },
  ];
  for (const target of targets) {
    const sent: UpstreamRequest[] = [];
    await assert.rejects(listModels(deps(sent), target), /has no list of models/);
    assert.equal(sent.length, 0, target.baseUrl);
  }
});

test('a deployment of Azure is tested at its own address, with its own header', async () => {
  const sent: UpstreamRequest[] = [];
  const target: ProbeTarget = { preset: 'azure', dialect: 'openai-chat', baseUrl: deployments, key: 'k' };
  assert.equal((await testProvider(deps(sent), target, 'my gpt')).answer, 'ready');
  assert.equal(
    sent[0]?.url,
    'https://r.openai.azure.com/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21',
  );
  assert.equal(sent[0]?.headers['api-key'], 'k');
});
