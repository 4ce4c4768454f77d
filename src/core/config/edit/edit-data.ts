// The same edits on plain data: what a file must hold afterwards.
import type { Path } from '../source-node.ts';
import { isData } from './render.ts';

/** Sets a value (missing parents are created; the index behind a list's last item appends), or removes a node. */
export type ConfigEdit = { path: Path; value: unknown } | { path: Path; delete: true };

/** A copy of `data` with the edit made. Empty values count as the container that the path asks for. */
export function changeData(data: unknown, edit: ConfigEdit): unknown {
  return 'delete' in edit ? withoutAt(data, edit.path) : withAt(data, edit.path, edit.value);
}

function withAt(data: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === 'number') {
    const list = Array.isArray(data) ? [...data] : [];
    // Never a hole: any index behind the end appends.
    const index = Math.min(step, list.length);
    list[index] = withAt(list[index], rest, value);
    return list;
  }
  const map = isData(data) ? { ...data } : {};
  return define(map, step, withAt(Object.hasOwn(map, step) ? map[step] : undefined, rest, value));
}

export function withoutAt(data: unknown, path: Path): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return undefined;
  if (Array.isArray(data) && typeof step === 'number') {
    if (step >= data.length) return data;
    if (rest.length === 0) return data.toSpliced(step, 1);
    return data.with(step, withoutAt(data[step], rest));
  }
  if (!isData(data) || typeof step !== 'string' || !Object.hasOwn(data, step)) return data;
  if (rest.length > 0) return define({ ...data }, step, withoutAt(data[step], rest));
  return Object.fromEntries(Object.entries(data).filter(([key]) => key !== step));
}

function define(map: Record<string, unknown>, key: string, value: unknown): Record<string, unknown> {
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  return map;
}

/** Deep equality of plain data; the order of a map's fields does not count, nor does a field that is undefined. */
export function sameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameData(item, b[index]));
  }
  if (!isData(a) || !isData(b)) return false;
  const keys = Object.keys(a).filter((key) => a[key] !== undefined);
  const others = Object.keys(b).filter((key) => b[key] !== undefined);
  return (
    keys.length === others.length && keys.every((key) => Object.hasOwn(b, key) && sameData(a[key], b[key]))
  );
}
