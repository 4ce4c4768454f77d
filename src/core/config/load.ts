// The way from a file's name to a configuration with all its problems.
import type { Environment } from './env-values.ts';
import type { Problem } from './problem.ts';
import { ProblemList, startOf } from './problem-list.ts';
import { resolveConfig } from './resolve.ts';
import type { KeyReference, RouterConfig } from './router-config.ts';
import type { MapNode } from './source-node.ts';
import { type ConfigReader, type ConfigSources, readSources } from './sources.ts';

export interface LoadedConfig {
  /** Undefined when there are errors. */
  config?: RouterConfig;
  /** Errors first, then warnings, in the order of the text. */
  problems: Problem[];
  /** The main file exists. */
  exists: boolean;
  sources: ConfigSources;
  /** Values of key references that only the files tell: `file:NAME`, and variables of a `.env`. Secret. */
  fileKeys: ReadonlyMap<KeyReference, string>;
}

/**
 * Reads, checks and resolves a config file with its includes. Never throws: all that is wrong is a problem at its
 * place. A missing or empty file gives the demo configuration.
 */
export async function loadConfig(options: {
  /** Absolute path. */
  file: string;
  reader: ConfigReader;
  env: Environment;
}): Promise<LoadedConfig> {
  const { file, reader, env } = options;
  const sources = await readSources(file, reader, env);
  const { problems } = sources;
  const config = problems.hasErrors
    ? undefined
    : resolveConfig(sources.root ?? emptyRoot(file), sources.env, problems, sources.keys);
  return {
    ...(config !== undefined && { config }),
    fileKeys: config === undefined ? new Map() : fileKeysOf(config, sources.env, env, sources.keys),
    problems: problems.sorted(sources.files),
    exists: sources.texts.has(file),
    sources,
  };
}

/**
 * Values of the configuration's key references that the process's own environment does not tell: those in `keys`, and
 * variables that `env` adds to `processEnv`.
 */
export function fileKeysOf(
  config: RouterConfig,
  env: Environment,
  processEnv: Environment,
  keys: ReadonlyMap<KeyReference, string> = new Map(),
): ReadonlyMap<KeyReference, string> {
  const values = new Map(keys);
  if (env === processEnv) return values;
  const providerKeys = [...config.providers.values()].flatMap((provider) => provider.keys);
  for (const { reference } of [...providerKeys, ...config.clients]) {
    const name = reference.startsWith('env:') ? reference.slice('env:'.length) : '';
    const value = name === '' ? undefined : env[name];
    if (value && value !== processEnv[name]) values.set(reference, value);
  }
  return values;
}

/** The configuration that is in force without any config file. */
export function demoConfig(): RouterConfig {
  const config = resolveConfig(emptyRoot(''), {}, new ProblemList());
  if (config === undefined) throw new Error('the demo configuration has errors');
  return config;
}

function emptyRoot(file: string): MapNode {
  return { kind: 'map', entries: new Map(), place: startOf(file), origins: [{ file, path: [] }] };
}
