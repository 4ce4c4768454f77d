// Recorded streams that pass to a client of the same dialect: their bytes, and what is read in passing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DialectId } from '../../../src/core/dialects/dialect.ts';
import { frameKindOf } from '../../../src/core/dialects/frame-kind.ts';
import { clientDialect } from '../../../src/core/dialects/registry.ts';
import type { PeekedFrame, StreamPeek } from '../../../src/core/dialects/relay.ts';
import { usageOf } from '../../../src/core/dialects/usage.ts';
import { mergeUsage } from '../../../src/core/gateway/usage.ts';
import { parseJson } from '../../../src/core/json/values.ts';
import { type Recording, recordedBytes, recordings, recordingsAbsent } from '../../tools/recordings.ts';
import { target } from './claude-code-request.ts';
import { decodeEvents, split } from './decode.ts';

const dialects = ['openai-chat', 'openai-responses', 'gemini'] as const;
const decoder = new TextDecoder();

/** For a client that asked for its counts too. */
function peekOf(id: DialectId, model?: string): StreamPeek {
  const relay = clientDialect(id)?.relay;
  if (!relay) throw new Error(`${id} is not relayed`);
  const body = { model: 'm', stream: true, stream_options: { include_usage: true } };
  const hub = { model: 'm', max_tokens: 1, messages: [] };
  return relay.prepare({ body, hub, query: new URLSearchParams() }, target()).createPeek(model);
}

function* singleBytes(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at++) yield bytes.subarray(at, at + 1);
}

function passed(
  recording: Recording,
  model?: string,
): { frames: PeekedFrame[]; text: string; complete: boolean } {
  const peek = peekOf(recording.dialect, model);
  const frames = split(singleBytes(recordedBytes(recording))).map((event) => peek.push(event));
  const last = frames.some((frame) => frame.error) ? [] : peek.end();
  const text = decoder.decode(Buffer.concat([...frames, ...last].map((frame) => frame.bytes)));
  return { frames: [...frames, ...last], text, complete: peek.complete };
}

if (recordingsAbsent !== undefined) test('recorded streams', { skip: recordingsAbsent }, () => {});

for (const dialect of dialects)
  for (const recording of recordings(dialect).filter(
    ({ stream, status, content_type }) => stream && status === 200 && content_type.includes('event-stream'),
  )) {
    const told = decodeEvents(dialect, split([recordedBytes(recording)]));
    const failed = told.some((event) => event.type === 'error');

    test(`${recording.id}: bytes pass, judged like decoded events`, () => {
      const { frames, text, complete } = passed(recording);
      const original = decoder.decode(recordedBytes(recording));
      assert.equal(
        frames.some((frame) => frame.error),
        failed,
        'both find an error or none',
      );
      if (!failed) {
        assert.ok(complete);
        assert.ok(text.startsWith(original), 'every byte');
        assert.match(text.slice(original.length), /^(?:(?:\n\n)?data: \[DONE\]\n\n)?$/);
      }
      assert.equal(
        frames.some((frame) => frame.kind === 'content'),
        told.some((event) => frameKindOf(event) === 'content'),
        'both find content or none',
      );
      const usage = frames.reduce((sum, frame) => (frame.usage ? mergeUsage(sum, frame.usage) : sum), {});
      if (!failed && recording.expect.usage) {
        const expected = told.flatMap((event) => usageOf(event) ?? []).at(-1);
        assert.deepEqual(usage, expected);
      }
    });

    test(`${recording.id}: only the model's name changes`, () => {
      if (failed) return;
      const values = (text: string) =>
        split([new TextEncoder().encode(text)]).map(({ data }) => parseJson(data) ?? data);
      const asked = passed(recording, 'asked "for"').text;
      const plain = JSON.stringify(values(passed(recording).text));
      const name = /"(?:model|modelVersion)":"(?:[^"\\]|\\.)*"/g;
      assert.equal(JSON.stringify(values(asked)).replace(name, ''), plain.replace(name, ''));
    });
  }
