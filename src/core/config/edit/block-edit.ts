// Edits of block style: whole lines, and the one value on a line.
import { isAlias, isMap, isScalar, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { renderInFlow } from './flow-edit.ts';
import {
  beginsLine,
  contentEnd,
  dashOf,
  type EditText,
  isBlockCollection,
  isEmpty,
  itemSlot,
  lineEnd,
  lineStart,
  nextLine,
  pairSlot,
  replaceRange,
  type Slot,
  startOf,
  startOfPair,
} from './layout.ts';
import { goesInline, renderBlock, renderFlow, renderItem, renderPair, renderScalar } from './render.ts';

/** Puts `value` in place of what the slot holds now. */
export function replaceSlot(edit: EditText, slot: Slot, value: unknown, depth: number): string {
  if (slot.kind === 'root') return replaceRoot(edit, slot, value);
  if (slot.inFlow) return replaceInFlow(edit, slot, value);
  const inline = goesInline(value, edit, { inList: slot.kind === 'item', depth });
  const oldIsBlock = isBlockCollection(slot.value);
  if (inline) {
    const rendered =
      typeof value === 'object' ? renderFlow(value, edit) : renderScalar(value, edit, quoteOf(slot.value));
    return oldIsBlock || isEmpty(slot.value)
      ? replaceLines(edit, slot, ` ${rendered}`, [])
      : replaceInline(edit, slot, rendered);
  }
  const column = slot.kind === 'item' ? slot.column : slot.column + edit.unit.length;
  if (slot.kind === 'item') {
    const [first = '', ...rest] = renderItem(value, edit, column, depth);
    return replaceLines(edit, slot, first.slice(column + 1), rest);
  }
  return replaceLines(edit, slot, '', renderBlock(value, edit, column, depth));
}

function replaceInline(edit: EditText, slot: Slot, rendered: string): string {
  return replaceRange(edit.text, startOf(slot.value), contentEnd(edit, slot), rendered);
}

/** Replaces a value that spans lines, or will: `head` goes behind the colon or dash, `lines` below it. */
function replaceLines(edit: EditText, slot: Slot, head: string, lines: readonly string[]): string {
  const { text } = edit;
  const below = lines.map((line) => edit.eol + line).join('');
  const end = contentEnd(edit, slot);
  const headEnd = lineEnd(text, slot.after);
  if (end <= headEnd) {
    // Old value and its comment are on the line of the key: the comment stays there.
    const inserted = replaceRange(text, headEnd, headEnd, below);
    return replaceRange(inserted, slot.after, end, head);
  }
  const sameLine = startOf(slot.value) < headEnd && !isBlockCollection(slot.value);
  const compact = isBlockCollection(slot.value) && startOf(slot.value) < headEnd;
  if (sameLine || compact) return replaceRange(text, slot.after, end, head + below);
  const replaced = replaceRange(text, headEnd, lineEnd(text, end), below);
  return replaceRange(replaced, slot.after, slot.after, head);
}

function replaceInFlow(edit: EditText, slot: Slot, value: unknown): string {
  const { text } = edit;
  if (isEmpty(slot.value)) {
    const separator = text[slot.after - 1] === ':' ? ' ' : ': ';
    return replaceRange(text, slot.after, slot.after, separator + renderInFlow(value, edit, slot.after));
  }
  const start = startOf(slot.value);
  const rendered =
    typeof value === 'string'
      ? renderScalar(value, edit, quoteOf(slot.value))
      : renderInFlow(value, edit, start);
  return replaceRange(text, start, contentEnd(edit, slot), rendered);
}

/** The document's own value: fields are added below whatever the file holds (comments, mostly). */
function replaceRoot(edit: EditText, slot: Slot, value: unknown): string {
  const { text } = edit;
  const old = slot.value;
  const rendered = edit.json
    ? renderInFlow(value, edit, 0)
    : renderBlock(value, edit, 0, 0).join(edit.eol) || '{}';
  if (old === null || isEmpty(old)) return `${endedBy(text, edit.eol)}${rendered}${edit.eol}`;
  return replaceRange(text, startOf(old), contentEnd(edit, slot), rendered);
}

function endedBy(text: string, eol: string): string {
  return text === '' || text.endsWith('\n') ? text : text + eol;
}

/** Quotes are kept; aliases and blocks have none. */
function quoteOf(node: Node | null): 'single' | 'double' | undefined {
  if (node === null || isAlias(node) || !isScalar(node)) return undefined;
  if (node.type === 'QUOTE_SINGLE') return 'single';
  return node.type === 'QUOTE_DOUBLE' ? 'double' : undefined;
}

/** Adds `key: value` below the last pair of a block map. */
export function appendPair(edit: EditText, map: YAMLMap, key: string, value: unknown, depth: number): string {
  const last = pairSlot(edit, map, map.items.length - 1);
  if (last === undefined) throw new Error('a block map has no pairs');
  // A map inside a list may begin behind the dash: the column counts, not the indentation of the line.
  const first = pairSlot(edit, map, 0);
  const lines = renderPair(key, value, edit, first?.column ?? last.column, depth);
  return insertLines(edit, contentEnd(edit, last), lines);
}

/** Adds `- value` below the last item of a block list. */
export function appendItem(edit: EditText, list: YAMLSeq, value: unknown, depth: number): string {
  const last = itemSlot(edit, list, list.items.length - 1);
  if (last === undefined) throw new Error('a block list has no items');
  return insertLines(edit, contentEnd(edit, last), renderItem(value, edit, last.column, depth));
}

function insertLines(edit: EditText, after: number, lines: readonly string[]): string {
  const at = lineEnd(edit.text, after);
  return replaceRange(edit.text, at, at, lines.map((line) => edit.eol + line).join(''));
}

/** Removes a pair or item of a block collection that has others; comments around it stay. */
export function removeFromBlock(edit: EditText, collection: YAMLMap | YAMLSeq, index: number): string {
  const { text } = edit;
  const start = entryStart(collection, index);
  const slot = entrySlot(edit, collection, index);
  if (slot === undefined) return text;
  if (!beginsLine(text, start)) {
    // The first one, behind a dash: the next one moves up to its place.
    return replaceRange(text, start, entryStart(collection, index + 1), '');
  }
  return replaceRange(text, lineStart(text, start), nextLine(text, contentEnd(edit, slot)), '');
}

export function entrySlot(edit: EditText, collection: YAMLMap | YAMLSeq, index: number): Slot | undefined {
  return isMap(collection) ? pairSlot(edit, collection, index) : itemSlot(edit, collection, index);
}

export function entryStart(collection: YAMLMap | YAMLSeq, index: number): number {
  if (!isMap(collection)) return dashOf(collection, index);
  const pair = collection.items[index];
  return pair === undefined ? 0 : startOfPair(pair);
}
