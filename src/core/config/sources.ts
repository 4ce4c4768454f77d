// Reads the config file with everything that it includes, and merges it into one tree.
import { type Environment, fillText, unsetVariables } from './env-values.ts';
import { type ForeignKind, foreignKinds, nameCcrProviders } from './foreign/shape.ts';
import { translateForeign } from './foreign/translate.ts';
import type { Problem } from './problem.ts';
import { ProblemList, startOf } from './problem-list.ts';
import type { KeyReference } from './router-config.ts';
import { readSourceFile } from './source-file.ts';
import { type MapNode, mergeNodes, type Path, type SourceNode } from './source-node.ts';

/** How files are reached; `src/node/config/file-reader.ts` does it on disk. */
export interface ConfigReader {
  /** The file's text, or undefined when it does not exist. Throws with a plain sentence when it can't be read. */
  read(file: string): Promise<string | undefined>;
  /**
   * Files that an entry of `include` means, absolute and sorted. A path without wildcards is returned as it is, even
   * when no such file exists. Undefined when the folder of a pattern does not exist.
   */
  expand(entry: string, includingFile: string): Promise<string[] | undefined>;
  /**
   * The variables of the `.env` beside a file, or else of the one in the folder above, and where it was looked for.
   * Without it there are none.
   */
  variables?(file: string): Promise<{ values: Readonly<Record<string, string>>; lookedAt: string[] }>;
}

export interface ConfigSources {
  /** All files that had a say, in the order of merging, the main file first. */
  files: string[];
  /** Their texts, without byte order marks; files that don't exist are left out. */
  texts: Map<string, string>;
  /** `include` entries with the files that hold them: what must be watched beside the files. */
  includes: { entry: string; from: string }[];
  /** Undefined when the main file is missing, empty or broken. In our own form, whatever form the files have. */
  root?: MapNode;
  problems: ProblemList;
  /** Files of other programs, which are read and never written. */
  foreign: { file: string; kind: ForeignKind }[];
  /** The environment with what the files of other programs add to it. */
  env: Environment;
  /** `.env` files that count, or would if they were there. */
  variableFiles: string[];
  /** Keys that stand in files of other programs, by their references `file:NAME`. Secret. */
  keys: ReadonlyMap<KeyReference, string>;
  /** What files of other programs say that has no meaning here, and is not missed. */
  notes: readonly Problem[];
}

const maxFiles = 200;

/**
 * Merges in the order: the file itself, then its includes one after the other, each with its own includes. Lists are
 * appended, maps merged, later files win.
 */
export async function readSources(
  file: string,
  reader: ConfigReader,
  env: Environment,
): Promise<ConfigSources> {
  const sources: ConfigSources = {
    files: [],
    texts: new Map(),
    includes: [],
    problems: new ProblemList(),
    foreign: [],
    env,
    variableFiles: [],
    keys: new Map(),
    notes: [],
  };
  const root = await readWithIncludes(file, [], sources, reader, env);
  if (root !== undefined) sources.root = await inOwnForm(root, file, sources, reader);
  return sources;
}

/** Translates what other programs' files say; they may be the main file or included ones. */
async function inOwnForm(
  root: MapNode,
  file: string,
  sources: ConfigSources,
  reader: ConfigReader,
): Promise<MapNode> {
  const kinds = foreignKinds(root);
  if (kinds.length === 0) return root;
  const { root: translated, keys, variables, notes } = translateForeign(root, kinds, file, sources.problems);
  sources.keys = keys;
  sources.notes = notes;
  const first = sources.foreign.find(({ kind }) => kind === 'litellm');
  const beside = first && (await reader.variables?.(first.file));
  if (beside !== undefined) sources.variableFiles = beside.lookedAt;
  // As LiteLLM has it: the environment wins over `.env`, and the config file over both.
  sources.env = { ...beside?.values, ...withValues(sources.env), ...variables };
  return translated;
}

function withValues(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
}

async function readWithIncludes(
  file: string,
  parents: readonly string[],
  sources: ConfigSources,
  reader: ConfigReader,
  env: Environment,
): Promise<MapNode | undefined> {
  const { problems } = sources;
  if (!sources.files.includes(file)) sources.files.push(file);
  const text = await readText(file, sources, reader);
  if (text === undefined) return undefined;
  const node = readSourceFile(file, text, problems).root;
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return undefined;
  if (node.kind !== 'map') {
    problems.addAt('error', node.place, [], 'the file must hold fields such as "providers:" and "groups:"');
    return undefined;
  }
  nameCcrProviders(node);
  sources.foreign.push(...foreignKinds(node).map((kind) => ({ file, kind })));
  let merged: MapNode = node;
  for (const { written, path } of includeEntries(node, problems)) {
    const { value: entry, absent } = fillText(written, env);
    if (absent.length > 0) {
      problems.add('warning', node, path, `${unsetVariables(absent)}; this is left out`);
      continue;
    }
    sources.includes.push({ entry, from: file });
    const included = await reader.expand(entry, file);
    if (included === undefined) {
      // Renamed, or on a disk that is not there now: nothing that was in force may be lost for it.
      problems.add('error', node, path, `there is no folder for "${entry}"`);
      continue;
    }
    if (included.length === 0) problems.add('warning', node, path, `no file matches "${entry}"`);
    for (const next of included) {
      const complaint = refusal(next, entry, [...parents, file], sources);
      if (complaint !== undefined) {
        problems.add('error', node, path, complaint);
        continue;
      }
      const count = sources.texts.size;
      const tree = await readWithIncludes(next, [...parents, file], sources, reader, env);
      if (tree !== undefined) merged = mergeNodes(merged, tree) as MapNode;
      else if (sources.texts.size === count) problems.add('error', node, path, `there is no file "${entry}"`);
    }
  }
  merged.entries.delete('include');
  return merged;
}

function refusal(
  file: string,
  entry: string,
  open: readonly string[],
  sources: ConfigSources,
): string | undefined {
  if (open.includes(file)) {
    const name = (path: string) => path.split(/[\\/]/).at(-1) ?? path;
    return `files include each other: ${[...open.slice(open.indexOf(file)), file].map(name).join(' → ')}`;
  }
  if (sources.files.includes(file)) return `"${entry}" is included twice`;
  if (sources.files.length >= maxFiles) return `more than ${maxFiles} files are included`;
  return undefined;
}

async function readText(
  file: string,
  sources: ConfigSources,
  reader: ConfigReader,
): Promise<string | undefined> {
  try {
    const text = await reader.read(file);
    if (text === undefined) return undefined;
    const withoutMark = text.startsWith('\uFEFF') ? text.slice(1) : text;
    sources.texts.set(file, withoutMark);
    return withoutMark;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    sources.problems.addAt('error', startOf(file), [], `the file can not be read: ${reason}`);
    // It exists: nobody shall say that it is missing.
    sources.texts.set(file, '');
    return undefined;
  }
}

/** `include: file` and `include: [file, …]`. */
function includeEntries(root: MapNode, problems: ProblemList): { written: string; path: Path }[] {
  const node = root.entries.get('include')?.node;
  if (node === undefined) return [];
  const list: SourceNode[] = node.kind === 'list' ? node.items : [node];
  return list.flatMap((item, index) => {
    const path = node.kind === 'list' ? ['include', index] : ['include'];
    if (item.kind === 'scalar' && typeof item.value === 'string' && item.value.trim() !== '') {
      return [{ written: item.value, path }];
    }
    if (item.kind !== 'scalar' || item.value !== null) {
      problems.add('error', root, path, 'must be a file name such as models/*.yaml');
    }
    return [];
  });
}
