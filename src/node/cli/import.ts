// `switchyard import FILE`: another program's file as one of our own.
import { resolve } from 'node:path';
import { ImportError } from '../../core/config/import/import-config.ts';
import { type ImportPlan, planImport, writeImport } from '../config/import-file.ts';
import { secretVariable } from '../secret-box.ts';
import { shortPath } from './check.ts';
import { CommandError, type Console, type Run } from './console.ts';
import { configFileOf } from './running-router.ts';

export const importFile: Run<{ file: string; write: boolean }> = async (command, console) => {
  const file = resolve(console.folder, command.file);
  try {
    const plan = await planImport({
      file,
      configFile: configFileOf(command, console),
      env: console.env,
      secretTaken: (name) => Boolean(console.env[secretVariable(name)]),
    });
    if (command.write) await writeImport(plan);
    else console.out(plan.text);
    console.err(report(plan, command.write, console));
    return 0;
  } catch (error) {
    if (error instanceof ImportError) throw new CommandError(error.message);
    throw error;
  }
};

function report(plan: ImportPlan, written: boolean, console: Console): string {
  const target = shortPath(plan.target, console);
  const lines = plan.report.map(
    ({ file, line, path, message }) => `  ${shortPath(file, console)}:${line} ${path}: ${message}`,
  );
  const keys = plan.keys.map(({ name, hosts }) => {
    const use = hosts.length > 0 ? `for ${hosts.join(', ')}` : 'token of a client';
    return `  ${secretVariable(name)}  (secret:${name}, ${use})`;
  });
  return [
    written
      ? `Written to ${target}${plan.include === undefined ? '' : `, which ${shortPath(plan.configFile, console)} includes`}.`
      : `Nothing was written. With --write this goes to ${target}.`,
    ...(keys.length > 0
      ? [
          'Keys stay out of the file. Set these variables, or the keys in the editor (Switchyard: Set Key…):',
          ...keys,
        ]
      : []),
    ...(plan.variables.length > 0
      ? [
          'Variables that it uses as keys, and where they go:',
          ...plan.variables.map(({ name, hosts }) => `  ${name}  (${hosts.join(', ')})`),
        ]
      : []),
    ...(lines.length > 0 ? ['Not carried over as it was:', ...lines] : []),
    '',
  ].join('\n');
}
