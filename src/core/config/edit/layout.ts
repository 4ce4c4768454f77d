// Where nodes lie in the text. All offsets count characters of the file's text without its byte order mark.
import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';

/** The text with what must stay as it is: line ends, indentation, JSON's quotes. */
export interface EditText {
  text: string;
  document: Document;
  /** Line end of new lines. */
  eol: '\r\n' | '\n';
  /** One step of indentation. */
  unit: string;
  /** New keys and values are written as JSON. */
  json: boolean;
}

/** The place of a value: inside a pair or a list item, or the whole document. */
export interface Slot {
  value: Node | null;
  /** Where the value would begin if there were none: behind the colon or the dash; 0 for the document. */
  after: number;
  /** Column of the key or the dash; -1 for the document. */
  column: number;
  /** The value stands inside `[…]` or `{…}`. */
  inFlow: boolean;
  kind: 'pair' | 'item' | 'root';
}

interface SourceToken {
  type: string;
  offset: number;
  source: string;
}

/** `key:` with nothing behind it. */
export function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null && node.range?.[0] === node.range?.[1]);
}

export function isBlockCollection(node: Node | null): node is YAMLMap | YAMLSeq {
  return node !== null && isCollection(node) && node.flow !== true;
}

export function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

/** The end of what belongs to the node itself: no comments, blank lines or line ends behind it. */
export function contentEnd(edit: EditText, slot: Slot): number {
  const { value } = slot;
  if (value === null || isEmpty(value)) return slot.after;
  if (isBlockCollection(value)) {
    const last = value.items.length - 1;
    const inner = isMap(value)
      ? pairSlot(edit, value, last)
      : isSeq(value)
        ? itemSlot(edit, value, last)
        : undefined;
    return inner === undefined ? startOf(value) : contentEnd(edit, inner);
  }
  let end = value.range?.[1] ?? slot.after;
  // Block scalars own the line end behind them.
  if (isScalar(value) && (value.type === 'BLOCK_LITERAL' || value.type === 'BLOCK_FOLDED')) {
    while (/\s/.test(edit.text[end - 1] ?? '')) end--;
  }
  return end;
}

export function rootSlot(edit: EditText): Slot {
  const value = edit.document.contents as Node | null;
  return { value, after: 0, column: -1, inFlow: false, kind: 'root' };
}

/** The slot of the pair with this index; undefined when there is none. */
export function pairSlot(edit: EditText, map: YAMLMap, index: number): Slot | undefined {
  const pair = map.items[index] as Pair<Node, Node | null> | undefined;
  if (pair === undefined) return undefined;
  const keyStart = startOfPair(pair);
  const colon = tokensOf(pair, 'sep').find((token) => token.type === 'map-value-ind');
  return {
    value: pair.value,
    after: colon === undefined ? (pair.key.range?.[1] ?? keyStart) : colon.offset + 1,
    column: columnOf(edit.text, keyStart),
    inFlow: map.flow === true,
    kind: 'pair',
  };
}

/** The first character of a pair: its key, or what stands before it (`? `, an anchor). */
export function startOfPair(pair: Pair<unknown, unknown>): number {
  const key = pair.key as Node | null;
  const before = tokensOf(pair, 'start').find((token) =>
    /^(?:explicit-key-ind|anchor|tag)$/.test(token.type),
  );
  return before?.offset ?? startOf(key);
}

export function itemSlot(edit: EditText, list: YAMLSeq, index: number): Slot | undefined {
  const value = list.items[index] as Node | null | undefined;
  if (value === undefined) return undefined;
  if (list.flow === true) {
    const after = startOf(value);
    return { value, after, column: columnOf(edit.text, after), inFlow: true, kind: 'item' };
  }
  const dash = dashOf(list, index);
  return { value, after: dash + 1, column: columnOf(edit.text, dash), inFlow: false, kind: 'item' };
}

export function dashOf(list: YAMLSeq, index: number): number {
  const token = list.srcToken as { items?: { start?: SourceToken[] }[] } | undefined;
  const start = token?.items?.[index]?.start?.find((part) => part.type === 'seq-item-ind');
  return start?.offset ?? startOf(list.items[index] as Node);
}

export function findPair(map: YAMLMap, name: string): number {
  return map.items.findIndex((pair) => isScalar(pair.key) && String(pair.key.value ?? '') === name);
}

export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The end of the line, before its line end. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline < 0) return text.length;
  return text[newline - 1] === '\r' && newline > offset ? newline - 1 : newline;
}

/** The beginning of the next line; the end of the text on the last one. */
export function nextLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
}

export function indentationAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? '';
}

/** Nothing but white space stands before `offset` on its line. */
export function beginsLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === '';
}

export function replaceRange(text: string, start: number, end: number, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

function tokensOf(pair: Pair<unknown, unknown>, part: 'start' | 'sep'): SourceToken[] {
  return ((pair.srcToken as { start?: SourceToken[]; sep?: SourceToken[] } | undefined)?.[part] ??
    []) as SourceToken[];
}
