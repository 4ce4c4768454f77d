// Writes scripted answers the way OpenAI's Responses API does. A thinking part is a reasoning item: its signature is the
// encrypted content.
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

type Send = (type: string, fields: JsonObject) => Promise<void>;

/** Streams the answer; resolves when all is out. */
export async function streamResponses(
  answer: PartsAnswer,
  context: AnswerContext,
  sink: AnswerSink,
): Promise<void> {
  let sequence_number = 0;
  const send: Send = (type, fields) =>
    sink.write(
      `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence_number++, ...fields })}\n\n`,
    );
  await send('response.created', { response: frame(context) });
  await send('response.in_progress', { response: frame(context) });
  const output: JsonObject[] = [];
  for (const [at, part] of answer.parts.entries()) {
    if (await sink.control(part)) continue;
    if ('error' in part) {
      const error = { code: part.error.type, message: part.error.message };
      await send('error', { ...error, param: null });
      await send('response.failed', { response: { ...frame(context), status: 'failed', error, output } });
      return;
    }
    for (const item of itemsOf(part, `${context.id}_${at}`)) {
      await streamItem(send, item, part, output.length);
      output.push(item);
    }
  }
  const ending = end(answer);
  const response = { ...frame(context), ...ending, output, usage: wireUsage(context.usage) };
  await send(`response.${ending.status}`, { response });
}

/** The whole answer as one object. */
export function wholeResponses(answer: PartsAnswer, context: AnswerContext): JsonObject {
  const output = answer.parts.flatMap((part, at) => itemsOf(part, `${context.id}_${at}`));
  return { ...frame(context), ...end(answer), output, usage: wireUsage(context.usage) };
}

function frame({ id, model }: AnswerContext): JsonObject {
  return {
    id: `resp_${id}`,
    object: 'response',
    created_at: 1_764_000_000,
    status: 'in_progress',
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model,
    output: [],
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    usage: null,
  };
}

/** `stopReason` is the reason of an incomplete answer. */
function end({ stopReason }: PartsAnswer): { status: string; incomplete_details?: JsonObject } {
  return stopReason === undefined
    ? { status: 'completed' }
    : { status: 'incomplete', incomplete_details: { reason: stopReason } };
}

function itemsOf(part: Part, id: string): JsonObject[] {
  if ('text' in part) {
    const content = [{ type: 'output_text', text: joined(part.text), annotations: [], logprobs: [] }];
    return [{ id: `msg_${id}`, type: 'message', status: 'completed', role: 'assistant', content }];
  }
  if ('thinking' in part) {
    const text = joined(part.thinking);
    return [
      {
        id: `rs_${id}`,
        type: 'reasoning',
        summary: text === '' ? [] : [{ type: 'summary_text', text }],
        ...(part.signature === undefined ? {} : { encrypted_content: part.signature }),
      },
    ];
  }
  if ('tool' in part)
    return [
      {
        id: `fc_${id}`,
        type: 'function_call',
        status: 'completed',
        call_id: part.id ?? `call_${id}`,
        name: part.tool,
        arguments: typeof part.input === 'string' ? part.input : JSON.stringify(part.input),
      },
    ];
  if ('webSearch' in part) {
    const sources = part.results.map(({ url, title }) => ({ type: 'url', url, title }));
    const action = { type: 'search', query: part.webSearch, sources };
    return [{ id: `ws_${id}`, type: 'web_search_call', status: 'completed', action }];
  }
  return [];
}

/** From its empty form to its full one, with the events between. */
async function streamItem(send: Send, item: JsonObject, part: Part, output_index: number): Promise<void> {
  const here = { output_index, item_id: item.id };
  const open = { ...item, ...emptied(part), ...('status' in item ? { status: 'in_progress' } : {}) };
  await send('response.output_item.added', { output_index, item: open });
  if ('text' in part) {
    const place = { ...here, content_index: 0 };
    const whole = { type: 'output_text', text: joined(part.text), annotations: [], logprobs: [] };
    await send('response.content_part.added', { ...place, part: { ...whole, text: '' } });
    for (const delta of pieces(part.text, 16))
      await send('response.output_text.delta', { ...place, delta, logprobs: [] });
    await send('response.output_text.done', { ...place, text: whole.text, logprobs: [] });
    await send('response.content_part.done', { ...place, part: whole });
  } else if ('thinking' in part && joined(part.thinking) !== '') {
    const place = { ...here, summary_index: 0 };
    const whole = { type: 'summary_text', text: joined(part.thinking) };
    await send('response.reasoning_summary_part.added', { ...place, part: { ...whole, text: '' } });
    for (const delta of pieces(part.thinking, 16))
      await send('response.reasoning_summary_text.delta', { ...place, delta });
    await send('response.reasoning_summary_text.done', { ...place, text: whole.text });
    await send('response.reasoning_summary_part.done', { ...place, part: whole });
  } else if ('tool' in part) {
    const text = String(item.arguments);
    for (const delta of pieces(text, 7))
      await send('response.function_call_arguments.delta', { ...here, delta });
    await send('response.function_call_arguments.done', { ...here, name: item.name, arguments: text });
  } else if ('webSearch' in part)
    for (const state of ['in_progress', 'searching', 'completed'])
      await send(`response.web_search_call.${state}`, here);
  await send('response.output_item.done', { output_index, item });
}

function emptied(part: Part): JsonObject {
  if ('text' in part) return { content: [] };
  if ('thinking' in part) return { summary: [], encrypted_content: '' };
  return 'tool' in part ? { arguments: '' } : {};
}

function wireUsage(usage: Usage): JsonObject {
  return {
    input_tokens: usage.input,
    input_tokens_details: { cached_tokens: usage.cacheRead ?? 0 },
    output_tokens: usage.output,
    output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
    total_tokens: usage.input + usage.output,
  };
}
