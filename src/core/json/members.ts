// Changes members of a JSON object in its bytes: what is not changed stays as it was written, numbers, order and white
// space included.
import { joinBytes } from './bytes.ts';
import { closeBrace, comma, isKey, type Member, membersAt, openBrace, skipBlank, startOf } from './scan.ts';
import type { JsonObject } from './values.ts';

const encoder = new TextEncoder();

/**
 * The bytes of `after`, made from those of `before`. `after` is a copy of it whose members were replaced, left out or
 * added, each as a whole: members that are the same value are taken for unchanged, and their bytes stay.
 * @param bytes a JSON text; `before` was parsed from it, and may hold members that it has not
 * @returns pieces that follow each other: what stays is not copied. `bytes` alone when nothing has to change
 */
export function changedPieces(
  bytes: Uint8Array,
  before: Readonly<JsonObject>,
  after: Readonly<JsonObject>,
): readonly Uint8Array[] {
  const changes = changesOf(before, after);
  if (changes.size === 0) return [bytes];
  return new MemberWriter(bytes, changes).write() ?? [encoder.encode(JSON.stringify(after))];
}

/** The same in one piece. */
export function changeMembers(
  bytes: Uint8Array,
  before: Readonly<JsonObject>,
  after: Readonly<JsonObject>,
): Uint8Array {
  return joinBytes(changedPieces(bytes, before, after));
}

/** The value of each member that differs; undefined where it is left out. */
function changesOf(before: Readonly<JsonObject>, after: Readonly<JsonObject>): Map<string, unknown> {
  const changes = new Map<string, unknown>();
  for (const [key, value] of Object.entries(after)) if (before[key] !== value) changes.set(key, value);
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) changes.set(key, undefined);
  return changes;
}

class MemberWriter {
  readonly #bytes: Uint8Array;
  readonly #changes: ReadonlyMap<string, unknown>;
  readonly #parts: Uint8Array[] = [];
  readonly #met = new Set<string>();
  #members = 0;
  /** What stays and is not among the parts yet. */
  #kept = { from: 0, to: 0 };

  constructor(bytes: Uint8Array, changes: ReadonlyMap<string, unknown>) {
    this.#bytes = bytes;
    this.#changes = changes;
  }

  /** Undefined when the text is no object. */
  write(): readonly Uint8Array[] | undefined {
    const bytes = this.#bytes;
    const open = startOf(bytes);
    if (bytes[open] !== openBrace) return undefined;
    this.#keep(0, open + 1);
    /** Behind the last member; the comma and white space that follow belong to the next one. */
    let end = open + 1;
    for (const member of membersAt(bytes, open)) {
      this.#member(member, end);
      end = member.end;
    }
    if (bytes[skipBlank(bytes, end)] !== closeBrace) return undefined;
    this.#add();
    this.#keep(end, bytes.length);
    this.#write();
    return this.#parts;
  }

  /** Copies, replaces or leaves out one member. `gap`: the end of the one before it. */
  #member(place: Member, gap: number): void {
    const bytes = this.#bytes;
    const change = this.#changeOf(place);
    if (change && change.value === undefined) return;
    const first = this.#members++ === 0;
    const from = first ? behindComma(bytes, gap, place.key) : gap;
    if (!change) {
      this.#keep(from, place.end);
      return;
    }
    this.#met.add(change.name);
    this.#keep(from, place.value);
    this.#write(JSON.stringify(change.value));
  }

  #changeOf({ key, keyEnd }: Member): { name: string; value: unknown } | undefined {
    for (const [name, value] of this.#changes)
      if (isKey(this.#bytes, key, keyEnd, name)) return { name, value };
    return undefined;
  }

  #add(): void {
    for (const [name, value] of this.#changes) {
      if (value === undefined || this.#met.has(name)) continue;
      const separator = this.#members++ === 0 ? '' : ',';
      this.#write(`${separator}${JSON.stringify(name)}:${JSON.stringify(value)}`);
    }
  }

  #keep(from: number, to: number): void {
    if (from !== this.#kept.to) {
      this.#write();
      this.#kept.from = from;
    }
    this.#kept.to = to;
  }

  /** What was kept so far, then `text`. */
  #write(text?: string): void {
    const { from, to } = this.#kept;
    if (to > from) this.#parts.push(this.#bytes.subarray(from, to));
    if (text !== undefined) this.#parts.push(encoder.encode(text));
    this.#kept = { from: to, to };
  }
}

/** Where the white space before a member begins that has lost those before it. */
function behindComma(bytes: Uint8Array, from: number, to: number): number {
  const at = bytes.subarray(from, to).indexOf(comma);
  return at === -1 ? from : from + at + 1;
}
