// Looks at the chunks of a generateContent stream that passes.
import { joinBytes } from '../../../json/bytes.ts';
import { isObject, type JsonObject, objectOf, objectsOf, parseJson, textOf } from '../../../json/values.ts';
import type { SseEvent } from '../../../sse/event.ts';
import { readErrorFrame } from '../../anthropic/error-frame.ts';
import { brokenStream } from '../../broken-stream.ts';
import { ChoiceEnds } from '../../choice-ends.ts';
import { cutFrame, errorFrame, noBytes, type PeekedFrame, type StreamPeek } from '../../relay.ts';
import { eventBytes, withStringAt } from '../../relay-event.ts';
import { finishWord, readFinish } from '../finish-reason.ts';
import { JsonObjectReader } from '../json-values.ts';
import { chunkError, isAnswer, unwrapped } from '../stream.ts';
import { UsageReader } from '../usage.ts';

const colon = 0x3a;

/** A finish reason is no end: Vertex gives one with every chunk, and errors may follow. The end of the body is. */
export class GeminiStreamPeek implements StreamPeek {
  readonly #replaceModel: string | undefined;
  readonly #usage = new UsageReader();
  readonly #bare = new JsonObjectReader();
  #begun = false;
  #contentSeen = false;
  #blocked = false;
  /** How many there will be nobody knows: Google leaves out what it filters. */
  readonly #ends = new ChoiceEnds();
  #complete = false;

  /** @param replaceModel the name that the client asked for, where the answer tells another */
  constructor(replaceModel: string | undefined) {
    this.#replaceModel = replaceModel;
  }

  get complete(): boolean {
    return this.#complete;
  }

  push(event: SseEvent): PeekedFrame {
    if (event.event === 'error') return errorFrame(readErrorFrame(event.data), noBytes);
    if (event.data === '') return this.#unframed(event);
    const value = parseJson(event.data);
    if (isObject(value)) return this.#chunk(event, value);
    // Garbage behind a complete answer spoils nothing.
    if (this.#finished || event.data.trim() === '[DONE]') return { bytes: event.raw, kind: 'neutral' };
    return errorFrame(brokenStream('The provider sent an event that is not JSON'), noBytes);
  }

  end(): PeekedFrame[] {
    if (!this.#finished) return [cutFrame(this.#begun)];
    this.#complete = true;
    return [];
  }

  /** Vertex breaks its stream off with an error that is no event. Chunks that are none become events. */
  #unframed(event: SseEvent): PeekedFrame {
    if (!this.#bare.open && event.raw[0] === colon) return { bytes: event.raw, kind: 'neutral' };
    const values = this.#bare.push(event.raw).map(parseJson).filter(isObject);
    if (values.length === 0) return { bytes: this.#bare.open ? noBytes : event.raw, kind: 'neutral' };
    const frames = values.map((value) => {
      const data = JSON.stringify(value);
      return this.#chunk({ event: '', data, raw: eventBytes('', data) }, value);
    });
    const error = frames.find((frame) => frame.error);
    if (error) return { ...error, bytes: noBytes };
    const [first = { bytes: noBytes, kind: 'neutral' as const }] = frames;
    const kind = frames.some((frame) => frame.kind === 'content') ? 'content' : first.kind;
    const usage = frames.findLast((frame) => frame.usage)?.usage;
    const bytes = joinBytes(frames.map((frame) => frame.bytes));
    return { bytes, kind, ...(usage ? { usage } : {}) };
  }

  #chunk(event: SseEvent, value: JsonObject): PeekedFrame {
    const chunk = unwrapped(value);
    const error = chunkError(chunk);
    if (error) return errorFrame(error, isObject(chunk.error) && chunk === value ? event.raw : noBytes);
    if (!isAnswer(chunk)) return { bytes: event.raw, kind: 'neutral' };
    this.#begun = true;
    const candidates = objectsOf(chunk.candidates);
    const said = candidates.some((candidate) =>
      objectsOf(objectOf(candidate.content)?.parts).some((part) => isSaid(part)),
    );
    this.#contentSeen ||= said;
    for (const { index, finishReason } of candidates)
      this.#ends.mark(index ?? 0, finishWord(finishReason) !== undefined);
    const failure = candidates.map((candidate) => this.#failure(candidate)).find(Boolean);
    // What was said so far is no use, but the client has it: then it hears the rest in Google's own words.
    if (failure !== undefined && !this.#contentSeen) return errorFrame(brokenStream(failure), noBytes);
    const feedback = objectOf(chunk.promptFeedback);
    if (feedback?.blockReason || feedback?.blockReasonMessage) this.#blocked = true;
    const frame: PeekedFrame = {
      bytes: this.#bytes(event, chunk === value ? undefined : chunk),
      kind: said ? 'content' : this.#finished ? 'end' : 'neutral',
    };
    this.#usage.read(chunk);
    if (isObject(chunk.usageMetadata)) frame.usage = this.#usage.counts();
    return frame;
  }

  get #finished(): boolean {
    return this.#blocked || this.#ends.finished;
  }

  /** What the candidate failed of, when it did. */
  #failure(candidate: JsonObject): string | undefined {
    const reason = finishWord(candidate.finishReason);
    if (reason === undefined) return undefined;
    const finish = readFinish(reason, textOf(candidate.finishMessage), false, !this.#contentSeen);
    return finish.kind === 'error' ? finish.message : undefined;
  }

  /** @param inner what a relay had wrapped: clients know it bare */
  #bytes(event: SseEvent, inner: JsonObject | undefined): Uint8Array {
    const model = this.#replaceModel;
    if (inner)
      return eventBytes('', JSON.stringify(model === undefined ? inner : { ...inner, modelVersion: model }));
    return model === undefined ? event.raw : withStringAt(event, ['modelVersion'], model);
  }
}

function isSaid(part: JsonObject): boolean {
  if (typeof part.text === 'string') return part.text.trim() !== '';
  return Object.keys(part).some((key) => key !== 'thoughtSignature' && key !== 'thought');
}
