// What a heap holds, by kind, from V8's snapshot of it.
import { readFileSync } from 'node:fs';

interface Snapshot {
  snapshot: { meta: { node_fields: string[]; node_types: [string[], ...unknown[]] } };
  nodes: number[];
  strings: string[];
}

const byName: readonly (readonly [kind: string, name: RegExp])[] = [
  ['bytes', /^(?:system \/ JSArrayBufferData|Buffer|FastBuffer|ArrayBuffer|Uint8Array)$/],
  ['functions and what they close over', /^system \/ (?:Context|Cell|ScopeInfo)$/],
  ['async calls that wait', /^(?:Promise|Generator|AsyncFunction|system \/ PromiseReaction)$/],
  [
    'sockets, HTTP and timers of Node and undici',
    /^(?:Node \/ |TCP|Socket|Server|Incoming|Readable|Writable|BodyReadable|Request|Client|Pool|Parser|Async|HTTP|Timeout|Listener|Abort|Event|URL)/,
  ],
];
const byType: Readonly<Record<string, string>> = {
  closure: 'functions and what they close over',
  string: 'strings and numbers',
  'concatenated string': 'strings and numbers',
  'sliced string': 'strings and numbers',
  number: 'strings and numbers',
};

/** Bytes of each kind in a `.heapsnapshot` file; the rest are plain objects and lists. Code is left out. */
export function heapKinds(file: string): Map<string, number> {
  const { snapshot, nodes, strings } = JSON.parse(readFileSync(file, 'utf8')) as Snapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const at = (field: string) => fields.indexOf(field);
  const [type, name, size] = [at('type'), at('name'), at('self_size')];
  const kinds = new Map<string, number>();
  for (let node = 0; node < nodes.length; node += fields.length) {
    const kind = kindOf(types[0][nodes[node + type] ?? 0] ?? '', strings[nodes[node + name] ?? 0] ?? '');
    if (kind !== undefined) kinds.set(kind, (kinds.get(kind) ?? 0) + (nodes[node + size] ?? 0));
  }
  return kinds;
}

function kindOf(type: string, name: string): string | undefined {
  if (type === 'code' || type === 'object shape') return undefined;
  return (
    byType[type] ??
    byName.find(([, pattern]) => pattern.test(name))?.[0] ??
    // The registers of a function that waits have no name.
    (type === 'array' && name === '' ? 'async calls that wait' : 'objects and lists')
  );
}
