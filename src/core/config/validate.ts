// Checks the tree against the schema and turns zod's findings into problems at their places.
import type { z } from 'zod';
import { isLaterField, namedByUser } from './later-fields.ts';
import { didYouMean } from './names.ts';
import type { ProblemList } from './problem-list.ts';
import { type ConfigEntry, configSchema } from './schema.ts';
import { isEmptyScalar, type MapNode, nodeAt, type Path, type SourceNode } from './source-node.ts';

type Issue = z.core.$ZodIssue;

/** How other programs call what a provider has, by their word. */
const otherWords: Readonly<Record<string, string>> = {
  api_key: 'keys',
  apiKey: 'keys',
  key: 'keys',
  api_base: 'base_url',
  api_base_url: 'base_url',
  url: 'base_url',
  model: 'models',
  extra_headers: 'headers',
};

/** The typed data of the tree, or undefined when it has errors. Unknown fields are warnings and left out. */
export function validate(root: MapNode, problems: ProblemList): ConfigEntry | undefined {
  const data = toData(root, [], (path) => {
    const fields = fieldsAt(path.slice(0, -1));
    if (fields.length > 0 && !fields.includes(String(path.at(-1)))) reportUnknown(root, path, problems);
  });
  const first = configSchema.safeParse(data);
  if (first.success) return first.data;
  let unknown = false;
  const errors: Issue[] = [];
  for (const issue of first.error.issues.flatMap((found) => matchingBranch(found, []))) {
    if (issue.code === 'unrecognized_keys') {
      unknown = true;
      for (const name of issue.keys) {
        reportUnknown(root, [...pathOf(issue), name], problems);
        removeField(data, pathOf(issue), name);
      }
    } else errors.push(issue);
  }
  // Once more without the unknown fields, which is what the rest works with.
  const second = unknown && errors.length === 0 ? configSchema.safeParse(data) : undefined;
  if (second?.success) return second.data;
  const left = second?.error.issues.flatMap((found) => matchingBranch(found, [])) ?? errors;
  for (const issue of left) problems.add('error', root, pathOf(issue), explain(issue, root));
  return undefined;
}

/**
 * Fields without a value ("models:" with everything below commented out) count as absent, but not whole entries;
 * `onAbsent` hears of each.
 */
function toData(node: SourceNode, path: Path, onAbsent: (path: Path) => void): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map((item, index) => toData(item, [...path, index], onAbsent));
  const keepEmpty =
    (path.length === 1 && namedByUser.has(String(path[0]))) ||
    // Without its value a condition would hold for everything.
    path.at(-1) === 'when' ||
    path.includes('params') ||
    path.includes('headers');
  const data: Record<string, unknown> = {};
  for (const [name, entry] of node.entries) {
    if (isEmptyScalar(entry.node) && !keepEmpty) {
      onAbsent([...path, name]);
      continue;
    }
    // Never plain assignment: a field can have any name.
    Object.defineProperty(data, name, {
      value: toData(entry.node, [...path, name], onAbsent),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return data;
}

/** Of a union only the branch counts that fits the type of the value: all others fail at the value itself. */
function matchingBranch(issue: Issue, parent: Path): Issue[] {
  const path = [...parent, ...pathOf(issue)];
  const here = { ...issue, path: [...path] } as Issue;
  if (issue.code !== 'invalid_union') return [here];
  const fitting = issue.errors.find(
    (branch) => !branch.some((found) => found.path.length === 0 && found.code === 'invalid_type'),
  );
  return fitting ? fitting.flatMap((found) => matchingBranch(found, path)) : [here];
}

function pathOf(issue: Issue): Path {
  return issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
}

function reportUnknown(root: MapNode, path: Path, problems: ProblemList): void {
  if (isLaterField(path)) {
    problems.add('warning', root, path, 'not supported yet, ignored', 'key');
    return;
  }
  const name = String(path.at(-1));
  const fields = fieldsAt(path.slice(0, -1));
  const known = otherWords[name];
  const hint =
    known !== undefined && fields.includes(known) ? `; here it is "${known}"` : didYouMean(name, fields);
  problems.add('warning', root, path, `unknown field, ignored${hint}`, 'key');
}

function removeField(data: unknown, path: Path, name: string): void {
  let holder = data;
  for (const step of path) {
    if (typeof holder !== 'object' || holder === null) return;
    holder = (holder as Record<string | number, unknown>)[step];
  }
  if (typeof holder === 'object' && holder !== null) delete (holder as Record<string, unknown>)[name];
}

/** The fields that the schema knows at a path, for proposals. */
function fieldsAt(path: Path): string[] {
  let schemas: z.core.$ZodType[] = [configSchema];
  for (const step of path) schemas = schemas.flatMap((schema) => childSchemas(schema, step));
  return schemas.flatMap(unwrap).flatMap((schema) => {
    const definition = schema._zod.def as z.core.$ZodObjectDef;
    return definition.type === 'object' ? Object.keys(definition.shape) : [];
  });
}

function childSchemas(schema: z.core.$ZodType, step: string | number): z.core.$ZodType[] {
  return unwrap(schema).flatMap((inner) => {
    const definition = inner._zod.def as z.core.$ZodTypeDef;
    if (definition.type === 'object' && typeof step === 'string') {
      const { shape } = definition as z.core.$ZodObjectDef;
      return Object.hasOwn(shape, step) ? [shape[step] as z.core.$ZodType] : [];
    }
    if (definition.type === 'record') return [(definition as z.core.$ZodRecordDef).valueType];
    if (definition.type === 'array') return [(definition as z.core.$ZodArrayDef).element];
    return [];
  });
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType[] {
  const definition = schema._zod.def as z.core.$ZodTypeDef;
  if (definition.type === 'optional') return unwrap((definition as z.core.$ZodOptionalDef).innerType);
  if (definition.type === 'union') return (definition as z.core.$ZodUnionDef).options.flatMap(unwrap);
  return [schema];
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of fields',
  record: 'a map of fields',
};

/** One sentence. Never repeats the value: it might be a key. */
function explain(issue: Issue, root: MapNode): string {
  const node = nodeAt(root, pathOf(issue));
  switch (issue.code) {
    case 'invalid_type':
      if (node === undefined) return `"${String(issue.path.at(-1))}" is missing`;
      // A number with a fraction.
      if (issue.expected === 'int' && node.kind === 'scalar' && typeof node.value === 'number') {
        return 'must be a whole number';
      }
      return `must be ${typeNames[issue.expected] ?? issue.expected}, but is ${describe(node)}`;
    case 'invalid_union': {
      const expected = issue.errors
        .flat()
        .flatMap((found) =>
          found.code === 'invalid_type' && found.path.length === 0 ? [found.expected] : [],
        );
      const names = [...new Set(expected.map((type) => typeNames[type] ?? type))];
      const found = node === undefined ? 'missing' : describe(node);
      return `must be ${names.join(' or ')}, but is ${found}`;
    }
    case 'invalid_value': {
      const values = issue.values.map(String);
      const written = node?.kind === 'scalar' ? String(node.value) : '';
      return `must be one of ${values.join(', ')}${didYouMean(written, values)}`;
    }
    case 'too_small':
      if (issue.origin === 'string') return 'must not be empty';
      if (issue.origin === 'array') return 'must hold at least one entry';
      return issue.inclusive ? `must be at least ${issue.minimum}` : `must be more than ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

function describe(node: SourceNode): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a map';
  if (node.value === null) return 'empty';
  if (typeof node.value === 'string') return 'text';
  return typeof node.value === 'number' ? 'a number' : 'true or false';
}
