// An attempt at an upstream whose own tool wants its calls sent back: several requests make one answer, which is whole
// before the client gets any of it. A failure of any of them is the attempt's.
import type { EchoedTool } from '../dialects/dialect.ts';
import { echoedAnswer } from '../dialects/echoed-answer.ts';
import type { HubMessage } from '../dialects/hub.ts';
import { UpstreamFailure } from '../failure.ts';
import { joinBytes } from '../json/bytes.ts';
import { isObject, type JsonObject, parseJson } from '../json/values.ts';
import { badStream } from '../resilience/classify.ts';
import { readFailure } from './attempt.ts';
import type { AttemptInput, Committed } from './attempt-input.ts';
import type { EncodedAttempt } from './encode-attempt.ts';
import { callUpstream } from './upstream-call.ts';
import { readMessage, writtenAnswer } from './whole-answer.ts';

interface Round {
  message: HubMessage;
  /** The request that follows; undefined where nothing is to be sent back. */
  next: JsonObject | undefined;
}

/** Throws `UpstreamFailure`, kind `canceled` when the client left. */
export async function runEchoedAttempt(input: AttemptInput, tool: EchoedTool): Promise<Committed> {
  const { body, memory } = input.encoded;
  let round = await askRound(input, body, tool);
  const messages: [HubMessage, ...HubMessage[]] = [round.message];
  while (round.next && messages.length <= tool.most) {
    round = await askRound(input, [new TextEncoder().encode(JSON.stringify(round.next))], tool);
    messages.push(round.message);
  }
  return writtenAnswer(input, echoedAnswer(messages, tool, memory, input.random));
}

function askRound(input: AttemptInput, body: EncodedAttempt['body'], tool: EchoedTool): Promise<Round> {
  const { encoded, deployment } = input;
  return callUpstream(
    // Only the client may have asked for a stream.
    { ...input, encoded: { ...encoded, body }, stream: false },
    async (answer, form, call) => {
      if (form === 'stream')
        throw new UpstreamFailure(
          badStream(`${deployment.provider.name} streamed what was asked as a whole`),
        );
      const { value, message } = await readMessage(input, answer);
      call.finished();
      const asked = parseJson(new TextDecoder().decode(joinBytes(body)));
      const next = isObject(asked) ? encoded.dialect.encodeEcho?.(asked, value, tool.name) : undefined;
      return { message, next };
    },
    (answer) => readFailure(input, answer),
  );
}
