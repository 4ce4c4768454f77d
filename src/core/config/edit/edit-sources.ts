// Edits of a configuration that may be spread over several files: each goes to the file that holds the node.
import type { Environment } from '../env-values.ts';
import { foreignProgram } from '../foreign/program.ts';
import { foreignNames } from '../foreign/shape.ts';
import { nodeAt, nodeToData, type Origin, type Path, type SourceNode } from '../source-node.ts';
import { type ConfigReader, type ConfigSources, readSources } from '../sources.ts';
import { applyEdit, ConfigEditError, ForeignFileError } from './apply-edit.ts';
import { type ConfigEdit, changeData, sameData } from './edit-data.ts';
import { isData } from './render.ts';

/**
 * The new texts of all files that the edits change, without byte order marks. Nothing is written. Throws
 * `ConfigEditError` when a file has errors or an edit can't be made exactly.
 */
export async function editSources(
  file: string,
  edits: readonly ConfigEdit[],
  options: { reader: ConfigReader; env: Environment },
): Promise<Map<string, { before: string | undefined; after: string }>> {
  const original = new Map<string, string | undefined>();
  const changed = new Map<string, string>();
  const reader: ConfigReader = {
    async read(path) {
      const draft = changed.get(path);
      if (draft !== undefined) return draft;
      const text = await options.reader.read(path);
      if (!original.has(path)) original.set(path, text);
      return text;
    },
    expand: (entry, from) => options.reader.expand(entry, from),
  };

  for (const edit of edits) {
    const sources = await readReadable(file, reader, options.env);
    refuseForeign(sources, file);
    const before = nodeToData(sources.root) ?? {};
    for (const step of localEdits(sources, file, edit)) {
      const text = sources.texts.get(step.file) ?? '';
      const current = changed.get(step.file) ?? text;
      changed.set(step.file, applyEdit(current, step.edit, step.file.endsWith('.json')));
    }
    if (edit.path[0] === 'include') continue;
    const after = nodeToData((await readReadable(file, reader, options.env)).root) ?? {};
    if (!sameData(after, changeData(before, edit))) {
      const [foreign] = sources.foreign;
      const remedy =
        foreign === undefined
          ? 'edit them by hand'
          : `${nameOf(foreign.file)} belongs to ${foreignNames[foreign.kind]} and is never written; import it with "Switchyard: Import…"`;
      throw new ConfigEditError(
        `the edit does not have the wanted effect across the included files; ${remedy}`,
      );
    }
  }
  const result = new Map<string, { before: string | undefined; after: string }>();
  for (const [path, after] of changed) result.set(path, { before: original.get(path), after });
  return result;
}

async function readReadable(file: string, reader: ConfigReader, env: Environment): Promise<ConfigSources> {
  const sources = await readSources(file, reader, env);
  const error = sources.problems.sorted(sources.files).find((problem) => problem.severity === 'error');
  if (error === undefined) return sources;
  throw new ConfigEditError(`${nameOf(error.file)} has an error on line ${error.line}: ${error.message}`);
}

/** Another program's file is its own: what is edited is our form of it, after an import. */
function refuseForeign(sources: ConfigSources, file: string): void {
  const program = foreignProgram(sources, file);
  if (program === undefined) return;
  throw new ForeignFileError(
    `${nameOf(file)} is a file of ${program}, which runs as it is and is never written; import it into Switchyard's own format with "Switchyard: Import…" or "switchyard import" first`,
  );
}

function nameOf(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}

interface LocalEdit {
  file: string;
  edit: ConfigEdit;
}

/** The edits of single files that together make this one. Lists shrink from the end, so that indexes stay true. */
function localEdits(sources: ConfigSources, mainFile: string, edit: ConfigEdit): LocalEdit[] {
  if (edit.path[0] === 'include') return [{ file: mainFile, edit }];
  const node = nodeAt(sources.root, edit.path);
  if ('delete' in edit) {
    if (node === undefined) return [];
    if (node.origins.length === 0) return [{ file: mainFile, edit }];
    return node.origins.map((origin) => removal(origin));
  }
  if (node === undefined || node.origins.length === 0) {
    const origin = newHome(sources, mainFile, edit.path);
    return [{ file: origin.file, edit: { path: origin.path, value: edit.value } }];
  }
  if (node.origins.length === 1) return node.origins.map((origin) => setting(origin, edit.value));
  return severalOrigins(sources, mainFile, { path: edit.path, value: edit.value }, node);
}

function setting(origin: Origin, value: unknown): LocalEdit {
  return { file: origin.file, edit: { path: origin.path, value } };
}

function removal(origin: Origin): LocalEdit {
  return { file: origin.file, edit: { path: origin.path, delete: true } };
}

/** A node that several files make together. */
function severalOrigins(
  sources: ConfigSources,
  mainFile: string,
  edit: { path: Path; value: unknown },
  node: SourceNode,
): LocalEdit[] {
  const { path, value } = edit;
  if (node.kind === 'map' && isData(value)) {
    const old = nodeToData(node) as Record<string, unknown>;
    const set = Object.keys(value)
      .filter((key) => !Object.hasOwn(old, key) || !sameData(old[key], value[key]))
      .flatMap((key) => localEdits(sources, mainFile, { path: [...path, key], value: value[key] }));
    const gone = Object.keys(old)
      .filter((key) => !Object.hasOwn(value, key))
      .flatMap((key) => localEdits(sources, mainFile, { path: [...path, key], delete: true }));
    return [...set, ...gone];
  }
  const winner = node.origins.at(-1) as Origin;
  // Of single values the last file counts and the others may stay; parts of a list or map would be merged in again.
  if (node.kind === 'scalar' && typeof value !== 'object') return [setting(winner, value)];
  return [...node.origins.slice(0, -1).map(removal), setting(winner, value)];
}

/** Where something new goes: beside its siblings, in the main file if that has some. */
function newHome(sources: ConfigSources, mainFile: string, path: Path): Origin {
  for (let length = path.length - 1; length >= 0; length--) {
    const parent = nodeAt(sources.root, path.slice(0, length));
    if (parent === undefined || parent.origins.length === 0) continue;
    const rest = path.slice(length);
    if (parent.kind === 'list') {
      // Behind the last item, whichever file holds it.
      const origin = parent.origins.at(-1) as Origin;
      const own = parent.items.filter((item) => item.origins[0]?.file === origin.file);
      return { file: origin.file, path: [...origin.path, own.length, ...rest.slice(1)] };
    }
    const origin = parent.origins.find(({ file }) => file === mainFile) ?? (parent.origins[0] as Origin);
    return { file: origin.file, path: [...origin.path, ...rest] };
  }
  return { file: mainFile, path };
}
