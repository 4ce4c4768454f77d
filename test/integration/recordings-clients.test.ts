// Every recorded answer, replayed by a real upstream through the running router to the official clients of OpenAI and
// Google. What Anthropic's gets is looked at more closely in recordings.test.ts; what clients of the recording's own dialect
// get are its bytes, see relayed-recordings.test.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '../tools/client-readings.ts';
import { checkReading, checkRefused } from '../tools/recorded-readings.ts';
import { replayRouter } from '../tools/recorded-replay.ts';
import { type Recording, recordings, recordingsAbsent } from '../tools/recordings.ts';

const cases = recordings();

test('recordings through the running router', { skip: recordingsAbsent ?? false }, async (t) => {
  const router = await replayRouter(t, cases);
  for (const client of ['openai-chat', 'openai-responses', 'gemini'] as const)
    for (const recording of cases.filter(({ dialect }) => dialect !== client))
      await t.test(`${client} client: ${recording.dialect} ${recording.id}`, async () => {
        const { stream } = recording;
        const model = `${recording.id}/recorded`;
        const asked = ask(client, { url: router.url, token: router.token, model, stream });
        if (fails(recording)) checkRefused(recording, await failureOf(asked));
        else {
          const reading = await asked;
          assert.equal(reading.model, model);
          checkReading(client, recording, reading);
        }
      });
});

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
