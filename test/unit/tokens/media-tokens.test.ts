// The examples of the providers' own pages, and what others measured.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claudeImages, geminiImages, openAiImages } from '../../../src/core/tokens/image-tokens.ts';
import { pdfPages } from '../../../src/core/tokens/pdf-pages.ts';

test('Claude: width × height / 750, scaled down to what the model takes', () => {
  const standard = claudeImages('claude-sonnet-4-5-20250929');
  assert.equal(standard({ width: 1000, height: 1000 }), 1334);
  assert.equal(standard({ width: 200, height: 200 }), 64);
  assert.equal(standard({ width: 4032, height: 3024 }), 1600);
  const high = claudeImages('claude-opus-5-5');
  // Measured at 2,691, 2,992 and 3,928 without the prompt's text.
  assert.ok(high({ width: 1920, height: 1080 }) >= 2691);
  assert.ok(high({ width: 3840, height: 2160 }) >= 2992);
  assert.ok(high({ width: 4032, height: 3024 }) >= 3928);
  assert.equal(high({ width: 8000, height: 8000 }), 4784);
});

test('Claude: which models take large images', () => {
  const large = (model: string) => claudeImages(model)({ width: 2500, height: 2500 }) > 1600;
  for (const model of [
    'claude-3-5-sonnet-20241022',
    'claude-3.7-sonnet',
    'claude-sonnet-4-20250514',
    'claude-opus-4-1-20250805',
    'claude-haiku-4-5',
    'anthropic/claude-sonnet-4.6',
    'claude-sonnet-4@20250514',
  ])
    assert.equal(large(model), false, model);
  for (const model of [
    'claude-opus-4-7',
    'claude-sonnet-5',
    'claude-haiku-5-5',
    'claude-fable-5.1',
    'my-model',
  ])
    assert.equal(large(model), true, model);
});

test('OpenAI: tiles, then squares times a factor', () => {
  const square = { width: 1024, height: 1024 };
  const tall = { width: 2048, height: 4096 };
  assert.equal(openAiImages('gpt-4o')(square), 765);
  assert.equal(openAiImages('gpt-4o')(tall), 1105);
  assert.equal(openAiImages('gpt-4o-mini')(square), 2833 + 4 * 5667);
  assert.equal(openAiImages('gpt-5')(square), 70 + 4 * 140);
  assert.equal(openAiImages('openai/o3')(square), 75 + 4 * 150);
  assert.equal(openAiImages('gpt-4.1-mini')(square), Math.ceil(1024 * 1.62));
  assert.equal(openAiImages('gpt-5-nano')({ width: 4000, height: 4000 }), Math.ceil(1536 * 2.46));
  // Measured.
  assert.equal(openAiImages('gpt-5.5')({ width: 1920, height: 1080 }), 2448);
  assert.equal(openAiImages('gpt-6-astra')({ width: 4032, height: 3024 }), 14_364);
});

test('Gemini: by tiles of 258 tokens, since Gemini 3 at most 1120', () => {
  assert.equal(geminiImages('gemini-2.5-flash')({ width: 384, height: 300 }), 258);
  assert.equal(geminiImages('gemini-2.0-flash')({ width: 960, height: 540 }), 258 * 6);
  assert.equal(geminiImages('gemini-3-pro-preview')({ width: 4032, height: 3024 }), 1120);
});

test('pages of a PDF: by its page tree, else by its size', () => {
  const pdf = (text: string) => Buffer.from(text, 'latin1').toString('base64');
  assert.equal(pdfPages(pdf('%PDF-1.7 << /Type /Pages /Kids [] /Count 12 >>')), 12);
  assert.equal(pdfPages(pdf('%PDF << /Type/Page /Parent 1 0 R >> << /Type /Page >> << /Type /Pages >>')), 2);
  assert.equal(pdfPages(pdf('%PDF << /Linearized 1 /L 9 /N 7 >>')), 7);
  assert.equal(pdfPages(pdf(`%PDF ${'\x80'.repeat(600_000)} /Count 3 `)), 3);
  assert.equal(pdfPages(pdf(`%PDF ${'\x80'.repeat(2_000_000)} /Count 31 `)), 31);
  assert.equal(pdfPages(pdf('%PDF /Count 99999')), 1, 'too many to be true');
  assert.equal(pdfPages(pdf('\x80'.repeat(150_000))), 3);
  assert.equal(pdfPages('no base64 at all'), 1);
});
