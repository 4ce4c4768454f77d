// docs/configuration.md, made from the JSON schema so that it can't fall behind.
import { presets } from '../../core/config/presets.ts';

/** The parts of a JSON schema that the reference shows. */
export interface SchemaNode {
  type?: string;
  description?: string;
  default?: unknown;
  examples?: unknown[];
  enum?: unknown[];
  anyOf?: SchemaNode[];
  items?: SchemaNode;
  properties?: Record<string, SchemaNode>;
  additionalProperties?: SchemaNode | boolean;
  required?: string[];
  minimum?: number;
  maximum?: number;
}

const introduction = `# Configuration

<!-- Written by src/node/config/write-schema.ts from the schema; change the descriptions there. -->

Switchyard reads one file, \`~/.switchyard/config.yaml\` (the folder follows \`SWITCHYARD_HOME\`). \`--config FILE\` of the command
line, the variable \`SWITCHYARD_CONFIG\` and the setting \`switchyard.configFile\` name another one, in this order. YAML and JSON
are read. Saved changes apply at once; running answers are not cut.

- **A mistake never stops the router.** With an error the last good version stays in force (a copy is kept in
  \`config.last-good.yaml\`); the error is shown with its line in the Problems panel, the tree and the log. Unknown fields and
  missing variables are warnings: the rest applies.
- **Keys never stand in the file.** \`secret:NAME\` is kept by the editor (*Switchyard: Set Key…*); without an editor it is read
  from \`SWITCHYARD_SECRET_<NAME>\`. \`env:NAME\` is an environment variable.
- **\`\${env:NAME}\`** works in any text. What needs a variable that is not set is left out, with a warning.
- **Targets** are written \`provider/model\` (or \`provider,model\`), or are names of groups. The model need not be listed.
- **Names** of providers and groups hold no spaces, slashes, commas or colons.
- **The user interface edits the same file**, and only the lines that it has to: comments and order survive.

\`\`\`yaml
providers:
  deepseek:
    preset: deepseek                 # address, dialect and peculiarities are known
    keys: [secret:deepseek, env:DEEPSEEK_API_KEY_2]
  office:
    dialect: openai-chat
    base_url: http://10.0.0.5:8000/v1
    models: [{ id: qwen3-coder, context: 131072 }]
groups:
  coder:
    targets: [office/qwen3-coder, deepseek/deepseek-v4-pro]
routes:
  default: coder
  background: deepseek/deepseek-flash
\`\`\`
`;

/** The whole page. */
export function referenceText(schema: SchemaNode): string {
  const parts = [introduction];
  const all = Object.entries(schema.properties ?? {}).filter(([name]) => name !== '$schema');
  parts.push(`## All fields\n`);
  const single = all.filter(([, node]) => objectBelow(node) === undefined);
  parts.push(fieldTable(Object.fromEntries(single), []));
  const told: Told = new Map();
  for (const [name, node] of all) parts.push(...section(name, node, 3, told));
  parts.push(presetTable());
  return `${parts
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

/** The part of a path that stands for names of the user's choice. */
const anyName: Readonly<Record<string, string>> = { providers: '<name>', groups: '<name>' };

/** Where some fields have their table: `routes` stands in profiles and clients too. */
type Told = Map<string, string>;

function section(path: string, node: SchemaNode, level: number, told: Told): string[] {
  const found = objectBelow(node);
  if (found === undefined) return [];
  const { object, suffix } = found;
  const own = `${path}${suffix.replace('*', anyName[path] ?? '<name>')}`;
  const parts = [`${'#'.repeat(level)} \`${own}\`\n`];
  if (node.description) parts.push(`${node.description}\n`);
  if (object !== node && object.description && object.description !== node.description)
    parts.push(`${object.description}\n`);
  const fields = object.properties ?? {};
  const content = JSON.stringify(fields);
  const before = told.get(content);
  if (before !== undefined) return [...parts, `Its fields are those of \`${before}\`.\n`];
  told.set(content, own);
  parts.push(fieldTable(fields, object.required ?? []));
  const examples = (node.examples ?? []).map(
    (example) => `Example: \`${path.split('.').at(-1)}: ${flow(example)}\`\n`,
  );
  parts.push(...examples);
  for (const [name, field] of Object.entries(fields))
    parts.push(...section(`${own}.${name}`, field, Math.min(level + 1, 4), told));
  return parts;
}

/** The map of fields that a node is, or holds one level below: in a list, a union, or under free names. */
function objectBelow(node: SchemaNode): { object: SchemaNode; suffix: string } | undefined {
  if (node.properties !== undefined) return { object: node, suffix: '' };
  for (const branch of node.anyOf ?? []) {
    const found = objectBelow(branch);
    // `to` alone is a spelling, not a field worth a table.
    if (found !== undefined && Object.keys(found.object.properties ?? {}).join() !== 'to') return found;
  }
  if (node.items !== undefined) {
    const found = objectBelow(node.items);
    return found && { object: found.object, suffix: `[]${found.suffix}` };
  }
  if (typeof node.additionalProperties === 'object') {
    const found = objectBelow(node.additionalProperties);
    return found && { object: found.object, suffix: `.*${found.suffix}` };
  }
  return undefined;
}

function fieldTable(fields: Record<string, SchemaNode>, required: readonly string[]): string {
  const rows = Object.entries(fields).map(([name, node]) => {
    const words = [node.description ?? '', required.includes(name) ? 'Required.' : ''];
    const example = node.examples?.[0];
    if (example !== undefined && objectBelow(node) === undefined)
      words.push(`Example: \`${flow(example)}\`.`);
    const initial = node.default === undefined ? '' : `\`${flow(node.default)}\``;
    return `| \`${name}\` | ${typeOf(node)} | ${initial} | ${words.filter(Boolean).join(' ')} |`;
  });
  if (rows.length === 0) return '';
  return `| field | type | default | meaning |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

function typeOf(node: SchemaNode): string {
  if (node.enum !== undefined) return node.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (node.anyOf !== undefined) return [...new Set(node.anyOf.map(typeOf))].join(' or ');
  switch (node.type) {
    case 'string':
      return 'text';
    case 'integer':
      return 'whole number';
    case 'boolean':
      return '`true`, `false`';
    case 'array':
      return `list of ${typeOf(node.items ?? {})}`;
    case 'object':
      return 'map';
    default:
      return node.type ?? 'any';
  }
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value !== 'object' || value === null)
    return /\*|^[<>]/.test(String(value)) ? `"${String(value)}"` : String(value);
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${flow(key)}: ${flow(item)}`)
    .join(', ')} }`;
}

function presetTable(): string {
  const rows = Object.entries(presets).map(([id, preset]) => {
    const said = (baseUrl: string) => (baseUrl === '' ? 'yours' : `\`${baseUrl}\``);
    const others = Object.entries(preset.alternatives ?? {}).map(
      ([dialect, other]) => `${dialect}: ${said(other.baseUrl)}`,
    );
    return `| \`${id}\` | ${preset.label} | ${preset.dialect} | ${[said(preset.baseUrl), ...others].join('<br>')} |`;
  });
  return `## Presets

The second address is used when \`dialect\` is set to that dialect.

| id | provider | dialect | address |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}
