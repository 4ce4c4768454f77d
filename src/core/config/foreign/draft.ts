// A configuration in our own form that is put together from another program's file. Each piece remembers where it
// stands there and what it is called there, so that problems name the file that the user knows.
import { isObject } from '../../json/values.ts';
import { startOf } from '../problem-list.ts';
import type { ListNode, MapNode, Path, SourceNode } from '../source-node.ts';

export class Draft {
  readonly root: MapNode;

  constructor(file: string) {
    this.root = { kind: 'map', entries: new Map(), place: startOf(file), origins: [] };
  }

  /** Sets plain data at a path of our own format; missing parents are created. `from` is what it comes from. */
  set(path: Path, value: unknown, from: SourceNode): void {
    const name = path.at(-1);
    const parent = this.#mapAt(path.slice(0, -1), from);
    if (typeof name !== 'string') throw new Error('the last step is the name of a field');
    const node = toNode(value, from);
    parent.entries.set(name, { key: node.place, node });
  }

  /** Appends to the list at a path, which is created when it is missing. */
  push(path: Path, value: unknown, from: SourceNode): void {
    this.list(path, from).items.push(toNode(value, from));
  }

  has(path: Path): boolean {
    return this.get(path) !== undefined;
  }

  get(path: Path): SourceNode | undefined {
    let node: SourceNode | undefined = this.root;
    for (const step of path)
      node = node?.kind === 'map' && typeof step === 'string' ? node.entries.get(step)?.node : undefined;
    return node;
  }

  list(path: Path, from: SourceNode): ListNode {
    const present = this.get(path);
    if (present?.kind === 'list') return present;
    this.set(path, [], from);
    return this.get(path) as ListNode;
  }

  #mapAt(path: Path, from: SourceNode): MapNode {
    let map = this.root;
    for (const step of path) {
      const name = String(step);
      let node = map.entries.get(name)?.node;
      if (node?.kind !== 'map') {
        node = toNode({}, from);
        map.entries.set(name, { key: node.place, node });
      }
      map = node as MapNode;
    }
    return map;
  }
}

/** Plain data, all of it at the place of `from`. */
function toNode(value: unknown, from: SourceNode): SourceNode {
  const written = from.origins.at(-1)?.path ?? from.written;
  const base = { place: startOfNode(from), origins: [], ...(written !== undefined && { written }) };
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => toNode(item, from)), ...base };
  if (isObject(value)) {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => [name, { key: base.place, node: toNode(item, from) }] as const);
    return { kind: 'map', entries: new Map(entries), ...base };
  }
  const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return { kind: 'scalar', value: plain ? value : null, ...base };
}

/** The node's own text when it is short, else its first character: a problem must not colour a whole screen. */
export function startOfNode(node: SourceNode): SourceNode['place'] {
  const { place } = node;
  if (node.kind === 'scalar' || place.line === place.endLine) return place;
  return { ...place, endLine: place.line, endColumn: place.column + 1 };
}
