// Reading another program's map: typed access that remembers what was asked for, so that the rest can be reported.
import { isEmptyScalar, type MapNode, nodeToData, type SourceNode } from '../source-node.ts';
import type { Report } from './report.ts';

export class Fields {
  readonly node: MapNode;
  readonly #report: Report;
  readonly #seen = new Set<string>();

  constructor(node: MapNode, report: Report) {
    this.node = node;
    this.#report = report;
  }

  /** The node of a field that has a value. */
  get(name: string): SourceNode | undefined {
    this.#seen.add(name);
    const node = this.node.entries.get(name)?.node;
    return node === undefined || isEmptyScalar(node) ? undefined : node;
  }

  /** Text; a number or truth value counts as the text that it is written as. */
  text(name: string): string | undefined {
    const node = this.get(name);
    if (node === undefined) return undefined;
    if (node.kind === 'scalar') return String(node.value).trim();
    return this.#wrong(node, 'text');
  }

  /** A number, also one that is written as text (environment variables often are). */
  number(name: string): number | undefined {
    const node = this.get(name);
    if (node === undefined) return undefined;
    const value = node.kind === 'scalar' && node.value !== '' ? Number(node.value) : Number.NaN;
    return Number.isFinite(value) ? value : this.#wrong(node, 'a number');
  }

  boolean(name: string): boolean | undefined {
    const node = this.get(name);
    if (node === undefined) return undefined;
    const value = node.kind === 'scalar' ? String(node.value).toLowerCase() : '';
    return value === 'true' || value === 'false' ? value === 'true' : this.#wrong(node, 'true or false');
  }

  map(name: string): Fields | undefined {
    const node = this.get(name);
    if (node === undefined) return undefined;
    return node.kind === 'map' ? new Fields(node, this.#report) : this.#wrong(node, 'a map');
  }

  /** The items of a list; a single value counts as a list of one. */
  items(name: string): readonly SourceNode[] {
    const node = this.get(name);
    if (node === undefined) return [];
    return node.kind === 'list' ? node.items.filter((item) => !isEmptyScalar(item)) : [node];
  }

  /** The maps of a list; anything else in it is reported. */
  maps(name: string): Fields[] {
    return this.items(name).flatMap((item) => {
      if (item.kind === 'map') return [new Fields(item, this.#report)];
      this.#wrong(item, 'a map');
      return [];
    });
  }

  /** The texts of a list, each with its node. */
  texts(name: string): { text: string; node: SourceNode }[] {
    return this.items(name).flatMap((item) => {
      if (item.kind === 'scalar') return [{ text: String(item.value).trim(), node: item }];
      this.#wrong(item, 'text');
      return [];
    });
  }

  data(name: string): unknown {
    return nodeToData(this.get(name));
  }

  /** Fields with a value that nobody asked for yet. */
  rest(): [name: string, node: SourceNode][] {
    return [...this.node.entries].flatMap(([name, { node }]) =>
      this.#seen.has(name) || isEmptyScalar(node) ? [] : [[name, node] as [string, SourceNode]],
    );
  }

  /** Names of all fields, whatever their values. */
  get names(): string[] {
    return [...this.node.entries.keys()];
  }

  #wrong(node: SourceNode, wanted: string): undefined {
    this.#report.warn(node, `must be ${wanted}; this is left out`);
    return undefined;
  }
}

/** A copy of a tree in which each text went through `change`; places stay. */
export function mapTexts(node: SourceNode, change: (text: string) => string): SourceNode {
  if (node.kind === 'scalar') {
    return typeof node.value === 'string' ? { ...node, value: change(node.value) } : node;
  }
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => mapTexts(item, change)) };
  const entries = [...node.entries].map(
    ([name, entry]) => [name, { ...entry, node: mapTexts(entry.node, change) }] as const,
  );
  return { ...node, entries: new Map(entries) };
}
