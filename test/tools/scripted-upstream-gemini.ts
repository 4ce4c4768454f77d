// Writes scripted answers the way Google's generateContent does. A thinking part is a thought; its signature (base64) goes
// on the next call, or the next text where no call follows, as Gemini signs them.
import {
  type AnswerContext,
  type JsonObject,
  joined,
  type Part,
  type PartsAnswer,
  pieces,
  type Usage,
} from './scripted-upstream-types.ts';
import type { AnswerSink } from './scripted-upstream-writer.ts';

/** Streams the answer as server-sent events; resolves when all is out. */
export async function streamGemini(
  answer: PartsAnswer,
  context: AnswerContext,
  sink: AnswerSink,
): Promise<void> {
  const send = (body: JsonObject) => sink.write(`data: ${JSON.stringify(body)}\r\n\r\n`);
  const frame = (candidate: JsonObject, usage = startUsage(context.usage)) =>
    send({ candidates: [{ ...candidate, index: 0 }], usageMetadata: usage, ...names(context) });
  const writer = new PartWriter(context.id);
  for (const [at, part] of answer.parts.entries()) {
    if (await sink.control(part)) continue;
    if ('error' in part) {
      await send(geminiError(part.error));
      return;
    }
    for (const wire of writer.write(part, 16, callsAfter(answer, at)))
      await frame({ content: { parts: [wire], role: 'model' } });
  }
  const last = { content: { parts: [writer.last()], role: 'model' }, finishReason: finishReason(answer) };
  await frame({ ...last, ...grounding(answer) }, wireUsage(context.usage));
}

/** The whole answer as one object. */
export function wholeGemini(answer: PartsAnswer, context: AnswerContext): JsonObject {
  const writer = new PartWriter(context.id);
  const parts = answer.parts.flatMap((part, at) =>
    writer.write(part, Number.POSITIVE_INFINITY, callsAfter(answer, at)),
  );
  const left = writer.last();
  if (parts.length === 0 || left.thoughtSignature !== undefined) parts.push(left);
  const candidate = {
    content: { parts, role: 'model' },
    finishReason: finishReason(answer),
    index: 0,
    ...grounding(answer),
  };
  return { candidates: [candidate], usageMetadata: wireUsage(context.usage), ...names(context) };
}

const words: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};
const statuses: Readonly<Record<string, number>> = { overloaded_error: 503, rate_limit_error: 429 };

/** @param status by default what follows from the type */
export function geminiError(error: { type: string; message: string }, status?: number): JsonObject {
  const code = status ?? statuses[error.type] ?? 500;
  return { error: { code, message: error.message, status: words[code] ?? 'UNKNOWN' } };
}

function names({ id, model }: AnswerContext): JsonObject {
  return { modelVersion: model, responseId: id };
}

class PartWriter {
  readonly #id: string;
  #calls = 0;
  #signature: string | undefined;

  constructor(id: string) {
    this.#id = id;
  }

  /**
   * @param size of the pieces of texts, in characters
   * @param callsFollow a call comes later and takes the signature
   */
  write(part: Part, size: number, callsFollow: boolean): JsonObject[] {
    if ('text' in part)
      return cut(part.text, size).map((text, at) =>
        at === 0 && !callsFollow ? this.#signed({ text }) : { text },
      );
    if ('thinking' in part) {
      this.#signature = part.signature ?? this.#signature;
      return cut(part.thinking, size).map((text) => ({ text, thought: true }));
    }
    if (!('tool' in part)) return [];
    const id = part.id ?? `call_${this.#id}_${this.#calls}`;
    this.#calls += 1;
    return [this.#signed({ functionCall: { id, name: part.tool, args: part.input } })];
  }

  /** The empty part at the end, with the signature that found no other place. */
  last(): JsonObject {
    return this.#signed({ text: '' });
  }

  #signed(part: JsonObject): JsonObject {
    const thoughtSignature = this.#signature;
    this.#signature = undefined;
    return thoughtSignature === undefined ? part : { ...part, thoughtSignature };
  }
}

function callsAfter({ parts }: PartsAnswer, at: number): boolean {
  return parts.slice(at + 1).some((part) => 'tool' in part);
}

function cut(text: string | string[], size: number): string[] {
  if (size === Number.POSITIVE_INFINITY) return joined(text) === '' ? [] : [joined(text)];
  return pieces(text, size);
}

function finishReason({ stopReason }: PartsAnswer): string {
  return stopReason ?? 'STOP';
}

function grounding({ parts }: PartsAnswer): JsonObject {
  const searches = parts.filter((part) => 'webSearch' in part);
  if (searches.length === 0) return {};
  return {
    groundingMetadata: {
      webSearchQueries: searches.map((part) => part.webSearch),
      groundingChunks: searches.flatMap(({ results }) =>
        results.map(({ url, title }) => ({ web: { uri: url, title } })),
      ),
    },
  };
}

function startUsage(usage: Usage): JsonObject {
  return { promptTokenCount: usage.input, totalTokenCount: usage.input };
}

function wireUsage(usage: Usage): JsonObject {
  const thoughts = usage.reasoning ?? 0;
  return {
    promptTokenCount: usage.input,
    candidatesTokenCount: usage.output - thoughts,
    totalTokenCount: usage.input + usage.output,
    ...(thoughts > 0 ? { thoughtsTokenCount: thoughts } : {}),
    ...(usage.cacheRead === undefined ? {} : { cachedContentTokenCount: usage.cacheRead }),
  };
}
