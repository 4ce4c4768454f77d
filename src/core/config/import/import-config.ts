// Import: another program's file as a file of our own, which can then be edited. The keys in it go elsewhere.
import type { Environment } from '../env-values.ts';
import { foreignNames } from '../foreign/shape.ts';
import { loadConfig } from '../load.ts';
import { formatProblem, type Problem } from '../problem.ts';
import { nodeToData } from '../source-node.ts';
import type { ConfigReader } from '../sources.ts';
import { fitBeside, type Present } from './fit-beside.ts';
import { type ImportedKey, moveKeys, secretNames, usedVariables } from './imported-keys.ts';
import { tellUnset, withoutCredentials } from './other-secrets.ts';
import { renderImport } from './render-import.ts';
import { tellIn } from './tell.ts';

export interface Import {
  /** The program that the file belongs to, as the user knows it. */
  program: string;
  /** A file of our own, with comments that tell where everything comes from. No key is in it. */
  text: string;
  /** Keys that stood in the file or its `.env`, to be kept as secrets. The values are secret. */
  keys: ImportedKey[];
  /** Variables that the file names as keys: it decides where their values go, which the user should see. */
  variables: { name: string; hosts: string[] }[];
  /** By place: all that was not carried over, and what to do instead. Free of keys. */
  report: Problem[];
}

export interface ImportOptions {
  /** Absolute path. */
  file: string;
  reader: ConfigReader;
  env: Environment;
  /** What the configuration holds already, as data of our own form: names in it are not used again. */
  present?: Present;
  /** A secret of this name exists already. */
  secretTaken?(name: string): boolean;
}

/** The file can't be imported; the message says why, in words for the user. */
export class ImportError extends Error {}

/** Turns a file of claude-code-router or LiteLLM into one of our own. Nothing is written. Rejects with an `ImportError`. */
export async function importConfig(options: ImportOptions): Promise<Import> {
  const { file, reader, env, present = {}, secretTaken = () => false } = options;
  const loaded = await loadConfig({ file, reader, env });
  const { sources, problems } = loaded;
  if (!loaded.exists) throw new ImportError(`There is no file ${file}.`);
  const error = problems.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new ImportError(`The file has errors: ${formatProblem(error)}`);
  const kind = sources.foreign[0]?.kind;
  if (sources.root === undefined || kind === undefined)
    throw new ImportError('This is no configuration of claude-code-router or LiteLLM.');

  const report = [...problems, ...sources.notes];
  const tree = sources.root;
  const named = secretNames(present);
  const taken = (name: string): boolean => named.has(name) || secretTaken(name);
  const moved = moveKeys(nodeToData(tree), loaded, taken);
  const tell = tellIn(tree, report);
  tellUnset(moved.data, env, tell);
  const fitted = fitBeside(withoutCredentials(moved.data, tell), present, tree, report);
  const program = foreignNames[kind];
  const sorted = [...report].sort(
    (a, b) =>
      sources.files.indexOf(a.file) - sources.files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
  const text = renderImport(fitted, tree, { file, program, report: sorted });
  return { program, text, keys: moved.keys, variables: usedVariables(loaded), report: sorted };
}
