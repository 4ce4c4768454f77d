// Command line programs of tests and bench that a plain npm install provides: one fixed version each, in the cache.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureEntry } from './cache-entry.ts';
import { npm } from './npm.ts';

interface NpmProgram {
  package: string;
  version: string;
  /** File that node runs, below `node_modules/<package>`. */
  script: string;
}

const programs = {
  codex: { package: '@openai/codex', version: '0.169.0', script: 'bin/codex.js' },
  gemini: { package: '@google/gemini-cli', version: '0.61.0', script: 'bundle/gemini.js' },
  ccr: { package: '@musistudio/claude-code-router', version: '2.0.0', script: 'dist/cli.js' },
  portkey: { package: '@portkey-ai/gateway', version: '1.15.2', script: 'build/start-server.js' },
} satisfies Record<string, NpmProgram>;

/** Path of the script that starts a program with node; up to a minute the first time. */
export async function ensureNpmProgram(name: keyof typeof programs): Promise<string> {
  const program = programs[name];
  const script = join('node_modules', program.package, program.script);
  const folder = await ensureEntry({
    name,
    version: program.version,
    label: `${program.package} ${program.version}`,
    async build(target) {
      await writeFile(join(target, 'package.json'), '{"private":true}\n');
      await npm(
        ['install', '--ignore-scripts', '--save-exact', `${program.package}@${program.version}`],
        target,
      );
    },
  });
  return join(folder, script);
}
