// Requests of clients that do not speak Anthropic's dialect may hold what it refuses: fields of other APIs, and values
// that only others take. Source: Anthropic's API reference (errors of temperature, thinking, tool_choice, stop_sequences).
import { isObject, type JsonObject, listOf, numberOf, textOf } from '../../json/values.ts';
import type { TargetProfile } from '../dialect.ts';
import type { HubRequest } from '../hub.ts';
import { isHubField } from '../other-fields.ts';

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
  limitBudget(body);
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

/** A budget leaves room for the answer. */
function limitBudget(body: JsonObject): void {
  const limit = numberOf(body.max_tokens) ?? usualLimit;
  const { thinking } = body;
  if (isObject(thinking) && (numberOf(thinking.budget_tokens) ?? 0) >= limit)
    body.thinking = { ...thinking, budget_tokens: limit - 1 };
}

function isThinking({ thinking }: JsonObject): boolean {
  return isObject(thinking) && thinking.type !== 'disabled';
}

function isForced({ tool_choice: choice }: JsonObject): boolean {
  return isObject(choice) && (choice.type === 'any' || choice.type === 'tool');
}
