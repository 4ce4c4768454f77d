// Writes scripted answers the way OpenAI's Chat Completions API does (with DeepSeek's `reasoning_content`).
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

interface Context extends AnswerContext {
  /** `stream_options.include_usage` was asked for. */
  includeUsage: boolean;
}

/** Streams the answer; resolves when all is out. */
export async function streamOpenAi(answer: PartsAnswer, context: Context, sink: AnswerSink): Promise<void> {
  const frame = (fields: JsonObject) =>
    sink.write(
      `data: ${JSON.stringify({
        id: `chatcmpl-${context.id}`,
        object: 'chat.completion.chunk',
        created: 1_764_000_000,
        model: context.model,
        ...fields,
        ...(context.includeUsage && !('usage' in fields) ? { usage: null } : {}),
      })}\n\n`,
    );
  const send = (delta: JsonObject, finish: string | null = null) =>
    frame({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] });
  await send({ role: 'assistant', content: '' });
  let calls = 0;
  for (const [at, part] of answer.parts.entries()) {
    if (await sink.control(part)) continue;
    if ('error' in part) {
      await sink.write(`data: ${JSON.stringify(openAiError(part.error))}\n\n`);
      return;
    }
    if ('text' in part) for (const content of pieces(part.text, 16)) await send({ content });
    else if ('thinking' in part)
      for (const text of pieces(part.thinking, 16)) await send({ content: null, reasoning_content: text });
    else if ('tool' in part) {
      const index = calls++;
      const { id, type, function: call } = toolCall(part, `${context.id}_${at}`);
      await send({ tool_calls: [{ index, id, type, function: { name: call.name, arguments: '' } }] });
      for (const text of pieces(call.arguments, 7))
        await send({ tool_calls: [{ index, function: { arguments: text } }] });
    } else if ('webSearch' in part) await send({ content: '', annotations: citations(part) });
  }
  await send({}, finishReason(answer));
  if (context.includeUsage) await frame({ choices: [], usage: wireUsage(context.usage) });
  await sink.write('data: [DONE]\n\n');
}

/** The whole answer as one object. */
export function wholeOpenAi(answer: PartsAnswer, context: Context): JsonObject {
  const { parts } = answer;
  const text = parts.flatMap((part) => ('text' in part ? [joined(part.text)] : [])).join('');
  const reasoning = parts.flatMap((part) => ('thinking' in part ? [joined(part.thinking)] : [])).join('');
  const calls = parts.flatMap((part, at) => ('tool' in part ? [toolCall(part, `${context.id}_${at}`)] : []));
  const annotations = parts.flatMap((part) => ('webSearch' in part ? citations(part) : []));
  const message: JsonObject = { role: 'assistant', content: text === '' ? null : text, refusal: null };
  if (reasoning !== '') message.reasoning_content = reasoning;
  if (calls.length > 0) message.tool_calls = calls;
  if (annotations.length > 0) message.annotations = annotations;
  return {
    id: `chatcmpl-${context.id}`,
    object: 'chat.completion',
    created: 1_764_000_000,
    model: context.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReason(answer) }],
    usage: wireUsage(context.usage),
  };
}

export function openAiError(error: {
  type: string;
  message: string;
  code?: string | null;
  param?: string | null;
}): JsonObject {
  const { type, message, code = null, param = null } = error;
  return { error: { message, type, param, code } };
}

function finishReason(answer: PartsAnswer): string {
  return answer.stopReason ?? (answer.parts.some((part) => 'tool' in part) ? 'tool_calls' : 'stop');
}

function toolCall(part: Extract<Part, { tool: string }>, id: string) {
  const text = typeof part.input === 'string' ? part.input : JSON.stringify(part.input);
  return { id: part.id ?? `call_${id}`, type: 'function', function: { name: part.tool, arguments: text } };
}

function citations(part: Extract<Part, { webSearch: string }>): JsonObject[] {
  return part.results.map(({ title, url }) => ({
    type: 'url_citation',
    url_citation: { start_index: 0, end_index: 0, title, url },
  }));
}

function wireUsage(usage: Usage): JsonObject {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cacheRead ?? 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
  };
}
