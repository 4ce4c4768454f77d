// Loads configuration texts without a disk.
import { posix } from 'node:path';
import { type LoadedConfig, loadConfig } from '../../../src/core/config/load.ts';
import { formatProblem } from '../../../src/core/config/problem.ts';
import type { RouterConfig } from '../../../src/core/config/router-config.ts';
import type { ConfigReader } from '../../../src/core/config/sources.ts';

export const mainFile = '/home/config.yaml';

/** A reader over texts by absolute path; `*` in an include stands for any name. */
export function textReader(files: Readonly<Record<string, string>>): ConfigReader {
  return {
    read: async (file) => files[file],
    async expand(entry, from) {
      const path = posix.resolve(posix.dirname(from), entry);
      if (!path.includes('*')) return [path];
      const [head = '', tail = ''] = path.split('*');
      return Object.keys(files)
        .filter((file) => file.startsWith(head) && file.endsWith(tail))
        .sort();
    },
  };
}

export function loadText(
  text: string | Readonly<Record<string, string>>,
  env: Record<string, string> = {},
): Promise<LoadedConfig> {
  const files = typeof text === 'string' ? { [mainFile]: text } : text;
  return loadConfig({ file: mainFile, reader: textReader(files), env });
}

/** Every problem in one line: `error config.yaml:1:2 path: message`. */
export async function problemsOf(
  text: string | Readonly<Record<string, string>>,
  env: Record<string, string> = {},
): Promise<string[]> {
  const { problems } = await loadText(text, env);
  return problems.map((problem) => `${problem.severity} ${formatProblem(problem)}`);
}

/** The configuration of a text that must be free of errors. */
export async function configOf(text: string, env: Record<string, string> = {}): Promise<RouterConfig> {
  const { config, problems } = await loadText(text, env);
  if (config === undefined) throw new Error(problems.map(formatProblem).join('\n'));
  return config;
}
