// How much a Gemini upstream is to think and to say, and in what form.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeGeminiRequest } from '../../../../src/core/dialects/gemini/request.ts';
import { target, tool } from '../claude-code-request.ts';
import { bodyOf, configOf, gemini, request } from './request-of.ts';

const thinkingCases: [name: string, model: string, fields: object, expected: unknown][] = [
  ['unsaid', 'gemini-3-flash-preview', {}, undefined],
  [
    'adaptive, no effort',
    'gemini-3-flash-preview',
    { thinking: { type: 'adaptive' } },
    { includeThoughts: true },
  ],
  ['effort alone', 'gemini-3-flash-preview', { output_config: { effort: 'low' } }, { thinkingLevel: 'low' }],
  [
    'max on flash',
    'gemini-3.5-flash',
    { thinking: { type: 'adaptive' }, output_config: { effort: 'max' } },
    { thinkingLevel: 'high', includeThoughts: true },
  ],
  [
    'medium on the first pro',
    'gemini-3-pro-preview',
    { output_config: { effort: 'medium' } },
    { thinkingLevel: 'low' },
  ],
  [
    'medium on 3.1 pro',
    'gemini-3.1-pro-preview',
    { output_config: { effort: 'medium' } },
    { thinkingLevel: 'medium' },
  ],
  [
    'off on flash',
    'gemini-3-flash-preview',
    { thinking: { type: 'disabled' } },
    { thinkingLevel: 'minimal' },
  ],
  ['off on newer flash', 'gemini-3.8-flash', { thinking: { type: 'disabled' } }, { thinkingLevel: 'low' }],
  ['off on the newest', 'gemini-flash-latest', { thinking: { type: 'disabled' } }, { thinkingLevel: 'low' }],
  ['off on 3 pro', 'gemini-3-pro-preview', { thinking: { type: 'disabled' } }, { thinkingLevel: 'low' }],
  [
    'a budget is a level',
    'gemini-3-flash-preview',
    { thinking: { type: 'enabled', budget_tokens: 31_999 } },
    { thinkingLevel: 'high', includeThoughts: true },
  ],
  [
    'a budget within the range',
    'gemini-2.5-flash',
    { thinking: { type: 'enabled', budget_tokens: 31_999 } },
    { thinkingBudget: 24_576, includeThoughts: true },
  ],
  [
    'a small budget on pro',
    'gemini-2.5-pro',
    { thinking: { type: 'enabled', budget_tokens: 1 } },
    { thinkingBudget: 128, includeThoughts: true },
  ],
  [
    'adaptive on 2.5',
    'gemini-2.5-flash-lite',
    { thinking: { type: 'adaptive' } },
    { thinkingBudget: -1, includeThoughts: true },
  ],
  [
    'effort on 2.5',
    'gemini-2.5-pro',
    { thinking: { type: 'adaptive' }, output_config: { effort: 'xhigh' } },
    { thinkingBudget: 32_768, includeThoughts: true },
  ],
  ['off on 2.5 flash', 'gemini-2.5-flash', { thinking: { type: 'disabled' } }, { thinkingBudget: 0 }],
  ['off on 2.5 pro', 'gemini-2.5-pro', { thinking: { type: 'disabled' } }, { thinkingBudget: 128 }],
  ['older models', 'gemini-2.0-flash', { thinking: { type: 'adaptive' } }, undefined],
  ['image models', 'gemini-2.5-flash-image', { thinking: { type: 'adaptive' } }, undefined],
  ['other models', 'gemma-3-27b-it', { thinking: { type: 'adaptive' } }, undefined],
];

for (const [name, model, fields, expected] of thinkingCases)
  test(`thinking: ${name}`, () => assert.deepEqual(configOf(fields, gemini(model)).thinkingConfig, expected));

test('thinking: what the configuration says of a model wins', () => {
  const adaptive = { thinking: { type: 'adaptive' }, output_config: { effort: 'medium' } };
  const efforts = target({ efforts: ['low', 'high'] }, { model: 'gemini-3-flash' });
  assert.deepEqual(configOf(adaptive, efforts).thinkingConfig, {
    thinkingLevel: 'low',
    includeThoughts: true,
  });
  assert.equal(configOf(adaptive, gemini('gemini-3-flash', { reasoning: false })).thinkingConfig, undefined);
  const none = target({ reasoning: 'none' }, { model: 'gemini-3-flash' });
  assert.equal(configOf(adaptive, none).thinkingConfig, undefined);
});

test('limits and sampling', () => {
  const fields = {
    max_tokens: 128_000,
    temperature: 0.5,
    top_p: 0.9,
    top_k: 4,
    seed: 7,
    stop_sequences: ['a', '', 'b', 'c', 'd', 'e', 'f'],
  };
  const { body, notes } = encodeGeminiRequest(request(fields), gemini());
  assert.deepEqual(body.generationConfig, {
    maxOutputTokens: 65_536,
    temperature: 0.5,
    topP: 0.9,
    topK: 4,
    seed: 7,
    stopSequences: ['a', 'b', 'c', 'd', 'e'],
  });
  assert.deepEqual(notes, [
    'max_tokens lowered from 128000 to 65536',
    '1 stop sequences dropped: only 5 are taken',
  ]);
  assert.equal(configOf({ max_tokens: 32_000 }, gemini('gemini-2.0-flash')).maxOutputTokens, 8192);
  assert.equal(configOf({ max_tokens: 99 }, gemini('x', { maxOutput: 50 })).maxOutputTokens, 50);
});

test('generationConfig is always there', () => {
  assert.deepEqual(bodyOf({ max_tokens: undefined }), {
    contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
    generationConfig: {},
  });
});

test('parameters of the target, in any spelling, fill what the client left open', () => {
  const params = {
    max_tokens: 10,
    temperature: 0.1,
    top_p: 0.2,
    generationConfig: { mediaResolution: 'LOW', temperature: 1 },
    safetySettings: [{ category: 'x', threshold: 'OFF' }],
  };
  const body = bodyOf({ temperature: 0.9 }, gemini('gemini-3-flash', { params }));
  assert.deepEqual(body.generationConfig, {
    maxOutputTokens: 100,
    temperature: 0.9,
    topP: 0.2,
    mediaResolution: 'LOW',
  });
  assert.deepEqual(body.safetySettings, params.safetySettings);
});

test('fields that Google does not know are dropped by name, its own go on', () => {
  const { body, notes } = encodeGeminiRequest(
    request({
      verbosity: 'low',
      cachedContent: 'cachedContents/1',
      generationConfig: { mediaResolution: 'HIGH' },
    }),
    gemini('gemini-3-flash', { dropParams: false }),
  );
  assert.equal('verbosity' in body, false);
  assert.equal(body.cachedContent, 'cachedContents/1');
  assert.deepEqual(body.generationConfig, { mediaResolution: 'HIGH', maxOutputTokens: 100 });
  assert.deepEqual(notes, ["verbosity dropped: not known to the provider's API"]);
});

test('fields that the upstream refuses are left out, also inside generationConfig', () => {
  const profile = target({ refuses: ['topK', 'thinkingConfig'] }, { model: 'gemini-3-flash' });
  const { body, notes } = encodeGeminiRequest(request({ top_k: 1, thinking: { type: 'adaptive' } }), profile);
  assert.deepEqual(body.generationConfig, { maxOutputTokens: 100 });
  assert.deepEqual(notes, ['topK dropped: up refuses it', 'thinkingConfig dropped: up refuses it']);
});

test('an answer in a schema; in words where functions forbid it', () => {
  const format = {
    type: 'json_schema',
    schema: { type: 'object', properties: { title: { type: 'string' } } },
  };
  const asked = { output_config: { format } };
  assert.deepEqual(configOf(asked), {
    maxOutputTokens: 100,
    responseMimeType: 'application/json',
    responseJsonSchema: format.schema,
  });
  const withTools = { ...asked, tools: [tool('f')] };
  assert.ok('responseJsonSchema' in configOf(withTools));
  const older = bodyOf(withTools, gemini('gemini-2.5-flash'));
  assert.deepEqual(older.generationConfig, { maxOutputTokens: 100 });
  assert.match(JSON.stringify(older.systemInstruction), /matches this JSON schema/);
  const words = target({ jsonSchema: 'json_object' }, { model: 'gemini-3-flash' });
  assert.equal('responseJsonSchema' in configOf(asked, words), false);
});

test('thinking switched off is not shown', () => {
  const { memory } = encodeGeminiRequest(request({ thinking: { type: 'disabled' } }), gemini());
  assert.equal(memory.hideThinking, true);
});
