// Edits inside `{…}` and `[…]`, which is all that JSON consists of.
import { isMap, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import {
  beginsLine,
  contentEnd,
  type EditText,
  indentationAt,
  itemSlot,
  lineEnd,
  lineStart,
  nextLine,
  pairSlot,
  replaceRange,
  startOf,
  startOfPair,
} from './layout.ts';
import { renderFlow, renderJson, renderScalar } from './render.ts';

type Collection = YAMLMap | YAMLSeq;

interface Extent {
  start: number;
  end: number;
}

/** The value as it is written at this place. */
export function renderInFlow(value: unknown, edit: EditText, at: number): string {
  if (!edit.json || typeof value !== 'object' || value === null) return renderFlow(value, edit);
  return renderJson(value, edit, indentationAt(edit.text, at));
}

export function extentsOf(edit: EditText, collection: Collection): Extent[] {
  return collection.items.map((_, index) => {
    const slot = isMap(collection) ? pairSlot(edit, collection, index) : itemSlot(edit, collection, index);
    const pair = isMap(collection) ? collection.items[index] : undefined;
    const start = pair === undefined ? startOf(collection.items[index] as Node) : startOfPair(pair);
    return { start, end: slot === undefined ? start : contentEnd(edit, slot) };
  });
}

/** Adds an entry behind the last one. `key` is absent in lists. */
export function appendInFlow(
  edit: EditText,
  collection: Collection,
  key: string | undefined,
  value: unknown,
): string {
  const { text } = edit;
  const label = key === undefined ? '' : `${renderScalar(key, edit)}: `;
  const [start, end] = collection.range ?? [0, 0];
  const last = extentsOf(edit, collection).at(-1);
  if (last === undefined) {
    const brackets = text[start] === '[' ? ['[', ']'] : ['{', '}'];
    if (!edit.json) {
      const pad = key === undefined ? '' : ' ';
      return replaceRange(
        text,
        start,
        end,
        `${brackets[0]}${pad}${label}${renderFlow(value, edit)}${pad}${brackets[1]}`,
      );
    }
    const outer = indentationAt(text, start);
    const inner = outer + edit.unit;
    const lines = `${brackets[0]}${edit.eol}${inner}${label}${renderJson(value, edit, inner)}${edit.eol}${outer}${brackets[1]}`;
    return replaceRange(text, start, end, lines);
  }
  const comma = trailingComma(text, last.end, end);
  const close = end - 1;
  if (lineEnd(text, last.end) >= close || !beginsLine(text, last.start)) {
    const rendered = label + renderInFlow(value, edit, last.start);
    return comma === undefined
      ? replaceRange(text, last.end, last.end, `, ${rendered}`)
      : replaceRange(text, comma + 1, comma + 1, ` ${rendered}`);
  }
  const indentation = indentationAt(text, last.start);
  const rendered = edit.json ? renderJson(value, edit, indentation) : renderFlow(value, edit);
  const at = lineEnd(text, comma ?? last.end);
  const withLine = replaceRange(text, at, at, `${edit.eol}${indentation}${label}${rendered}`);
  return comma === undefined ? replaceRange(withLine, last.end, last.end, ',') : withLine;
}

/** A comma behind the last entry, which YAML allows. */
function trailingComma(text: string, from: number, end: number): number | undefined {
  const rest = text.slice(from, end - 1).replace(/#[^\n]*/g, (comment) => ' '.repeat(comment.length));
  const at = rest.indexOf(',');
  return at < 0 ? undefined : from + at;
}

/** Removes the entry with this index and one comma. */
export function removeFromFlow(edit: EditText, collection: Collection, index: number): string {
  const { text } = edit;
  const extents = extentsOf(edit, collection);
  const own = extents[index];
  if (own === undefined) return text;
  const [start, end] = collection.range ?? [0, 0];
  if (extents.length === 1) return replaceRange(text, start, end, text[start] === '[' ? '[]' : '{}');
  const previous = extents[index - 1];
  const next = extents[index + 1];
  const comma = trailingComma(text, own.end, next?.start ?? end);
  // Alone on its lines: these lines go, comments around it stay.
  const tail = text.slice(comma === undefined ? own.end : comma + 1, lineEnd(text, comma ?? own.end));
  if (comma !== undefined && beginsLine(text, own.start) && /^\s*(?:#.*)?$/.test(tail)) {
    return replaceRange(text, lineStart(text, own.start), nextLine(text, comma), '');
  }
  if (next !== undefined) return replaceRange(text, own.start, next.start, '');
  if (previous === undefined) return text;
  // The last one takes the comma before it along, and its own lines, but no comment of the one before.
  const before = trailingComma(text, previous.end, own.start) ?? previous.end;
  if (beginsLine(text, own.start) && /^\s*(?:#.*)?$/.test(tail)) {
    const withoutLines = replaceRange(text, lineStart(text, own.start), nextLine(text, own.end), '');
    return replaceRange(withoutLines, before, before + 1, '');
  }
  return replaceRange(text, before, own.end, '');
}

/** The whole list anew; entries that stay keep their text. */
export function rewriteFlowList(
  edit: EditText,
  list: YAMLSeq,
  items: readonly { from?: number; value: unknown }[],
): string {
  const { text } = edit;
  const extents = extentsOf(edit, list);
  const [start, end] = list.range ?? [0, 0];
  const first = extents[0];
  const parts = items.map(({ from, value }) => {
    const old = from === undefined ? undefined : extents[from];
    return old === undefined
      ? renderInFlow(value, edit, first?.start ?? start)
      : text.slice(old.start, old.end);
  });
  if (parts.length === 0) return replaceRange(text, start, end, '[]');
  const onLines = first !== undefined && beginsLine(text, first.start);
  if (!onLines) return replaceRange(text, start, end, `[${parts.join(', ')}]`);
  const indentation = indentationAt(text, first.start);
  const outer = indentationAt(text, end - 1);
  const lines = parts.map((part) => indentation + part).join(`,${edit.eol}`);
  const close = beginsLine(text, end - 1) ? edit.eol + outer : '';
  return replaceRange(text, start, end, `[${edit.eol}${lines}${close}]`);
}
