// The way from a file's name to a configuration with all its problems.
import type { Environment } from './env-values.ts';
import type { Problem } from './problem.ts';
import { ProblemList, startOf } from './problem-list.ts';
import { resolveConfig } from './resolve.ts';
import type { RouterConfig } from './router-config.ts';
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
    : resolveConfig(sources.root ?? emptyRoot(file), env, problems);
  return {
    ...(config !== undefined && { config }),
    problems: problems.sorted(sources.files),
    exists: sources.texts.has(file),
    sources,
  };
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
