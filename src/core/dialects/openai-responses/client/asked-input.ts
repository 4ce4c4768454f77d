// The input items of a Responses client as the hub's messages.
import { isObject, type JsonObject, shown, textOf } from '../../../json/values.ts';
import { refused } from '../../asked-media.ts';
import { type AskedConversation, AskedTurns, askedArguments } from '../../asked-turns.ts';
import { type Carried, onlyCarried } from '../../only-carried.ts';
import { contentBlocks } from './asked-content.ts';
import { hubToolName } from './asked-tools.ts';
import { thinkingBlock } from './carried-reasoning.ts';

/** Throws `ClientError` (400) that names the place. */
export function askedInput(input: unknown, carried?: Carried): AskedConversation {
  const turns = new AskedTurns();
  if (typeof input === 'string') turns.user(contentBlocks(input, 'input', carried));
  else if (!Array.isArray(input))
    throw refused(
      input === undefined
        ? "Missing required parameter: 'input'."
        : "Invalid type for 'input': expected a string or a list of items.",
    );
  else
    for (const [at, item] of input.entries()) {
      if (!isObject(item)) throw refused(`Invalid type for 'input[${at}]': expected an object.`);
      readItem(item, `input[${at}]`, turns, carried);
    }
  return turns.end('input');
}

function readItem(item: JsonObject, place: string, turns: AskedTurns, carried: Carried): void {
  switch (item.type) {
    case undefined:
    case 'message':
      readMessage(item, place, turns, carried);
      break;
    case 'reasoning': {
      const block = thinkingBlock(item);
      if (block) turns.assistant(block);
      break;
    }
    case 'function_call':
      turns.assistant(callBlock(item, place, askedArguments(item.arguments)));
      break;
    case 'custom_tool_call':
      turns.assistant(callBlock(item, place, { input: textOf(item.input) ?? '' }));
      break;
    case 'function_call_output':
    case 'custom_tool_call_output':
      turns.result(resultBlock(item, place, carried));
      break;
    case 'item_reference':
      turns.user(
        onlyCarried(
          refused(
            `Item with id '${shown(item.id)}' not found: answers are not stored here. Send the items themselves ('${place}').`,
          ),
          carried,
        ),
      );
      break;
    default:
      // What OpenAI's own tools did, and what is to come: nothing that another model could use.
      break;
  }
}

function readMessage(item: JsonObject, place: string, turns: AskedTurns, carried: Carried): void {
  const blocks = contentBlocks(item.content, `${place}.content`, carried);
  switch (item.role) {
    case 'user':
      turns.user(blocks);
      break;
    case 'assistant':
      for (const block of blocks) turns.assistant(block);
      break;
    case 'system':
    case 'developer':
      turns.developer(blocks);
      break;
    default:
      throw refused(
        `Invalid value: '${shown(item.role)}' for '${place}.role'. Supported are 'user', 'assistant', 'system' and 'developer'.`,
      );
  }
}

function callBlock(item: JsonObject, place: string, input: JsonObject): JsonObject {
  const name = textOf(item.name);
  const id = textOf(item.call_id) ?? textOf(item.id);
  if (name === undefined) throw refused(`Missing required parameter: '${place}.name'.`);
  if (id === undefined) throw refused(`Missing required parameter: '${place}.call_id'.`);
  return { type: 'tool_use', id, name: hubToolName(name, textOf(item.namespace)), input };
}

function resultBlock(item: JsonObject, place: string, carried: Carried): JsonObject {
  const id = textOf(item.call_id);
  if (id === undefined) throw refused(`Missing required parameter: '${place}.call_id'.`);
  const { output } = item;
  const content = Array.isArray(output)
    ? contentBlocks(output, `${place}.output`, carried)
    : typeof output === 'string'
      ? output
      : output === undefined || output === null
        ? ''
        : JSON.stringify(output);
  return { type: 'tool_result', tool_use_id: id, content };
}
