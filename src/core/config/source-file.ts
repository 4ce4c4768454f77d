// Reads one YAML or JSON file into nodes that remember their places. JSON is read as the YAML that it is.
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type Range,
  type YAMLMap,
} from 'yaml';
import { looksLikeCcr, withoutComments } from './foreign/json-comments.ts';
import { type ProblemList, startOf } from './problem-list.ts';
import type { MapEntry, MapNode, Path, Place, SourceNode } from './source-node.ts';

/** A configuration of this size is a mistake (somebody else's file, a log). */
const maxCharacters = 4_000_000;
/** Nodes that aliases may multiply into. Far above any real file, far below what hurts. */
const maxAliasedNodes = 10_000;
const maxDepth = 100;

export interface SourceFile {
  file: string;
  /** Undefined when the file is empty or could not be understood. */
  root?: SourceNode;
}

/** Parses with the options that everything in this folder relies on: names are always text, duplicates are ours to report. */
export function parseYaml(text: string, lineCounter?: LineCounter): Document {
  return parseDocument(text, {
    keepSourceTokens: true,
    stringKeys: true,
    uniqueKeys: false,
    prettyErrors: false,
    // 'silent' would also hide the error about several documents; nothing is printed at any level here.
    logLevel: 'error',
    ...(lineCounter && { lineCounter }),
  });
}

/** Parses `text` (without its byte order mark). Problems go to `problems`; never throws. */
export function readSourceFile(file: string, text: string, problems: ProblemList): SourceFile {
  if (text.length > maxCharacters) {
    problems.addAt(
      'error',
      startOf(file),
      [],
      'the file is larger than 4 MB; this can not be a configuration',
    );
    return { file };
  }
  const lines = new LineCounter();
  let document: Document;
  try {
    document = parseYaml(looksLikeCcr(text) ? withoutComments(text) : text, lines);
  } catch (error) {
    // Hostile nesting exhausts the parser's stack.
    const reason = error instanceof RangeError ? 'it is nested too deeply' : String(error);
    problems.addAt('error', startOf(file), [], `the file can not be read as YAML: ${reason}`);
    return { file };
  }
  const place = (start: number, end: number): Place => {
    const from = lines.linePos(start);
    const to = lines.linePos(Math.max(start, end));
    // An empty file has no line table.
    if (from.line === 0) return startOf(file);
    return { file, line: from.line, column: from.col, endLine: to.line, endColumn: to.col };
  };
  for (const error of document.errors) {
    const at = place(error.pos[0], Math.max(error.pos[1], error.pos[0] + 1));
    problems.addAt('error', at, [], explainSyntax(error.code, error.message));
  }
  if (document.errors.length > 0) return { file };
  for (const warning of document.warnings) {
    problems.addAt('warning', place(...warning.pos), [], warning.message);
  }
  const root = new NodeReader(file, place, problems).read(document.contents, []);
  return root === undefined ? { file } : { file, root };
}

function explainSyntax(code: string, message: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'a tab can not indent YAML; use spaces';
    case 'MULTIPLE_DOCS':
      return 'the file holds several YAML documents ("---"); only one is allowed';
    case 'BLOCK_IN_FLOW':
      return 'not valid YAML: "name: value" can not stand here; before it a comma or a bracket is missing';
    default:
      return `not valid YAML: ${inPlainWords(message.charAt(0).toLowerCase() + message.slice(1))}`;
  }
}

/** The parser's words for `{ … }` and `[ … ]` are known to few. */
function inPlainWords(message: string): string {
  return message
    .replace(
      / in block collection must be sufficiently indented and end with a (.)$/,
      ' must end with $1, indented',
    )
    .replace('flow map items', 'the entries of { … }')
    .replace('flow sequence items', 'the entries of [ … ]')
    .replace('flow map', '{ … }')
    .replace('flow sequence', '[ … ]')
    .replace(
      'unexpected double-quoted-scalar at node end',
      'before the quote a comma or a bracket is missing',
    )
    .replace('double-quoted-scalar token', 'text in quotes');
}

/** Turns the parser's nodes into ours: resolves aliases and merge keys, finds duplicates and forbidden names. */
class NodeReader {
  readonly #file: string;
  readonly #place: (start: number, end: number) => Place;
  readonly #problems: ProblemList;
  readonly #anchors = new Map<string, Node>();
  /** Nodes that are being read right now: an alias to one of them would never end. */
  readonly #open = new Set<Node>();
  #aliasedNodes = 0;
  #aliasDepth = 0;

  constructor(file: string, place: (start: number, end: number) => Place, problems: ProblemList) {
    this.#file = file;
    this.#place = place;
    this.#problems = problems;
  }

  read(node: Node | null, path: Path): SourceNode | undefined {
    if (node === null) return undefined;
    if (isAlias(node)) return this.#readAlias(node, path);
    // In the order of the text, so that an alias finds the latest definition before it.
    if (node.anchor !== undefined && this.#aliasDepth === 0) this.#anchors.set(node.anchor, node);
    const origins = [{ file: this.#file, path }];
    const place = this.#placeOf(node);
    if (path.length > maxDepth) {
      this.#problems.addAt('error', place, path.slice(0, 3), 'nested too deeply');
      return undefined;
    }
    if (this.#aliasDepth > 0 && ++this.#aliasedNodes > maxAliasedNodes) return undefined;
    if (isMap(node)) return this.#readMap(node, path, { kind: 'map', entries: new Map(), place, origins });
    if (isSeq(node)) {
      const items = node.items.map(
        (item, index) =>
          this.read(item as Node | null, [...path, index]) ??
          ({ kind: 'scalar', value: null, place, origins: [] } satisfies SourceNode),
      );
      return { kind: 'list', items, place, origins };
    }
    if (isScalar(node)) return { kind: 'scalar', value: plainScalar(node.value), place, origins };
    return undefined;
  }

  #placeOf(node: Node): Place {
    const [start, end] = node.range ?? ([0, 0, 0] satisfies Range);
    return this.#place(start, end);
  }

  #readAlias(alias: Alias, path: Path): SourceNode | undefined {
    const target = this.#anchors.get(alias.source);
    if (target === undefined) {
      this.#problems.addAt('error', this.#placeOf(alias), path, `no anchor is called "${alias.source}"`);
      return undefined;
    }
    if (this.#open.has(target)) {
      this.#problems.addAt(
        'error',
        this.#placeOf(alias),
        path,
        `the alias "${alias.source}" contains itself`,
      );
      return undefined;
    }
    this.#open.add(target);
    this.#aliasDepth++;
    const before = this.#aliasedNodes;
    const node = this.read(target, path);
    this.#aliasDepth--;
    this.#open.delete(target);
    // Only the outermost alias reports, and only the one that went over the limit.
    if (this.#aliasDepth === 0 && before <= maxAliasedNodes && this.#aliasedNodes > maxAliasedNodes) {
      this.#problems.addAt('error', this.#placeOf(alias), path, 'aliases multiply into too many values');
    }
    return node;
  }

  #readMap(map: YAMLMap, path: Path, result: MapNode): SourceNode {
    this.#open.add(map);
    const inherited: MapNode[] = [];
    for (const pair of map.items) {
      const key = pair.key;
      if (!isScalar(key)) continue;
      const name = String(key.value ?? '');
      const entryPath = [...path, name];
      const place = this.#placeOf(key);
      if (name === '__proto__') {
        this.#problems.addAt('error', place, entryPath, 'this name is not allowed');
        continue;
      }
      const node = this.read(pair.value as Node | null, entryPath) ?? {
        kind: 'scalar',
        value: null,
        place,
        origins: [{ file: this.#file, path: entryPath }],
      };
      if (name === '<<' && key.type === 'PLAIN') {
        inherited.push(...this.#mergeSources(node, place, entryPath));
        continue;
      }
      const earlier = result.entries.get(name);
      if (earlier !== undefined) {
        const line = earlier.key.line;
        this.#problems.addAt('error', place, entryPath, `stands twice; the first is on line ${line}`);
        continue;
      }
      result.entries.set(name, { key: place, node });
    }
    this.#open.delete(map);
    for (const source of inherited) {
      for (const [name, entry] of source.entries) {
        if (!result.entries.has(name)) result.entries.set(name, inheritedEntry(entry));
      }
    }
    return result;
  }

  #mergeSources(node: SourceNode, place: Place, path: Path): MapNode[] {
    const sources = node.kind === 'list' ? node.items : [node];
    return sources.flatMap((source) => {
      if (source.kind === 'map') return [source];
      this.#problems.addAt('error', place, path, '"<<" merges maps only');
      return [];
    });
  }
}

/** What came in by `<<` has no lines of its own here: an edit writes an own field beside it. */
function inheritedEntry(entry: MapEntry): MapEntry {
  return { key: entry.key, node: { ...entry.node, origins: [] } };
}

function plainScalar(value: unknown): string | number | boolean | null {
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return value;
  }
  return value === undefined ? null : String(value);
}
