// One edit of one file's text. Only the lines of the node itself change: comments, order, quotes, unknown fields,
// indentation and line ends of all the rest stay as they are, byte for byte.
import { type Document, isAlias, isMap, isSeq, type Node } from 'yaml';
import { ProblemList } from '../problem-list.ts';
import { parseYaml, readSourceFile } from '../source-file.ts';
import { formatPath, nodeToData, type Path } from '../source-node.ts';
import { appendItem, appendPair, removeFromBlock, replaceSlot } from './block-edit.ts';
import { type ConfigEdit, changeData, sameData, withoutAt } from './edit-data.ts';
import { appendInFlow, removeFromFlow } from './flow-edit.ts';
import { type EditText, findPair, isEmpty, itemSlot, pairSlot, rootSlot, type Slot } from './layout.ts';
import { replaceList } from './list-edit.ts';
import { isData } from './render.ts';

/** The edit can not be made; the message says why, in words for the user. */
export class ConfigEditError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigEditError';
  }
}

/** The config file is another program's, which is never written. An import makes one that can be edited. */
export class ForeignFileError extends ConfigEditError {}

/**
 * The text with the edit made. `json`: the file is JSON, also while it is empty. Missing parents are created. Throws
 * `ConfigEditError` when the text has errors, or when the edit would change more than it says (a value that is shared
 * by an alias).
 */
export function applyEdit(text: string, edit: ConfigEdit, json: boolean): string {
  const before = dataOf(text);
  if ('error' in before) {
    throw new ConfigEditError(`${formatPath(edit.path)} was not changed: ${before.error}`);
  }
  const expected = changeData(before.data, edit);
  if (sameData(before.data, expected)) return text;
  const result = change(text, edit, before.data, json);
  const after = dataOf(result);
  if ('error' in after || !sameData(after.data, expected)) {
    throw new ConfigEditError(
      `${formatPath(edit.path)} can not be changed by itself because of the way it is written (an alias, a tag, an explicit key); edit the file by hand`,
    );
  }
  return result;
}

function dataOf(text: string): { data: unknown } | { error: string } {
  const problems = new ProblemList();
  const { root } = readSourceFile('', text, problems);
  const error = problems.sorted(['']).find((problem) => problem.severity === 'error');
  if (error !== undefined) return { error: `line ${error.line} of the file: ${error.message}` };
  return { data: nodeToData(root) ?? {} };
}

function change(text: string, edit: ConfigEdit, data: unknown, json: boolean): string {
  if ('delete' in edit) return remove(read(text, json), edit.path, data);
  const old = valueAt(data, edit.path);
  // Map onto map: field by field, so that what stays is not touched.
  if (
    isData(old) &&
    isData(edit.value) &&
    Object.keys(edit.value).length > 0 &&
    Object.keys(old).length > 0
  ) {
    const next = edit.value;
    const set = Object.keys(next)
      .filter((key) => !sameData(old[key], next[key]) || !Object.hasOwn(old, key))
      .map((key): ConfigEdit => ({ path: [...edit.path, key], value: next[key] }));
    const gone = Object.keys(old)
      .filter((key) => !Object.hasOwn(next, key))
      .map((key): ConfigEdit => ({ path: [...edit.path, key], delete: true }));
    return [...set, ...gone].reduce((current, step) => applyEdit(current, step, json), text);
  }
  return put(read(text, json), edit.path, edit.value, data);
}

function read(text: string, json: boolean): EditText {
  const document = parseYaml(text);
  return {
    text,
    document,
    eol: /\r\n/.test(text) && !/[^\r]\n/.test(text.slice(0, text.indexOf('\n') + 1)) ? '\r\n' : '\n',
    unit: indentationUnit(text, json),
    json: json || isJsonLike(document, text),
  };
}

/** The smallest indentation of the file is its step. */
function indentationUnit(text: string, json: boolean): string {
  const tab = json && /^\t+["}\]]/m.test(text);
  if (tab) return '\t';
  let smallest = 8;
  for (const match of text.matchAll(/^( +)[^\s#-]/gm)) smallest = Math.min(smallest, match[1]?.length ?? 8);
  return ' '.repeat(smallest === 8 || smallest < 2 ? 2 : smallest);
}

function isJsonLike(document: Document, text: string): boolean {
  const root = document.contents;
  return isMap(root) && root.flow === true && /^\s*\{\s*"/.test(text);
}

/** Follows `path` as far as there are nodes of its own; an alias ends the way. */
function follow(edit: EditText, path: Path): { slots: Slot[]; aliased: boolean } {
  const slots = [rootSlot(edit)];
  for (const step of path) {
    const node = slots.at(-1)?.value ?? null;
    if (isAlias(node)) return { slots, aliased: true };
    const next =
      isMap(node) && typeof step === 'string'
        ? pairSlot(edit, node, findPair(node, step))
        : isSeq(node) && typeof step === 'number'
          ? itemSlot(edit, node, step)
          : undefined;
    if (next === undefined) break;
    slots.push(next);
  }
  return { slots, aliased: false };
}

function put(edit: EditText, path: Path, value: unknown, data: unknown): string {
  const { slots, aliased } = follow(edit, path);
  const depth = slots.length - 1;
  const slot = slots.at(-1) as Slot;
  if (aliased) {
    // The alias gives way to a copy of what it stood for, with the change.
    const reached = path.slice(0, depth);
    return replaceSlot(edit, slot, valueAt(changeData(data, { path, value }), reached), depth);
  }
  if (depth === path.length) {
    const old = valueAt(data, path);
    if (Array.isArray(old) && Array.isArray(value) && isSeq(slot.value)) {
      return replaceList(edit, slot, slot.value, { old, items: value, depth });
    }
    return replaceSlot(edit, slot, value, depth);
  }
  return insert(edit, slot, path, depth, value);
}

/** Adds what is missing below the last slot that exists. */
function insert(edit: EditText, slot: Slot, path: Path, depth: number, value: unknown): string {
  const step = path[depth];
  const wrapped = wrap(path.slice(depth + 1), value);
  const holder = slot.value;
  if (typeof step === 'string') {
    if (isMap(holder) && (holder.items.length > 0 || slot.inFlow || edit.json)) {
      return holder.flow === true
        ? appendInFlow(edit, holder, step, wrapped)
        : appendPair(edit, holder, step, wrapped, depth + 1);
    }
    if (holder === null || isEmpty(holder) || isMap(holder)) {
      return replaceSlot(edit, slot, { [step]: wrapped }, depth);
    }
  } else if (isSeq(holder) && (holder.items.length > 0 || slot.inFlow || edit.json)) {
    return holder.flow === true
      ? appendInFlow(edit, holder, undefined, wrapped)
      : appendItem(edit, holder, wrapped, depth + 1);
  } else if (holder === null || isEmpty(holder) || isSeq(holder)) {
    return replaceSlot(edit, slot, [wrapped], depth);
  }
  throw new ConfigEditError(
    `${formatPath(path)} can not be set: ${formatPath(path.slice(0, depth))} holds something else`,
  );
}

function wrap(path: Path, value: unknown): unknown {
  return path.reduceRight(
    (inner: unknown, step) => (typeof step === 'number' ? [inner] : { [step]: inner }),
    value,
  );
}

function remove(edit: EditText, path: Path, data: unknown): string {
  const { slots, aliased } = follow(edit, path);
  const slot = slots.at(-1) as Slot;
  if (aliased) {
    const depth = slots.length - 1;
    const reached = path.slice(0, depth);
    return replaceSlot(edit, slot, valueAt(withoutAt(data, path), reached), depth);
  }
  const parentSlot = slots.at(-2);
  const parent: Node | null = parentSlot?.value ?? null;
  if (slots.length !== path.length + 1 || parentSlot === undefined || !(isMap(parent) || isSeq(parent))) {
    throw new ConfigEditError(`${formatPath(path)} comes from a "<<" merge and can not be removed here`);
  }
  const step = path.at(-1);
  const index = isMap(parent) ? findPair(parent, String(step)) : Number(step);
  if (parent.flow === true) return removeFromFlow(edit, parent, index);
  if (parent.items.length > 1) return removeFromBlock(edit, parent, index);
  return replaceSlot(edit, parentSlot, isMap(parent) ? {} : [], path.length - 1);
}

function valueAt(data: unknown, path: Path): unknown {
  let value = data;
  for (const step of path) {
    if (Array.isArray(value) && typeof step === 'number') value = value[step];
    else if (isData(value) && typeof step === 'string' && Object.hasOwn(value, step)) value = value[step];
    else return undefined;
  }
  return value;
}
