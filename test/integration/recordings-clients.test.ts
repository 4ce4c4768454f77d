// Every recorded answer, replayed by a real upstream through the running router to the official clients of OpenAI and
// Google. What Anthropic's gets is looked at more closely in recordings.test.ts. A client of the recording's own dialect
// must read what it would read without a router; its bytes are compared in relayed-recordings.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '../tools/client-readings.ts';
import { checkReading, checkRefused } from '../tools/recorded-readings.ts';
import { replay, routerBefore } from '../tools/recorded-replay.ts';
import { type Recording, recordings, recordingsAbsent } from '../tools/recordings.ts';

const cases = recordings();

test('recordings through the running router', { skip: recordingsAbsent ?? false }, async (t) => {
  const upstream = await replay(t, cases);
  const router = await routerBefore(t, upstream, cases);
  for (const client of ['openai-chat', 'openai-responses', 'gemini'] as const)
    for (const recording of cases)
      await t.test(`${client} client: ${recording.dialect} ${recording.id}`, async () => {
        const { stream } = recording;
        const model = `${recording.id}/recorded`;
        const asked = ask(client, { url: router.url, token: router.token, model, stream });
        if (fails(recording)) checkRefused(recording, await failureOf(asked));
        else {
          const reading = await asked;
          if (recording.dialect !== client || isList(recording)) {
            assert.equal(reading.model, model);
            checkReading(client, recording, reading);
          } else {
            const place = `${upstream}/c/${encodeURIComponent(recording.id)}`;
            const direct = await ask(client, { url: place, token: 'key', model: 'recorded', stream });
            // Some providers tell no model.
            assert.deepEqual(reading, { ...direct, ...(direct.model !== undefined && { model }) });
          }
        }
      });
});

/** A stream in Google's other form, which its clients don't ask for: the router reads it all the same. */
function isList({ stream, body }: Recording): boolean {
  return stream && String(body).startsWith('[');
}

function fails({ status, expect }: Recording): boolean {
  return status >= 300 || expect.finish_class === 'error';
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  const outcome = await work.then(
    (answer) => assert.fail(`it should have failed, but gave ${JSON.stringify(answer)}`),
    (error: unknown) => error,
  );
  assert.ok(outcome instanceof Error);
  return outcome;
}
