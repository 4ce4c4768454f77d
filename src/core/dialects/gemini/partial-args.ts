// Arguments of a function call that arrive in pieces, each with a JSON path (`$.items[0].name`).
import { isObject, type JsonObject, objectsOf, textOf } from '../../json/values.ts';

type Step = string | number;

/** Puts the pieces of one chunk in their places; a text that is there already is continued. */
export function putPieces(args: JsonObject, pieces: unknown): void {
  for (const piece of objectsOf(pieces)) {
    const path = readPath(textOf(piece.jsonPath) ?? '');
    if (path) put(args, path, pieceValue(piece));
  }
}

function pieceValue(piece: JsonObject): unknown {
  return piece.stringValue ?? piece.numberValue ?? piece.boolValue ?? null;
}

/** RFC 9535, as far as it names one place. Undefined when the path is something else. */
function readPath(text: string): [Step, ...Step[]] | undefined {
  if (!text.startsWith('$')) return undefined;
  const steps: Step[] = [];
  const step = /\.([^.[\]]+)|\[(\d{1,6})\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;
  step.lastIndex = 1;
  while (step.lastIndex < text.length) {
    const match = step.exec(text);
    if (!match) return undefined;
    const [, name, index, single, double] = match;
    if (index !== undefined) steps.push(Number(index));
    else steps.push(name ?? (single ?? double ?? '').replace(/\\(.)/g, '$1'));
  }
  const [first, ...rest] = steps;
  return first === undefined ? undefined : [first, ...rest];
}

function put(root: JsonObject, path: [Step, ...Step[]], value: unknown): void {
  let place: JsonObject | unknown[] = root;
  for (const [at, step] of path.entries()) {
    const next = path[at + 1];
    const known = get(place, step);
    if (next === undefined) {
      set(place, step, typeof known === 'string' && typeof value === 'string' ? known + value : value);
      return;
    }
    const inner: unknown =
      isObject(known) || Array.isArray(known) ? known : typeof next === 'number' ? [] : {};
    if (inner !== known && !set(place, step, inner)) return;
    place = inner as JsonObject | unknown[];
  }
}

function get(place: JsonObject | unknown[], step: Step): unknown {
  if (Array.isArray(place)) return typeof step === 'number' ? place[step] : undefined;
  return Object.hasOwn(place, String(step)) ? place[String(step)] : undefined;
}

/** Lists grow by one at a time: an index far off would fill the memory with nothing. */
function set(place: JsonObject | unknown[], step: Step, value: unknown): boolean {
  if (Array.isArray(place)) {
    if (typeof step !== 'number' || step > place.length) return false;
    place[step] = value;
  } else
    Object.defineProperty(place, String(step), {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  return true;
}
