// The last version of the configuration that was free of errors, in one file, includes and all.
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { stringify } from 'yaml';
import type { Environment } from '../../core/config/env-values.ts';
import { fileKeysOf, type LoadedConfig, loadConfig } from '../../core/config/load.ts';
import { outsideVariables } from '../../core/config/outside-files.ts';
import { nodeToData } from '../../core/config/source-node.ts';
import { readIfPresent, writePrivateFile } from '../private-files.ts';
import { diskReader } from './file-reader.ts';

/** First line of the copy; a copy of another config file is not used. */
const heading = (configFile: string) =>
  `# Last version without errors of ${JSON.stringify(configFile)}. Written by Switchyard.`;

/**
 * Keeps a copy of what was loaded without errors. With includes it is the merged whole, so that it can be in force
 * when one of the files is broken; another program's file is kept in our own form. Variables and key references are
 * kept as they are written: no value gets in, so there is no copy of a file that holds keys itself. Throws when the
 * file can't be written.
 */
export function saveLastGood(copy: string, configFile: string, loaded: LoadedConfig): void {
  const { sources } = loaded;
  // In one file with the rest, what an outside file says would count as the user's own.
  if (sources.keys.size > 0 || (sources.root && outsideVariables(sources.root).length > 0)) {
    rmSync(copy, { force: true });
    return;
  }
  const body =
    sources.files.length === 1 && sources.foreign.length === 0
      ? (sources.texts.get(configFile) ?? '')
      : stringify(nodeToData(sources.root), { aliasDuplicateObjects: false });
  const text = `${heading(configFile)}\n${body}`;
  if (readIfPresent(copy) === text) return;
  mkdirSync(dirname(copy), { recursive: true, mode: 0o700 });
  writePrivateFile(copy, text);
}

/**
 * The configuration of the copy with the keys that a `.env` tells, or undefined when there is no copy of this config
 * file or it does not load. `env` is what the file's own variables make of `processEnv`.
 */
export async function loadLastGood(
  copy: string,
  configFile: string,
  env: Environment,
  processEnv: Environment,
): Promise<Required<Pick<LoadedConfig, 'config' | 'fileKeys'>> | undefined> {
  const text = await diskReader.read(copy).catch(() => undefined);
  if (text === undefined || text.split('\n', 1)[0] !== heading(configFile)) return undefined;
  // The copy of a file without includes is the file itself and has none either: nothing else is read.
  const reader = { read: async (file: string) => (file === copy ? text : undefined), expand: async () => [] };
  const { config } = await loadConfig({ file: copy, reader, env });
  return config && { config, fileKeys: fileKeysOf(config, env, processEnv) };
}
