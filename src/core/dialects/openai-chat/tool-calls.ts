// Puts tool calls together from pieces. Servers leave out the index, the id or the name, repeat them, reuse an index
// for another call, or give whole calls at once; what is a new call and what continues one is decided here.
import type { Random } from '../../clock.ts';
import {
  isObject,
  type JsonObject,
  numberOf,
  objectOf,
  objectsOf,
  parseJson,
  textOf,
} from '../../json/values.ts';
import type { BlockWriter, ToolSegment } from '../block-writer.ts';
import type { AnswerMemory } from '../dialect.ts';
import { AnswerIds } from '../tool-call-ids.ts';

interface Call {
  index: number | undefined;
  id: string | undefined;
  /** Undefined until the name is known. */
  segment: ToolSegment | undefined;
  /** Arguments so far: before the name came they wait here. */
  input: string;
}

interface Piece {
  index: number | undefined;
  id: string | undefined;
  name: string | undefined;
  input: string;
}

export class ToolCallReader {
  readonly #writer: BlockWriter;
  readonly #memory: AnswerMemory;
  readonly #calls: Call[] = [];
  readonly #ids: AnswerIds;

  constructor(writer: BlockWriter, memory: AnswerMemory, random: Random) {
    this.#writer = writer;
    this.#memory = memory;
    this.#ids = new AnswerIds(memory.toolIds, random);
  }

  /** Some call has its name. */
  get any(): boolean {
    return this.#calls.some((call) => call.segment !== undefined);
  }

  /** Arguments came, but never the name of the tool that they are for. */
  get nameless(): boolean {
    return this.#calls.some((call) => call.segment === undefined && call.input.trim() !== '');
  }

  /** @param message a delta or a whole message; `onCall` runs before a new call is written */
  read(message: JsonObject, onCall: (call: JsonObject) => void): void {
    for (const call of objectsOf(message.tool_calls)) this.#piece(pieceOf(call), call, onCall);
    const legacy = objectOf(message.function_call);
    if (legacy) this.#piece({ ...pieceOf({ function: legacy }), index: 0 }, legacy, onCall);
  }

  #piece(piece: Piece, raw: JsonObject, onCall: (call: JsonObject) => void): void {
    const call = this.#find(piece) ?? this.#begin(piece);
    call.id ??= piece.id;
    if (!call.segment && piece.name !== undefined) {
      onCall(raw);
      const name = this.#memory.toolNames.get(piece.name) ?? piece.name;
      call.segment = this.#writer.tool(this.#ids.give(call.id), name);
      this.#writer.toolInput(call.segment, call.input);
    }
    // An object never begins with null: some servers say so for "no arguments".
    if (call.input === '' && piece.input.trim() === 'null') return;
    call.input += piece.input;
    if (call.segment) this.#writer.toolInput(call.segment, piece.input);
  }

  #find(piece: Piece): Call | undefined {
    const known =
      piece.index === undefined
        ? piece.id === undefined
          ? this.#calls.at(-1)
          : (this.#calls.findLast((call) => call.id === piece.id) ??
            (piece.name === undefined ? this.#calls.at(-1) : undefined))
        : this.#calls.findLast((call) => call.index === piece.index);
    return known && !beginsAnother(known, piece) ? known : undefined;
  }

  #begin(piece: Piece): Call {
    const call: Call = { index: piece.index, id: piece.id, segment: undefined, input: '' };
    this.#calls.push(call);
    return call;
  }
}

/** A name that comes to a call which has one starts another call, unless it is a repetition. */
function beginsAnother(known: Call, piece: Piece): boolean {
  if (!known.segment || piece.name === undefined) return false;
  if (piece.id !== undefined && known.id !== undefined) return piece.id !== known.id;
  // Without ids: complete arguments can't be continued.
  return isComplete(known.input) && piece.input !== '';
}

function isComplete(input: string): boolean {
  return input.trim() !== '' && parseJson(input) !== undefined;
}

function pieceOf(call: JsonObject): Piece {
  const custom = objectOf(call.custom);
  const target = objectOf(call.function) ?? custom ?? {};
  const input = target.arguments ?? target.input;
  return {
    index: numberOf(call.index),
    id: textOf(call.id),
    name: textOf(target.name),
    input: custom ? customInput(custom.input) : inputText(input),
  };
}

/** Some servers give the arguments as an object. */
function inputText(input: unknown): string {
  if (typeof input === 'string') return input;
  return isObject(input) ? JSON.stringify(input) : '';
}

/** A custom tool takes free text; a tool call's input in the hub is an object. */
function customInput(input: unknown): string {
  return typeof input === 'string' && input !== '' ? JSON.stringify({ input }) : '';
}
