// The commands of the command line beside `serve`, as a bundle of their own: whoever serves does not load them.
import { homedir } from 'node:os';
import { ConfigEditError } from './core/config/edit/apply-edit.ts';
import type { Command } from './node/arguments.ts';
import { check } from './node/cli/check.ts';
import { CommandError, type Console } from './node/cli/console.ts';
import { doctor } from './node/cli/doctor.ts';
import { importFile } from './node/cli/import.ts';
import { routes } from './node/cli/routes.ts';
import { status } from './node/cli/status.ts';
import { use } from './node/cli/use.ts';
import { homeFolder } from './node/home.ts';

export type OtherCommand = Exclude<Command, { kind: 'serve' | 'help' | 'version' | 'mistake' }>;

/** Does what was asked for; returns the exit code. Rejects with a `CommandError` or `ConfigEditError` for people. */
function run(command: OtherCommand, console: Console): Promise<number> {
  switch (command.kind) {
    case 'routes':
      return routes(command, console);
    case 'status':
      return status(command, console);
    case 'use':
      return use(command, console);
    case 'check':
      return check(command, console);
    case 'import':
      return importFile(command, console);
    case 'doctor':
      return doctor(command, console);
  }
}

/** Runs the command in this process; sets the exit code. */
export async function runCommand(command: OtherCommand): Promise<void> {
  const console: Console = {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    env: process.env,
    home: homeFolder(process.env),
    folder: process.cwd(),
    userHome: homedir(),
  };
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on('error', () => {});
  try {
    process.exitCode = await run(command, console);
  } catch (error) {
    if (!(error instanceof CommandError) && !(error instanceof ConfigEditError)) throw error;
    process.stderr.write(`switchyard: ${error.message}\n`);
    process.exitCode = 1;
  }
}
