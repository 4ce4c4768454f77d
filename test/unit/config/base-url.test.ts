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
  ]) {
    assert.throws(
      () => normaliseBaseUrl(input, 'anthropic'),
      (error: Error) => !error.message.includes('canary') && error.message.length > 5,
      input,
    );
  }
});
