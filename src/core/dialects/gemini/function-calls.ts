// Function calls of an answer: whole ones as a rule, in pieces where somebody asked Vertex for that.
import { type JsonObject, objectOf, textOf } from '../../json/values.ts';
import type { BlockWriter, ToolSegment } from '../block-writer.ts';
import type { AnswerMemory } from '../dialect.ts';
import type { AnswerIds } from '../tool-call-ids.ts';
import { putPieces } from './partial-args.ts';

export class FunctionCallReader {
  readonly #writer: BlockWriter;
  readonly #memory: AnswerMemory;
  readonly #ids: AnswerIds;
  #open: { segment: ToolSegment; args: JsonObject } | undefined;
  /** How many calls there were. */
  count = 0;
  /** Arguments came for a call without a name. */
  nameless = false;

  constructor(writer: BlockWriter, memory: AnswerMemory, ids: AnswerIds) {
    this.#writer = writer;
    this.#memory = memory;
    this.#ids = ids;
  }

  /** @param onCall runs before a new call is written */
  read(call: JsonObject, onCall: () => void): void {
    const name = textOf(call.name);
    if (name !== undefined) this.#begin(call, name, onCall);
    else if (!this.#open) {
      this.nameless ||= call.args !== undefined || call.partialArgs !== undefined;
      return;
    }
    if (!this.#open) return;
    Object.assign(this.#open.args, objectOf(call.args));
    putPieces(this.#open.args, call.partialArgs);
    if (call.willContinue !== true) this.close();
  }

  /** Writes the arguments of a call that nothing more is to come for. */
  close(): void {
    if (this.#open) this.#writer.toolInput(this.#open.segment, JSON.stringify(this.#open.args));
    this.#open = undefined;
  }

  #begin(call: JsonObject, name: string, onCall: () => void): void {
    this.close();
    onCall();
    this.count++;
    const known = this.#memory.toolNames.get(name) ?? name;
    this.#open = { segment: this.#writer.tool(this.#ids.give(textOf(call.id)), known), args: {} };
  }
}
