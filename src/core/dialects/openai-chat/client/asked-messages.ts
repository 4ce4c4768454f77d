// A chat client's messages as the hub's.
import { isObject, type JsonObject, shown } from '../../../json/values.ts';
import { refused } from '../../asked-media.ts';
import { type AskedConversation, AskedTurns } from '../../asked-turns.ts';
import type { Carried } from '../../only-carried.ts';
import { AskedCalls } from './asked-calls.ts';
import { contentBlocks, marked } from './asked-content.ts';
import { thinkingBlocks } from './carried-thinking.ts';

/** Throws `ClientError` (400) that names the place. */
export function askedMessages(messages: unknown, carried?: Carried): AskedConversation {
  if (!Array.isArray(messages))
    throw refused(
      messages === undefined
        ? "Missing required parameter: 'messages'."
        : "Invalid type for 'messages': expected a list of objects.",
    );
  const turns = new AskedTurns();
  const calls = new AskedCalls();
  for (const [at, message] of messages.entries()) {
    if (!isObject(message)) throw refused(`Invalid type for 'messages[${at}]': expected an object.`);
    readMessage(message, `messages[${at}]`, turns, calls, carried);
  }
  return turns.end('messages');
}

function readMessage(
  message: JsonObject,
  place: string,
  turns: AskedTurns,
  calls: AskedCalls,
  carried: Carried,
): void {
  const { role, content } = message;
  const contentPlace = `${place}.content`;
  switch (role) {
    case 'system':
    case 'developer':
      turns.developer(withMark(contentBlocks(content, contentPlace, carried), message));
      break;
    case 'user':
      turns.user(withMark(contentBlocks(content, contentPlace, carried), message));
      break;
    case 'assistant':
      for (const block of assistantBlocks(message, place, calls, carried)) turns.assistant(block);
      break;
    case 'tool':
    case 'function':
      turns.result(resultBlock(message, place, calls, carried));
      break;
    default:
      throw refused(
        `Invalid value: '${shown(role)}' for '${place}.role'. Supported are 'system', 'developer', 'user', 'assistant', 'tool' and 'function'.`,
      );
  }
}

/** A mark beside the content means its end. */
function withMark(blocks: JsonObject[], message: JsonObject): JsonObject[] {
  const last = blocks.at(-1);
  return last ? [...blocks.slice(0, -1), marked(last, message)] : blocks;
}

function assistantBlocks(
  message: JsonObject,
  place: string,
  calls: AskedCalls,
  carried: Carried,
): JsonObject[] {
  const blocks = [
    ...thinkingBlocks(message),
    ...withMark(contentBlocks(message.content, `${place}.content`, carried), message),
  ];
  // A refusal is what the assistant said.
  blocks.push(...contentBlocks(textOrNothing(message.refusal), `${place}.refusal`));
  const { tool_calls: told, function_call: called } = message;
  if (Array.isArray(told))
    for (const [at, call] of told.entries()) {
      if (!isObject(call))
        throw refused(`Invalid type for '${place}.tool_calls[${at}]': expected an object.`);
      blocks.push(calls.call(call, `${place}.tool_calls[${at}]`));
    }
  else if (told !== undefined && told !== null)
    throw refused(`Invalid type for '${place}.tool_calls': expected a list of objects.`);
  if (isObject(called)) blocks.push(calls.functionCall(called, `${place}.function_call`));
  return blocks;
}

function textOrNothing(value: unknown): unknown {
  return typeof value === 'string' ? value : undefined;
}

function resultBlock(message: JsonObject, place: string, calls: AskedCalls, carried: Carried): JsonObject {
  const tool_use_id = calls.answered(message, place);
  const { content } = message;
  const result = typeof content === 'string' ? content : contentBlocks(content, `${place}.content`, carried);
  return marked({ type: 'tool_result', tool_use_id, content: result }, message);
}
