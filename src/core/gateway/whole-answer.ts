// Reads a whole answer. Upstreams that answer a stream with JSON, or JSON with a stream, are understood too.
import { MessageAccumulator, messageToEvents } from '../dialects/accumulate.ts';
import type { HubEvent, HubMessage } from '../dialects/hub.ts';
import { usageOf } from '../dialects/usage.ts';
import { UpstreamFailure } from '../failure.ts';
import { badStream, classifyStreamError } from '../resilience/classify.ts';
import { SseSplitter } from '../sse/splitter.ts';
import { type AttemptInput, type Committed, decodeContext } from './attempt-input.ts';
import { readAll } from './bytes.ts';
import { encodePieces } from './stream-path.ts';
import type { UpstreamResponse } from './transport.ts';
import { answerHeaders } from './upstream-headers.ts';

const largestAnswer = 64 * 1024 * 1024;
const decoder = new TextDecoder();

/** `streams`: the upstream sent an event stream. Throws `UpstreamFailure` when the answer is none. */
export async function readWholeAnswer(
  input: AttemptInput,
  response: UpstreamResponse,
  streams: boolean,
): Promise<Committed> {
  if (streams) return wholeAnswer(input, await collectStream(input, response));
  const { body, message } = await readMessage(input, response);
  const { relayed } = input.encoded;
  if (!relayed || input.stream) return writtenAnswer(input, message);
  return {
    kind: 'whole',
    status: response.status,
    headers: answerHeaders(response.headers),
    body: relayed.putModelBack(body),
    ...usagePart(message),
  };
}

/** An answer in one piece: its bytes, the same parsed, and what it says. Throws `UpstreamFailure` when it is none. */
export async function readMessage(
  input: AttemptInput,
  response: UpstreamResponse,
): Promise<{ body: Uint8Array; value: unknown; message: HubMessage }> {
  const body = await readAll(response.body, largestAnswer, 'fail');
  const value = parseAnswer(body, input.deployment.provider.name);
  return { body, value, message: input.encoded.dialect.decodeResponse(value, decodeContext(input)) };
}

/** A whole message for the client, as a stream if that is what it asked for. */
export function writtenAnswer(input: AttemptInput, message: HubMessage): Committed {
  return input.stream ? wholeAsStream(input, message) : wholeAnswer(input, message);
}

function wholeAnswer(input: AttemptInput, message: HubMessage): Committed {
  return {
    kind: 'whole',
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input.client.encodeResponse(message, input.asked)),
    ...usagePart(message),
  };
}

function usagePart(message: HubMessage): Pick<Committed & { kind: 'whole' }, 'usage'> {
  const usage = usageOf(message);
  return usage ? { usage } : {};
}

function wholeAsStream(input: AttemptInput, message: HubMessage): Committed {
  const encoder = input.client.createStreamEncoder(input.asked);
  return {
    kind: 'stream',
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8' },
    held: encodePieces(messageToEvents(message), encoder),
    encoder,
    next: async () => undefined,
    complete: () => true,
    close() {},
  };
}

async function collectStream(input: AttemptInput, response: UpstreamResponse): Promise<HubMessage> {
  const splitter = new SseSplitter();
  const streamDecoder = input.encoded.dialect.createStreamDecoder(decodeContext(input));
  const accumulator = new MessageAccumulator();
  let complete = false;
  const take = (events: HubEvent[]) => {
    for (const event of events) {
      if (event.type === 'error') throw new UpstreamFailure(classifyStreamError(event.error, event.status));
      accumulator.push(event);
      complete ||= event.type === 'message_stop';
    }
  };
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > largestAnswer)
      throw new UpstreamFailure(badStream(`the provider's answer is larger than ${largestAnswer} bytes`));
    for (const event of splitter.push(chunk)) take(streamDecoder.push(event));
    // Whether the connection ends after it, well or at all, makes no difference.
    if (complete) return accumulator.message();
  }
  for (const event of splitter.end()) take(streamDecoder.push(event));
  take(streamDecoder.end());
  return accumulator.message();
}

function parseAnswer(body: Uint8Array, provider: string): unknown {
  try {
    return JSON.parse(decoder.decode(body));
  } catch (error) {
    const what = body.length === 0 ? 'an empty answer' : 'an answer that is not JSON';
    throw new UpstreamFailure(badStream(`${provider} sent ${what}`), { cause: error });
  }
}
