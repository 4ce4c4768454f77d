// Writes plain data the way people write config files: short lists and maps on one line, the rest as blocks.
import { parse } from 'yaml';
import type { EditText } from './layout.ts';

/** Longest list or map that is written on one line. */
const maxFlow = 80;

export type Data = Readonly<Record<string, unknown>>;

export function isData(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A scalar. `quote` keeps the style of the text that is replaced. */
export function renderScalar(value: unknown, edit: EditText, quote?: 'single' | 'double'): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? 'null';
  if (edit.json || quote === 'double') return JSON.stringify(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters need escapes, which only double quotes have
  const quotable = !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.test(value);
  if (quote === 'single' && quotable) return `'${value.replaceAll("'", "''")}'`;
  return isPlain(value) ? value : JSON.stringify(value);
}

/** Can stand without quotes, also inside `[…]` and `{…}` and as a key. */
function isPlain(text: string): boolean {
  if (!/^[\p{L}\p{N}_./$~(<=+-][\p{L}\p{N}\p{M}_./$~()<=>+@:%;!?^ -]*$/u.test(text)) return false;
  if (
    /:$|: | $/.test(text) ||
    text.startsWith('- ') ||
    text === '-' ||
    text.startsWith('---') ||
    text === '<<'
  )
    return false;
  try {
    return parse(`[ ${text} ]`)?.[0] === text && parse(text) === text;
  } catch {
    return false;
  }
}

/** One line: `[a, b]`, `{ a: b }`. */
export function renderFlow(value: unknown, edit: EditText): string {
  if (edit.json && typeof value === 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => renderFlow(item, edit)).join(', ')}]`;
  if (!isData(value)) return renderScalar(value, edit);
  const fields = Object.entries(value).map(
    ([key, item]) => `${renderScalar(key, edit)}: ${renderFlow(item, edit)}`,
  );
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

/** JSON over several lines; all but the first begin with `indentation`. */
export function renderJson(value: unknown, edit: EditText, indentation: string): string {
  return (JSON.stringify(value, null, edit.unit) ?? 'null').split('\n').join(edit.eol + indentation);
}

/** Whether a value goes on the line of its key. `depth` is the length of the path that leads to it. */
export function goesInline(
  value: unknown,
  edit: EditText,
  place: { inList: boolean; depth: number },
): boolean {
  if (Array.isArray(value)) {
    if (value.length === 0) return true;
    const simple = value.every((item) => typeof item !== 'object' || item === null);
    return simple && value.length <= 4 && renderFlow(value, edit).length <= maxFlow;
  }
  if (!isData(value)) return true;
  if (Object.keys(value).length === 0) return true;
  // Providers, groups and the top level grow: they get lines of their own.
  if (!place.inList && place.depth <= 2 && !('to' in value)) return false;
  const simple = Object.values(value).every(
    (item) => typeof item !== 'object' || item === null || isShort(item),
  );
  return simple && renderFlow(value, edit).length <= maxFlow;
}

function isShort(value: unknown): boolean {
  const inner = Array.isArray(value) ? value : isData(value) ? Object.values(value) : [value];
  return inner.every((item) => typeof item !== 'object' || item === null);
}

/** The lines of `key: value`, indented by `column` spaces. */
export function renderPair(
  key: string,
  value: unknown,
  edit: EditText,
  column: number,
  depth: number,
): string[] {
  const pad = ' '.repeat(column);
  const name = renderScalar(key, edit);
  if (goesInline(value, edit, { inList: false, depth })) return [`${pad}${name}: ${renderFlow(value, edit)}`];
  return [`${pad}${name}:`, ...renderBlock(value, edit, column + edit.unit.length, depth)];
}

/** The lines of a map or list that did not go inline. */
export function renderBlock(value: unknown, edit: EditText, column: number, depth: number): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => renderItem(item, edit, column, depth));
  if (!isData(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => renderPair(key, item, edit, column, depth + 1));
}

/** The lines of `- value`. */
export function renderItem(value: unknown, edit: EditText, column: number, depth: number): string[] {
  const pad = ' '.repeat(column);
  if (!isData(value) || goesInline(value, edit, { inList: true, depth }))
    return [`${pad}- ${renderFlow(value, edit)}`];
  const lines = renderBlock(value, edit, column + 2, depth + 1);
  return lines.map((line, index) => (index === 0 ? `${pad}- ${line.slice(column + 2)}` : line));
}
