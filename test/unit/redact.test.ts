import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redactor } from '../../src/core/redact.ts';

const canary = 'canary-4f1d9a/+&"x';

test('known secrets are hidden in every form they may take', () => {
  const redactor = new Redactor();
  redactor.setSecrets('stored', [canary, 'abc']);
  const forms = [
    canary,
    encodeURIComponent(canary),
    JSON.stringify(canary),
    Buffer.from(canary).toString('base64'),
    `prefix${canary}suffix`,
  ];
  for (const form of forms) {
    const text = redactor.text(`the value is ${form} here`);
    assert.ok(!text.includes(canary) && !text.includes(form), text);
    assert.match(text, /\[redacted\]/);
  }
  assert.equal(
    redactor.text('abc stays: too short to be told from a word'),
    'abc stays: too short to be told from a word',
  );
});

test('what servers without keys are given for one is no secret', () => {
  const redactor = new Redactor();
  redactor.setSecrets('a', ['ollama', 'LM-Studio', 'not-needed']);
  const text = 'ollama/llama3 at http://ollama:11434, lm-studio is not-needed';
  assert.equal(redactor.text(text), text);
});

test('a source that is set again forgets its old values, other sources stay', () => {
  const redactor = new Redactor();
  redactor.setSecrets('a', ['first-secret']);
  redactor.setSecrets('b', ['other-secret']);
  redactor.setSecrets('a', ['second-secret']);
  assert.equal(
    redactor.text('first-secret second-secret other-secret'),
    'first-secret [redacted] [redacted]',
  );
});

test('what looks like a credential is hidden although nobody told of it', () => {
  const redactor = new Redactor();
  const cases: [string, string][] = [
    ['Incorrect API key: sk-ant-api03-abcdefghijklmnop', 'Incorrect API key: [redacted]'],
    ['AIzaSyA1234567890abcdefghijklmnopqrstuv', '[redacted]'],
    ['authorization: Bearer abc.def', 'authorization: Bearer [redacted]'],
    ['{"x-api-key":"whatever"}', '{"x-api-key":"[redacted]"}'],
    ['GET /v1/models?key=abcdef&x=1', 'GET /v1/models?key=[redacted]&x=1'],
    ['http://user:pass@proxy:7890/', 'http://[redacted]@proxy:7890/'],
    ['0123456789abcdef0123456789abcdef.AbCdEfGhIjKlMnOp', '[redacted]'],
  ];
  for (const [before, after] of cases) assert.equal(redactor.text(before), after);
  const harmless = 'claude-sonnet-4-5-20250929 at https://api.example.com/v1 took 12 ms; see sk-8';
  assert.equal(redactor.text(harmless), harmless);
});

test('long lines cost no more than their length', () => {
  const redactor = new Redactor();
  redactor.setSecrets('stored', ['secret-value']);
  const hostile = [
    'a-',
    'sk-',
    'eyJ',
    'eyJ-',
    'eyJaaaaaaaaaaaa.',
    'sk-',
    'AIza-',
    'bearer ',
    'key=',
    'a:/',
    'http://',
    'authorization ',
    '0123456789abcdef',
  ];
  for (const piece of hostile) {
    const text = piece.repeat(Math.ceil(200_000 / piece.length));
    const before = performance.now();
    redactor.text(text);
    // Quadratic time would be a minute and more.
    assert.ok(performance.now() - before < 10_000, `${piece}: ${performance.now() - before} ms`);
  }
});

test('plain data is copied with its secrets hidden', () => {
  const redactor = new Redactor();
  redactor.setSecrets('stored', ['secret-value']);
  const data = { name: 'x', list: [{ error: 'refused secret-value' }], count: 2, none: undefined, off: null };
  assert.deepEqual(redactor.data(data), {
    name: 'x',
    list: [{ error: 'refused [redacted]' }],
    count: 2,
    none: undefined,
    off: null,
  });
  assert.equal(data.list[0]?.error, 'refused secret-value');
});

test('a line of 10 MB is cleaned in the time that it takes to read it', () => {
  const redactor = new Redactor();
  redactor.setSecrets('stored', ['secret-value']);
  for (const piece of ['x', 'eyJ-', 'bearer ', 'secret-valu', 'a://']) {
    const text = `${piece.repeat(Math.ceil(10_000_000 / piece.length))} secret-value`.replace(
      'eyJ-',
      'secret-value ',
    );
    const before = performance.now();
    const clean = redactor.text(text);
    assert.ok(performance.now() - before < 15_000, `${piece}: ${performance.now() - before} ms`);
    assert.ok(clean.length < 5_000_000 && !clean.includes('secret-value'), piece);
  }
});
