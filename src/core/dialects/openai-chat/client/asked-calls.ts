// Which result belongs to which call. Chat clients tell it by id; those of functions, the older form, by name; some
// give no ids at all.
import { isObject, type JsonObject, textOf } from '../../../json/values.ts';
import { refused } from '../../asked-media.ts';
import { askedArguments } from '../../asked-turns.ts';

export class AskedCalls {
  /** Calls without result, in order. */
  readonly #open: { id: string; name: string }[] = [];
  #made = 0;

  /** An entry of `tool_calls` as a block. Throws `ClientError` (400) when it has no name. */
  call(call: JsonObject, place: string): JsonObject {
    const { custom } = call;
    if (isObject(custom)) {
      const input = { input: typeof custom.input === 'string' ? custom.input : '' };
      return this.#block(textOf(call.id), custom.name, input, `${place}.custom`);
    }
    const target = isObject(call.function) ? call.function : {};
    return this.#block(textOf(call.id), target.name, askedArguments(target.arguments), `${place}.function`);
  }

  /** The older `function_call` of a message. */
  functionCall(call: JsonObject, place: string): JsonObject {
    return this.#block(undefined, call.name, askedArguments(call.arguments), place);
  }

  /** The id of the call that the message answers. Throws `ClientError` (400) when there is none. */
  answered(message: JsonObject, place: string): string {
    const id = textOf(message.tool_call_id);
    const name = textOf(message.name);
    const byName = this.#open.findIndex((call) => call.name === name);
    const at = id === undefined ? Math.max(byName, 0) : this.#open.findIndex((call) => call.id === id);
    const [found] = at === -1 ? [] : this.#open.splice(at, 1);
    const answered = id ?? found?.id;
    if (answered === undefined)
      throw refused(
        message.role === 'function'
          ? `Invalid '${place}': a message with role 'function' must be a response to a preceding message with 'function_call'.`
          : `Missing required parameter: '${place}.tool_call_id'.`,
      );
    return answered;
  }

  #block(id: string | undefined, told: unknown, input: JsonObject, place: string): JsonObject {
    const name = textOf(told);
    if (name === undefined) throw refused(`Missing required parameter: '${place}.name'.`);
    const call = { id: id ?? `call_unnamed_${++this.#made}`, name };
    this.#open.push(call);
    return { type: 'tool_use', ...call, input };
  }
}
