// Writes scripted answers the way Anthropic's Messages API does.
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

/** Streams the answer; resolves when all is out. */
export async function streamAnthropic(
  answer: PartsAnswer,
  context: AnswerContext,
  sink: AnswerSink,
): Promise<void> {
  const send = (event: JsonObject & { type: string }) =>
    sink.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  const message = {
    id: `msg_${context.id}`,
    type: 'message',
    role: 'assistant',
    model: context.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...wireUsage(context.usage), output_tokens: 1 },
  };
  await send({ type: 'message_start', message });
  await send({ type: 'ping' });
  let index = 0;
  for (const [at, part] of answer.parts.entries()) {
    if (await sink.control(part)) continue;
    if ('error' in part) {
      await send({ type: 'error', error: part.error, request_id: `req_${context.id}` });
      return;
    }
    for (const block of blocksOf(part, `${context.id}_${at}`)) {
      const { start, deltas } = streamed(block, part);
      await send({ type: 'content_block_start', index, content_block: start });
      for (const delta of deltas) await send({ type: 'content_block_delta', index, delta });
      await send({ type: 'content_block_stop', index });
      index += 1;
    }
  }
  await send({
    type: 'message_delta',
    delta: { stop_reason: stopReason(answer), stop_sequence: null },
    usage: wireUsage(context.usage),
  });
  await send({ type: 'message_stop' });
}

/** The whole answer as one object. */
export function wholeAnthropic(answer: PartsAnswer, context: AnswerContext): JsonObject {
  return {
    id: `msg_${context.id}`,
    type: 'message',
    role: 'assistant',
    model: context.model,
    content: answer.parts.flatMap((part, at) => blocksOf(part, `${context.id}_${at}`)),
    stop_reason: stopReason(answer),
    stop_sequence: null,
    usage: wireUsage(context.usage),
  };
}

export function anthropicError(error: { type: string; message: string }, id: string): JsonObject {
  return { type: 'error', error: { type: error.type, message: error.message }, request_id: `req_${id}` };
}

function stopReason(answer: PartsAnswer): string {
  return answer.stopReason ?? (answer.parts.some((part) => 'tool' in part) ? 'tool_use' : 'end_turn');
}

function wireUsage(usage: Usage): JsonObject {
  const cached = usage.cacheRead ?? 0;
  const written = usage.cacheWrite ?? 0;
  return {
    input_tokens: usage.input - cached - written,
    output_tokens: usage.output,
    cache_read_input_tokens: cached,
    cache_creation_input_tokens: written,
  };
}

function blocksOf(part: Part, id: string): JsonObject[] {
  if ('text' in part) return [{ type: 'text', text: joined(part.text) }];
  if ('thinking' in part)
    return [{ type: 'thinking', thinking: joined(part.thinking), signature: part.signature ?? '' }];
  if ('redacted' in part) return [{ type: 'redacted_thinking', data: part.redacted }];
  if ('tool' in part)
    return [{ type: 'tool_use', id: part.id ?? `toolu_${id}`, name: part.tool, input: part.input }];
  if ('webSearch' in part) {
    const results = part.results.map((result) => ({
      type: 'web_search_result',
      ...result,
      encrypted_content: 'ZW5j',
      page_age: null,
    }));
    return [
      { type: 'server_tool_use', id: `srvtoolu_${id}`, name: 'web_search', input: { query: part.webSearch } },
      { type: 'web_search_tool_result', tool_use_id: `srvtoolu_${id}`, content: results },
    ];
  }
  return [];
}

/** How one block is streamed: its empty start and the deltas that fill it. */
function streamed(block: JsonObject, part: Part): { start: JsonObject; deltas: JsonObject[] } {
  if ('text' in part)
    return {
      start: { type: 'text', text: '' },
      deltas: pieces(part.text, 16).map((text) => ({ type: 'text_delta', text })),
    };
  if ('thinking' in part) {
    const deltas: JsonObject[] = pieces(part.thinking, 16).map((thinking) => ({
      type: 'thinking_delta',
      thinking,
    }));
    if (part.signature !== undefined) deltas.push({ type: 'signature_delta', signature: part.signature });
    return { start: { type: 'thinking', thinking: '', signature: '' }, deltas };
  }
  if (block.type === 'tool_use' || block.type === 'server_tool_use') {
    const text = typeof block.input === 'string' ? block.input : JSON.stringify(block.input);
    const deltas = ['', ...pieces(text, 7)].map((json) => ({ type: 'input_json_delta', partial_json: json }));
    return { start: { ...block, input: {} }, deltas };
  }
  return { start: block, deltas: [] };
}
