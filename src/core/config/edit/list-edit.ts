// A whole list at once: reordered, shortened, extended. Items that stay take their lines and comments along.
import type { Node, YAMLSeq } from 'yaml';
import { entryStart, replaceSlot } from './block-edit.ts';
import { rewriteFlowList } from './flow-edit.ts';
import {
  beginsLine,
  contentEnd,
  type EditText,
  itemSlot,
  lineStart,
  nextLine,
  replaceRange,
  type Slot,
} from './layout.ts';
import { renderItem } from './render.ts';

/** `from` is the index of the old item that this one continues. */
interface PlannedItem {
  from?: number;
  value: unknown;
}

/** Replaces a list's items. `slot` holds `list`; `old` is the list as plain data; `depth` that of its path. */
export function replaceList(
  edit: EditText,
  slot: Slot,
  list: YAMLSeq,
  change: { old: readonly unknown[]; items: readonly unknown[]; depth: number },
): string {
  const planned = plan(change.old, change.items);
  if (list.flow === true) return rewriteFlowList(edit, list, planned);
  const starts = list.items.map((_, index) => entryStart(list, index));
  // A list that begins behind another dash has no lines of its own.
  const own = starts.every((start) => beginsLine(edit.text, start));
  if (planned.length === 0 || !own || list.items.length === 0)
    return replaceSlot(edit, slot, change.items, change.depth);
  return rewriteBlockList(edit, list, planned, change.depth);
}

function plan(old: readonly unknown[], items: readonly unknown[]): PlannedItem[] {
  const free = new Map(old.map((value, index) => [index, JSON.stringify(value)]));
  return items.map((value) => {
    const text = JSON.stringify(value);
    for (const [index, candidate] of free) {
      if (candidate !== text) continue;
      free.delete(index);
      return { from: index, value };
    }
    return { value };
  });
}

function rewriteBlockList(
  edit: EditText,
  list: YAMLSeq,
  planned: readonly PlannedItem[],
  depth: number,
): string {
  const { text } = edit;
  const chunks = chunksOf(edit, list);
  const first = chunks[0];
  const last = chunks.at(-1);
  if (first === undefined || last === undefined) return text;
  const column = itemSlot(edit, list, 0)?.column ?? 0;
  const lines = planned.map(({ from, value }) => {
    const chunk = from === undefined ? undefined : chunks[from];
    const own =
      chunk === undefined
        ? renderItem(value, edit, column, depth).join(edit.eol)
        : text.slice(chunk.start, chunk.end).replace(/\r?\n$/, '');
    return own + edit.eol;
  });
  // A file that ended without a line end still does.
  const whole = lines.join('');
  const body = last.end === text.length && !text.endsWith('\n') ? whole.slice(0, -edit.eol.length) : whole;
  return replaceRange(text, first.start, last.end, body);
}

/** Whole lines of each item, from its leading comments up to the next item's; the last one ends with its content. */
function chunksOf(edit: EditText, list: YAMLSeq): { start: number; end: number }[] {
  const { text } = edit;
  const starts = list.items.map((_, index) => lineStart(text, entryStart(list, index)));
  const withComments = starts.map((start) => commentsAbove(text, start));
  // A comment above the first item speaks of the list, unless the others have theirs too.
  const othersCommented = withComments.slice(1).some((start, index) => start < (starts[index + 1] ?? 0));
  if (!othersCommented && starts[0] !== undefined) withComments[0] = starts[0];
  return withComments.map((start, index) => {
    const slot = itemSlot(edit, list, index) as Slot & { value: Node | null };
    return { start, end: withComments[index + 1] ?? nextLine(text, contentEnd(edit, slot)) };
  });
}

function commentsAbove(text: string, start: number): number {
  let from = start;
  while (from > 0) {
    const above = lineStart(text, from - 1);
    if (!/^[ \t]*#/.test(text.slice(above, from))) break;
    from = above;
  }
  return from;
}
