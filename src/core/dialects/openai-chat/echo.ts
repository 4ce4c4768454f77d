// Moonshot's builtin functions (platform.moonshot.ai/docs/guide/use-web-search): the provider runs them, but the caller
// has to send each call back as its own result first.
import { isObject, type JsonObject, listOf, objectOf, objectsOf, textOf } from '../../json/values.ts';
import { firstChoice } from './stream.ts';

/** See `UpstreamDialect.encodeEcho`. The message goes back as it came: thinking models miss their thinking otherwise. */
export function encodeEcho(body: JsonObject, answer: unknown, tool: string): JsonObject | undefined {
  const message = isObject(answer) ? objectOf(firstChoice(answer)?.message) : undefined;
  const calls = objectsOf(message?.tool_calls);
  const results = calls.flatMap((call) => {
    const called = objectOf(call.function);
    const id = textOf(call.id);
    if (called?.name !== tool || id === undefined) return [];
    // Byte by byte: a search is known by what stands in there.
    const content =
      typeof called.arguments === 'string' ? called.arguments : JSON.stringify(called.arguments ?? {});
    return { role: 'tool', tool_call_id: id, name: tool, content };
  });
  if (results.length === 0 || results.length < calls.length) return undefined;
  return { ...body, messages: [...listOf(body.messages), message, ...results] };
}
