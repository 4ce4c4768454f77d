// `switchyard check`: the problems of a configuration, for people, editors and CI.
import { isAbsolute, relative, resolve } from 'node:path';
import { loadConfig } from '../../core/config/load.ts';
import type { Problem } from '../../core/config/problem.ts';
import { diskReader } from '../config/file-reader.ts';
import { CommandError, type Console, type Run } from './console.ts';
import { configFileOf } from './running-router.ts';

export const check: Run<{ json: boolean; file?: string }> = async (command, console) => {
  const file =
    command.file === undefined ? configFileOf(command, console) : resolve(console.folder, command.file);
  const { problems, exists } = await loadConfig({ file, reader: diskReader, env: console.env });
  if (!exists) throw new CommandError(`There is no configuration file ${file}.`);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  if (command.json) console.out(`${JSON.stringify(problems)}\n`);
  else {
    console.out(problems.map((problem) => `${problemLine(problem, console)}\n`).join(''));
    if (problems.length === 0) console.err(`${shortPath(file, console)} has no problems.\n`);
  }
  return errors > 0 ? 1 : 0;
};

/** `config.yaml:14:9 groups.x.targets[1]: …`; a warning says that it is one. */
function problemLine(problem: Problem, console: Console): string {
  const place = `${shortPath(problem.file, console)}:${problem.line}:${problem.column}`;
  const path = problem.path === '' ? '' : `${problem.path}: `;
  return `${place} ${path}${problem.severity === 'warning' ? 'warning: ' : ''}${problem.message}`;
}

export function shortPath(file: string, { folder }: Pick<Console, 'folder'>): string {
  const path = relative(folder, file);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? file : path;
}
