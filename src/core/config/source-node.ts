// The configuration as it stands in its files: plain data of which every piece remembers where it came from.

/** A stretch of text in a file. Lines and columns are 1-based, the end is exclusive. */
export interface Place {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

/** A path inside the data: names of maps, indexes of lists. */
export type Path = readonly (string | number)[];

/** Where a node stands in one file, by its path inside that file alone. */
export interface Origin {
  file: string;
  path: Path;
}

interface NodeBase {
  place: Place;
  /** Every place that had a say, in the order of the files; the last one wins. Several only where files were merged. */
  origins: readonly Origin[];
  /** What the file itself calls it, where it was translated from another program's format (`foreign/`). */
  written?: Path;
}
export interface ScalarNode extends NodeBase {
  kind: 'scalar';
  value: string | number | boolean | null;
}
export interface ListNode extends NodeBase {
  kind: 'list';
  items: SourceNode[];
}
export interface MapNode extends NodeBase {
  kind: 'map';
  entries: Map<string, MapEntry>;
}
export interface MapEntry {
  key: Place;
  node: SourceNode;
}
export type SourceNode = ScalarNode | ListNode | MapNode;

export function isEmptyScalar(node: SourceNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** The node at `path`, or undefined. */
export function nodeAt(root: SourceNode | undefined, path: Path): SourceNode | undefined {
  let node = root;
  for (const step of path) {
    if (node?.kind === 'map' && typeof step === 'string') node = node.entries.get(step)?.node;
    else if (node?.kind === 'list' && typeof step === 'number') node = node.items[step];
    else return undefined;
  }
  return node;
}

/**
 * Where a problem with `path` is shown: the node itself, its key when `part` asks for it, or, when it is missing,
 * the key of the nearest parent that exists.
 */
export function placeAt(root: SourceNode, path: Path, part: 'value' | 'key' = 'value'): Place {
  let node: SourceNode = root;
  let key: Place = root.place;
  for (const step of path) {
    if (node.kind === 'map' && typeof step === 'string') {
      const entry = node.entries.get(step);
      if (entry === undefined) return key;
      key = entry.key;
      node = entry.node;
    } else if (node.kind === 'list' && typeof step === 'number') {
      const item = node.items[step];
      if (item === undefined) return key;
      key = item.place;
      node = item;
    } else return key;
  }
  // A map or a nothing is best named by its key: its own text may be a whole screen, or none at all.
  const byKey = part === 'key' || node.kind === 'map' || isEmptyScalar(node);
  return byKey && path.length > 0 ? key : node.place;
}

/** What the file itself calls the node at `path`, or its nearest parent, when that was translated; else `path`. */
export function writtenPath(root: SourceNode, path: Path): Path {
  let node: SourceNode | undefined = root;
  let written: Path | undefined;
  for (const step of path) {
    node = nodeAt(node, [step]);
    if (node === undefined) break;
    written = node.written;
  }
  return written ?? path;
}

/** Plain data of a node, with nothing left out. */
export function nodeToData(node: SourceNode | undefined): unknown {
  if (node === undefined) return undefined;
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(nodeToData);
  return Object.fromEntries([...node.entries].map(([name, entry]) => [name, nodeToData(entry.node)]));
}

/** Lists are appended, maps merged, of anything else the later one counts. An empty value never hides a full one. */
export function mergeNodes(base: SourceNode, later: SourceNode): SourceNode {
  const origins = [...base.origins, ...later.origins];
  if (isEmptyScalar(later)) return { ...base, origins };
  if (isEmptyScalar(base)) return { ...later, origins };
  if (base.kind === 'list' && later.kind === 'list') {
    return { ...base, items: [...base.items, ...later.items], origins };
  }
  if (base.kind === 'map' && later.kind === 'map') {
    const entries = new Map(base.entries);
    for (const [name, entry] of later.entries) {
      const earlier = entries.get(name);
      entries.set(name, earlier ? { key: earlier.key, node: mergeNodes(earlier.node, entry.node) } : entry);
    }
    return { ...base, entries, origins };
  }
  return { ...later, origins };
}

/** `groups.qwen-coder.targets[1]`; names with dots, brackets or spaces are quoted: `headers["x.y"]`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/[\s.[\]"]/.test(step) || step === '') text += `[${JSON.stringify(step)}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}
