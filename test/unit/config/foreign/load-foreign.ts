// Loads other programs' files from texts.
import { posix } from 'node:path';
import { parseEnv } from 'node:util';
import { type LoadedConfig, loadConfig } from '../../../../src/core/config/load.ts';
import { formatProblem } from '../../../../src/core/config/problem.ts';
import type { RouterConfig } from '../../../../src/core/config/router-config.ts';
import type { ConfigReader } from '../../../../src/core/config/sources.ts';
import { formatTarget } from '../../../../src/core/config/target.ts';
import { textReader } from '../load-text.ts';

/** Loads `file` of `files` (paths below `/setup`), with the `.env` files among them. */
export function loadForeign(
  files: Readonly<Record<string, string>>,
  file: string,
  env: Record<string, string> = {},
): Promise<LoadedConfig> {
  return loadConfig({ file: `/setup/${file}`, reader: foreignReader(files), env });
}

/** A reader over texts by their paths below `/setup`, which knows `.env` files. */
export function foreignReader(files: Readonly<Record<string, string>>): ConfigReader {
  const texts = Object.fromEntries(Object.entries(files).map(([path, text]) => [`/setup/${path}`, text]));
  return {
    ...textReader(texts),
    async variables(from: string) {
      const folder = posix.dirname(from);
      const lookedAt = [`${folder}/.env`, `${posix.dirname(folder)}/.env`];
      const found = lookedAt.find((path) => texts[path] !== undefined);
      const values = found === undefined ? {} : (parseEnv(texts[found] ?? '') as Record<string, string>);
      return { values, lookedAt };
    },
  };
}

/** One LiteLLM file. */
export function loadLitellm(text: string, env: Record<string, string> = {}): Promise<LoadedConfig> {
  return loadForeign({ 'config.yaml': text }, 'config.yaml', env);
}

/** One file of claude-code-router; a value is written as JSON. */
export function loadCcr(value: unknown, env: Record<string, string> = {}): Promise<LoadedConfig> {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return loadForeign({ 'config.json': text }, 'config.json', env);
}

export function lines({ problems }: LoadedConfig): string[] {
  return problems.map((problem) => `${problem.severity} ${formatProblem(problem)}`);
}

/** The configuration of files that must be free of errors. */
export function good(loaded: LoadedConfig): RouterConfig {
  if (loaded.config === undefined) throw new Error(lines(loaded).join('\n'));
  return loaded.config;
}

/** Route → target, as written everywhere. */
export function routesOf(config: RouterConfig): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config.routes).map(([name, route]) => [name, formatTarget(route.target)]),
  );
}
