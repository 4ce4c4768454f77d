// Requests of clients that do not speak Anthropic's dialect may hold what it refuses: fields of other APIs, and values
// that only others take. Source: Anthropic's API reference (errors of temperature, thinking, tool_choice, stop_sequences).
import {
  isObject,
  type JsonObject,
  listOf,
  numberOf,
  objectOf,
  objectsOf,
  textOf,
} from '../../json/values.ts';
import type { HubRequest } from '../hub.ts';
import { isHubField } from '../other-fields.ts';
import type { TargetProfile } from '../target-profile.ts';
import { orderedMessages } from './foreign-messages.ts';
import { lacksThinking } from './lacks-thinking.ts';

/** Output limit where nobody set one: every current model can write that much. */
const usualLimit = 32_000;

/** Never changes `request` itself. `notes` gets what was dropped or changed. */
export function fitForeignRequest(request: HubRequest, target: TargetProfile, notes: string[]): HubRequest {
  const body: JsonObject = { ...request };
  const drop = (names: readonly string[], why: string) => {
    const present = names.filter((name) => body[name] !== undefined);
    for (const name of present) delete body[name];
    if (present.length > 0) notes.push(`${present.join(', ')} dropped: ${why}`);
  };
  if (target.dropParams)
    drop(
      Object.keys(body).filter((name) => !isHubField(name)),
      "not known to Anthropic's API",
    );
  // Other dialects' clients may leave the limit open; here it is required.
  body.max_tokens ??= target.params.max_tokens ?? target.maxOutput ?? usualLimit;
  limitBudget(body, drop);
  const messages = orderedMessages(objectsOf(body.messages));
  body.messages = messages;
  if (objectOf(body.thinking)?.type === 'enabled' && lacksThinking(messages))
    drop(['thinking'], 'this tool loop began without it');
  fitSystem(body);
  fitTools(body, drop);
  if (isThinking(body) && isForced(body)) drop(['thinking'], 'a forced tool call leaves no room for it');
  if (isThinking(body)) drop(['temperature', 'top_p', 'top_k'], 'they can not be set while the model thinks');
  if (body.temperature !== undefined) drop(['top_p'], 'newer Claude models take it or temperature, not both');
  // Elsewhere the range ends at 2.
  if ((numberOf(body.temperature) ?? 0) > 1) body.temperature = 1;
  if (body.stop_sequences !== undefined) {
    const stops = listOf(body.stop_sequences).filter((stop) => (textOf(stop) ?? '').trim() !== '');
    if (stops.length > 0) body.stop_sequences = stops;
    else drop(['stop_sequences'], 'Anthropic takes no white space there');
  }
  return body as HubRequest;
}

type Drop = (names: readonly string[], why: string) => void;

/** The least budget that is taken. */
const leastBudget = 1024;

/** A budget leaves room for the answer. */
function limitBudget(body: JsonObject, drop: Drop): void {
  const limit = numberOf(body.max_tokens) ?? usualLimit;
  const { thinking } = body;
  if (!isObject(thinking) || (numberOf(thinking.budget_tokens) ?? 0) < limit) return;
  if (limit > leastBudget) body.thinking = { ...thinking, budget_tokens: limit - 1 };
  else drop(['thinking'], 'the output limit leaves no room for it');
}

/** Blank texts are refused. */
function fitSystem(body: JsonObject): void {
  if (typeof body.system === 'string' && body.system.trim() === '') delete body.system;
  if (!Array.isArray(body.system)) return;
  const blocks = objectsOf(body.system).filter(({ text }) => (textOf(text) ?? '').trim() !== '');
  if (blocks.length > 0) body.system = blocks;
  else delete body.system;
}

/** Parameters are an object, and who is to be called must be there. */
function fitTools(body: JsonObject, drop: Drop): void {
  const tools = objectsOf(body.tools).map((tool) => {
    const own = tool.type === undefined || tool.type === 'custom';
    const schema = objectOf(tool.input_schema) ?? {};
    return own && schema.type !== 'object' ? { ...tool, input_schema: { ...schema, type: 'object' } } : tool;
  });
  if (tools.length > 0) body.tools = tools;
  const choice = objectOf(body.tool_choice);
  if (!choice) return;
  if (tools.length === 0 || (choice.type === 'tool' && !tools.some(({ name }) => name === choice.name)))
    drop(['tool_choice'], 'there is no such tool');
}

function isThinking({ thinking }: JsonObject): boolean {
  return isObject(thinking) && thinking.type !== 'disabled';
}

function isForced({ tool_choice: choice }: JsonObject): boolean {
  return isObject(choice) && (choice.type === 'any' || choice.type === 'tool');
}
