// Writes an imported configuration: what came from which line stands beside it.
import { Document, isCollection, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { Problem } from '../problem.ts';
import { configSchema } from '../schema.ts';
import { formatPath, type MapNode, nodeAt, type Path, placeAt, writtenPath } from '../source-node.ts';
import type { Fitted } from './fit-beside.ts';

/** Longest list or map that stands on one line. */
const maxFlow = 80;

const order = Object.keys(configSchema.shape);

/** The text of the file. `tree` is what the data was made from. */
export function renderImport(
  { data, renamed }: Fitted,
  tree: MapNode,
  about: { file: string; program: string; report: readonly Problem[] },
): string {
  const sorted = Object.entries(data).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  const before = (section: string, name: string): string =>
    renamed.find((entry) => entry.section === section && entry.to === name)?.from ?? name;
  const document = new Document(Object.fromEntries(sorted), { aliasDuplicateObjects: false });
  const root = document.contents;
  if (isMap(root))
    for (const section of root.items as Pair<Node, Node>[]) {
      const name = textOf(section.key);
      const value = section.value;
      if (isMap(value))
        for (const entry of value.items as Pair<Node, Node>[])
          remark(
            entry.value ?? entry.key,
            entry.key,
            sourceOf(tree, [name, before(name, textOf(entry.key))]),
          );
      else if (isSeq(value))
        value.items.forEach((item, index) => {
          const node = item as Node;
          remark(node, node, sourceOf(tree, [name, index]));
        });
      flatten(value);
      section.key.spaceBefore = section !== root.items[0];
    }
  return `${heading(about)}\n${document.toString({ lineWidth: 0, flowCollectionPadding: true })}`;
}

function heading({
  file,
  program,
  report,
}: {
  file: string;
  program: string;
  report: readonly Problem[];
}): string {
  const lines = [
    `Imported by Switchyard from ${baseName(file)} (${program}).`,
    'Keys never stand here: "secret:NAME" is kept by the editor, "env:NAME" is an environment variable.',
    ...(report.length > 0 ? ['', 'Not carried over as it was:'] : []),
    ...report.map(
      ({ file: from, line, path, message }) =>
        `  ${baseName(from)}:${line}${path === '' ? '' : ` ${path}`}: ${message}`,
    ),
  ];
  return `${lines.map((line) => `# ${line.replace(/[\r\n]+/g, ' ')}`.trimEnd()).join('\n')}\n`;
}

/** `Providers[0], config.json:5` */
function sourceOf(tree: MapNode, path: Path): string | undefined {
  if (nodeAt(tree, path) === undefined) return undefined;
  const place = placeAt(tree, path);
  const written = formatPath(writtenPath(tree, path));
  return `${written === '' ? '' : `${written}, `}${baseName(place.file)}:${place.line}`;
}

/** Above a block, behind a single value. */
function remark(value: Node, above: Node, source: string | undefined): void {
  if (source === undefined) return;
  if (isScalar(value)) value.comment = ` ${source}`;
  else above.commentBefore = ` ${source}`;
}

/** Short lists and maps of plain values go on one line. */
function flatten(node: unknown): void {
  if (!isCollection(node)) return;
  const children = isMap(node) ? node.items.map((pair) => pair.value) : node.items;
  for (const child of children) flatten(child);
  if (node.commentBefore || hasComments(node)) return;
  const flat = children.every((child) => !isCollection(child) || child.flow === true);
  if (flat && JSON.stringify(node.toJSON()).length <= maxFlow) node.flow = true;
}

function hasComments(node: unknown): boolean {
  if (!isCollection(node)) return isScalar(node) && Boolean(node.comment);
  const parts = isMap(node) ? node.items.flatMap((pair) => [pair.key, pair.value]) : node.items;
  return parts.some((part) => (part as Node | null)?.commentBefore || hasComments(part));
}

function textOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : '';
}

function baseName(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}
