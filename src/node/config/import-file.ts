// An import on disk: what would be written where, and then the writing. Nothing that is there is overwritten.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { ConfigEdit } from '../../core/config/edit/edit-data.ts';
import { editSources } from '../../core/config/edit/edit-sources.ts';
import type { Environment } from '../../core/config/env-values.ts';
import { type Import, ImportError, importConfig } from '../../core/config/import/import-config.ts';
import { loadConfig } from '../../core/config/load.ts';
import { formatProblem } from '../../core/config/problem.ts';
import { ProblemList } from '../../core/config/problem-list.ts';
import { readSourceFile } from '../../core/config/source-file.ts';
import { nodeAt, nodeToData } from '../../core/config/source-node.ts';
import { type ConfigReader, readSources } from '../../core/config/sources.ts';
import { isObject } from '../../core/json/values.ts';
import { editConfig, realFile } from './edit-config.ts';
import { diskReader } from './file-reader.ts';
import { replaceFile } from './replace-file.ts';

export interface ImportPlan extends Import {
  /** The file that gets `text`: the config file itself while that holds nothing yet, else a new one that it includes. */
  target: string;
  /** The config file. */
  configFile: string;
  /** What the target holds now: comments only; undefined when there is no such file. */
  before?: string;
  /** The line that is added to the config file; undefined when the target is that file. */
  include?: string;
}

/**
 * What an import of `file` into `configFile` (both absolute) would do; nothing is written. Rejects with an `ImportError`
 * when it can't be done.
 */
export async function planImport(options: {
  file: string;
  configFile: string;
  env: Environment;
  secretTaken?(name: string): boolean;
}): Promise<ImportPlan> {
  const { file, configFile, env, secretTaken } = options;
  if (resolve(file) === resolve(configFile))
    throw new ImportError(
      'This file is the configuration itself. It runs as it is; import it into another one.',
    );
  const sources = await readSources(configFile, diskReader, env);
  const mistake = sources.problems.sorted(sources.files).find(({ severity }) => severity === 'error');
  if (mistake !== undefined)
    throw new ImportError(
      `The configuration has an error that must be mended first: ${formatProblem(mistake)}`,
    );
  const present = nodeToData(sources.root);
  const imported = await importConfig({
    file,
    reader: diskReader,
    env,
    ...(isObject(present) && { present }),
    ...(secretTaken && { secretTaken }),
  });
  const holdsNothing = !isObject(present) || Object.keys(present).length === 0;
  // JSON has no comments, and its edits are JSON's.
  const plan =
    holdsNothing && !configFile.endsWith('.json')
      ? await wholePlan(imported, configFile)
      : besidePlan(imported, configFile);
  await check(plan, env);
  return plan;
}

/** Writes the plan. Rejects when a file has changed since, and leaves no half of it. */
export async function writeImport(plan: ImportPlan): Promise<void> {
  if (plan.include === undefined) {
    const unchanged = async () => (await diskReader.read(plan.target)) === plan.before;
    if (!(await replaceFile(realFile(plan.target), wholeText(plan), unchanged)))
      throw new ImportError(`${basename(plan.target)} has changed meanwhile; nothing was written.`);
    return;
  }
  writeFileSync(plan.target, plan.text, { flag: 'wx', mode: 0o600 });
  try {
    await editConfig(plan.configFile, [await includeEdit(plan.configFile, plan.include, diskReader)]);
  } catch (error) {
    rmSync(plan.target, { force: true });
    throw error;
  }
}

/** Comments that were there stay above. */
export function wholeText({ before, text }: ImportPlan): string {
  return before === undefined || before.trim() === '' ? text : `${before.trimEnd()}\n\n${text}`;
}

async function wholePlan(imported: Import, configFile: string): Promise<ImportPlan> {
  const before = await diskReader.read(configFile);
  return { ...imported, target: configFile, configFile, ...(before !== undefined && { before }) };
}

function besidePlan(imported: Import, configFile: string): ImportPlan {
  const folder = dirname(configFile);
  const stem = `imported-${imported.program.toLowerCase()}`;
  let name = `${stem}.yaml`;
  for (let number = 2; existsSync(join(folder, name)); number++) name = `${stem}-${number}.yaml`;
  const target = join(folder, name);
  return { ...imported, target, configFile, include: relative(folder, target).split(sep).join('/') };
}

/** The list as it is written, with one more entry. */
async function includeEdit(configFile: string, include: string, reader: ConfigReader): Promise<ConfigEdit> {
  const text = (await reader.read(configFile)) ?? '';
  const { root } = readSourceFile(configFile, text.replace(/^\uFEFF/, ''), new ProblemList());
  const written = nodeToData(nodeAt(root, ['include'])) ?? [];
  return { path: ['include'], value: [...(Array.isArray(written) ? written : [written]), include] };
}

/** Loads what would be there, from memory. */
async function check(plan: ImportPlan, env: Environment): Promise<void> {
  const texts = new Map([[plan.target, plan.include === undefined ? wholeText(plan) : plan.text]]);
  const reader: ConfigReader = {
    ...diskReader,
    read: async (path) => texts.get(path) ?? diskReader.read(path),
    expand: (entry, from) => diskReader.expand(entry, from),
  };
  if (plan.include !== undefined) {
    const edit = await includeEdit(plan.configFile, plan.include, reader);
    const changed = await editSources(plan.configFile, [edit], { reader, env });
    for (const [path, { after }] of changed) texts.set(path, after);
  }
  const { problems } = await loadConfig({ file: plan.configFile, reader, env });
  const error = problems.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new ImportError(`The result would have an error: ${formatProblem(error)}`);
}
