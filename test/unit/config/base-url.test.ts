import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normaliseBaseUrl } from '../../../src/core/config/base-url.ts';
import type { DialectId } from '../../../src/core/dialects/dialect.ts';

const same: Record<string, [DialectId, string, string][]> = {
  'anthropic, without /v1': [
    ['anthropic', 'https://api.anthropic.com', 'https://api.anthropic.com'],
    ['anthropic', 'https://api.anthropic.com/', 'https://api.anthropic.com'],
    ['anthropic', 'https://api.anthropic.com/v1', 'https://api.anthropic.com'],
    ['anthropic', 'https://api.anthropic.com/v1/messages', 'https://api.anthropic.com'],
    ['anthropic', 'https://api.anthropic.com/v1/messages?beta=true', 'https://api.anthropic.com'],
    ['anthropic', 'https://api.anthropic.com/v1/messages/count_tokens', 'https://api.anthropic.com'],
    ['anthropic', 'https://api.z.ai/api/anthropic/v1/', 'https://api.z.ai/api/anthropic'],
    ['anthropic', 'http://localhost:3000/api/v1/messages', 'http://localhost:3000/api'],
    ['anthropic', 'https://api.siliconflow.cn/messages', 'https://api.siliconflow.cn'],
  ],
  'openai-chat, with a version': [
    ['openai-chat', 'https://api.openai.com', 'https://api.openai.com/v1'],
    ['openai-chat', 'https://api.openai.com/v1/', 'https://api.openai.com/v1'],
    ['openai-chat', 'https://api.openai.com/v1/chat/completions', 'https://api.openai.com/v1'],
    ['openai-chat', 'https://api.openai.com/v1/models', 'https://api.openai.com/v1'],
    ['openai-chat', 'https://open.bigmodel.cn/api/paas/v4', 'https://open.bigmodel.cn/api/paas/v4'],
    [
      'openai-chat',
      'https://open.bigmodel.cn/api/paas/v4/chat/completions',
      'https://open.bigmodel.cn/api/paas/v4',
    ],
    ['openai-chat', 'https://x.com/v1beta/openai/', 'https://x.com/v1beta/openai'],
    ['openai-chat', 'https://x.com/v1beta/openai/models', 'https://x.com/v1beta/openai'],
    [
      'openai-chat',
      'https://dashscope.aliyuncs.com/compatible-mode/v1',
      'https://dashscope.aliyuncs.com/compatible-mode/v1',
    ],
    ['openai-chat', 'https://openrouter.ai/api', 'https://openrouter.ai/api/v1'],
    ['openai-chat', 'http://localhost:4000//v1', 'http://localhost:4000/v1'],
    // The endpoint was spelled out: what stands before it is meant as it is.
    ['openai-chat', 'https://api.deepseek.com/chat/completions', 'https://api.deepseek.com'],
    ['openai-responses', 'https://api.openai.com/v1/responses', 'https://api.openai.com/v1'],
    ['openai-responses', 'https://api.openai.com', 'https://api.openai.com/v1'],
  ],
  'gemini, with /v1beta': [
    [
      'gemini',
      'https://generativelanguage.googleapis.com',
      'https://generativelanguage.googleapis.com/v1beta',
    ],
    ['gemini', 'http://127.0.0.1:3000/gemini/v1beta/models/', 'http://127.0.0.1:3000/gemini/v1beta'],
    ['gemini', 'http://h/v1beta/models/gemini-x:generateContent', 'http://h/v1beta'],
  ],
  'Azure, in the forms that its portal shows': [
    [
      'openai-chat',
      'https://r.openai.azure.com/openai/deployments/gpt-5/chat/completions?api-version=2024-10-21',
      'https://r.openai.azure.com/openai/deployments/gpt-5?api-version=2024-10-21',
    ],
    [
      'openai-chat',
      'https://r.openai.azure.com/openai/deployments/{model}/?api-version=2024-10-21',
      'https://r.openai.azure.com/openai/deployments/{model}?api-version=2024-10-21',
    ],
    [
      'openai-chat',
      'https://r.openai.azure.com/?api-version=2024-10-21',
      'https://r.openai.azure.com/openai/deployments/{model}?api-version=2024-10-21',
    ],
    ['openai-chat', 'https://r.openai.azure.com/openai/v1/', 'https://r.openai.azure.com/openai/v1'],
    ['openai-chat', 'https://r.openai.azure.com', 'https://r.openai.azure.com/openai/v1'],
    ['openai-chat', 'r.openai.azure.com/openai/', 'https://r.openai.azure.com/openai/v1'],
    [
      'openai-chat',
      'https://r.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview',
      'https://r.services.ai.azure.com/models?api-version=2024-05-01-preview',
    ],
    [
      'openai-responses',
      'https://r.cognitiveservices.azure.com/openai/responses?api-version=2025-04-01-preview',
      'https://r.cognitiveservices.azure.com/openai/v1',
    ],
    [
      'openai-responses',
      'https://r.openai.azure.com/openai/deployments/gpt-5/chat/completions?api-version=2024-10-21',
      'https://r.openai.azure.com/openai/v1',
    ],
    [
      'openai-responses',
      'https://r.services.ai.azure.com/api/projects/p',
      'https://r.services.ai.azure.com/openai/v1',
    ],
    ['anthropic', 'https://r.services.ai.azure.com', 'https://r.services.ai.azure.com/anthropic'],
    [
      'anthropic',
      'https://r.services.ai.azure.com/anthropic/v1/messages',
      'https://r.services.ai.azure.com/anthropic',
    ],
    // A gateway in front of Azure is taken at its word.
    [
      'openai-chat',
      'https://apim.example/x/openai/deployments/d?api-version=2024-10-21',
      'https://apim.example/x/openai/deployments/d?api-version=2024-10-21',
    ],
  ],
  'schemes, ports, case': [
    ['openai-chat', 'localhost:11434', 'http://localhost:11434/v1'],
    ['openai-chat', '10.0.0.5:8000/v1', 'http://10.0.0.5:8000/v1'],
    ['openai-chat', '[::1]:8000', 'http://[::1]:8000/v1'],
    ['openai-chat', 'api.groq.com/openai/v1', 'https://api.groq.com/openai/v1'],
    ['openai-chat', 'HTTPS://API.Groq.com:443/openai/v1', 'https://api.groq.com/openai/v1'],
    ['openai-chat', '  https://a.b/v1#top ', 'https://a.b/v1'],
    ['anthropic', 'demo://local', 'demo://local'],
  ],
};

for (const [name, list] of Object.entries(same)) {
  test(name, () => {
    for (const [dialect, input, output] of list) {
      assert.equal(normaliseBaseUrl(input, dialect), output, input);
      assert.equal(
        normaliseBaseUrl(output, dialect).replace(/\/v1$/, ''),
        output.replace(/\/v1$/, ''),
        'stable',
      );
    }
  });
}

test('what is no address is refused without being repeated', () => {
  for (const input of [
    '',
    '   ',
    'http://',
    'not a url',
    'ftp://x/y',
    'javascript:alert(1)',
    'http://u:p@h/',
    'http://h/?key=canary',
    'http://h/?api-version=1&key=canary',
  ]) {
    assert.throws(
      () => normaliseBaseUrl(input, 'anthropic'),
      (error: Error) => !error.message.includes('canary') && error.message.length > 5,
      input,
    );
  }
});

test("a deployment's address without its version is refused", () => {
  assert.throws(
    () => normaliseBaseUrl('https://r.openai.azure.com/openai/deployments/d/chat/completions', 'openai-chat'),
    /api-version/,
  );
});
