// Every recorded answer, replayed in the smallest pieces (short ones in single bytes) through the running router to a
// client of its own dialect: the same bytes come out, but for the model's name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replayRouter } from '../tools/recorded-replay.ts';
import { type Recording, recordedBytes, recordings, recordingsAbsent } from '../tools/recordings.ts';

// Streams that are lists come from upstreams that were asked for lists: the router asks for events.
const cases = recordings().filter(({ stream, body }) => !(stream && String(body).startsWith('[')));

test('recordings to clients of their dialect', { skip: recordingsAbsent ?? false }, async (t) => {
  const router = await replayRouter(t, cases, 11);
  for (const recording of cases)
    await t.test(`${recording.dialect} ${recording.id}`, async () => {
      const { path, body } = requestFor(recording);
      const response = await router.fetch(path, body);
      const text = await response.text();
      const original = new TextDecoder().decode(recordedBytes(recording));
      if (recording.status >= 300) checkRefused(recording, response.status, text, original);
      else if (recording.expect.finish_class === 'error') checkFailed(recording, response.status, text);
      else {
        assert.equal(response.status, 200, text);
        // A stream without its last word or its last empty line gets it.
        const rest = nameless(text).slice(nameless(original).length);
        assert.equal(nameless(text).slice(0, nameless(original).length), nameless(original));
        assert.match(rest, /^(?:\n\n)?(?:data: \[DONE\]\n\n)?$/);
        if (text !== original) assert.ok(text.includes(JSON.stringify(`${recording.id}/recorded`)));
      }
    });
});

function requestFor({ dialect, id, stream }: Recording): { path: string; body: unknown } {
  const model = `${id}/recorded`;
  const messages = [{ role: 'user', content: 'Hi' }];
  switch (dialect) {
    case 'anthropic':
      return { path: '/v1/messages', body: { model, max_tokens: 100, messages, stream } };
    case 'openai-chat':
      return {
        path: '/v1/chat/completions',
        body: { model, messages, stream, stream_options: { include_usage: true } },
      };
    case 'openai-responses':
      return { path: '/v1/responses', body: { model, input: 'Hi', stream } };
    case 'gemini': {
      const verb = stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
      return {
        path: `/v1beta/models/${encodeURIComponent(model)}:${verb}`,
        body: { contents: [{ parts: [{ text: 'Hi' }] }] },
      };
    }
  }
}

/** Whatever the model is called. */
function nameless(text: string): string {
  return text.replace(/("model(?:Version)?":\s*)"(?:[^"\\]|\\.)*"/g, '$1"M"');
}

/** Errors that mean the same to the client are the provider's own, the others are said anew. */
function checkRefused({ expect, status }: Recording, told: number, text: string, original: string): void {
  assert.ok(told >= 400);
  if (text === original) assert.equal(told, status);
  else {
    assert.notEqual(told, 401);
    assert.equal(typeof JSON.parse(text).error.message, 'string');
  }
  assert.ok(!expect.error?.message || text.length > 0);
}

/** An error instead of an answer has a status; behind the first words of one it is the last thing that comes. */
function checkFailed({ stream }: Recording, status: number, text: string): void {
  if (status >= 400) assert.equal(typeof JSON.parse(text).error.message, 'string');
  else {
    assert.ok(stream);
    assert.match(text.trim().split('\n\n').slice(-2).join('\n\n'), /error|failed/i);
    assert.doesNotMatch(text, /\[DONE\]/);
  }
}
