// The last version of the configuration that was free of errors, in one file, includes and all.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { stringify } from 'yaml';
import type { Environment } from '../../core/config/env-values.ts';
import { type LoadedConfig, loadConfig } from '../../core/config/load.ts';
import type { RouterConfig } from '../../core/config/router-config.ts';
import { nodeToData } from '../../core/config/source-node.ts';
import { readIfPresent, writePrivateFile } from '../private-files.ts';
import { diskReader } from './file-reader.ts';

/** First line of the copy; a copy of another config file is not used. */
const heading = (configFile: string) =>
  `# Last version without errors of ${JSON.stringify(configFile)}. Written by Switchyard.`;

/**
 * Keeps a copy of what was loaded without errors. With includes it is the merged whole, so that it can be in force
 * when one of the files is broken. Variables and key references are kept as they are written: no value gets in.
 * Throws when the file can't be written.
 */
export function saveLastGood(copy: string, configFile: string, loaded: LoadedConfig): void {
  const { sources } = loaded;
  const body =
    sources.files.length === 1
      ? (sources.texts.get(configFile) ?? '')
      : stringify(nodeToData(sources.root), { aliasDuplicateObjects: false });
  const text = `${heading(configFile)}\n${body}`;
  if (readIfPresent(copy) === text) return;
  mkdirSync(dirname(copy), { recursive: true, mode: 0o700 });
  writePrivateFile(copy, text);
}

/** The configuration of the copy, or undefined when there is none of this config file or it does not load. */
export async function loadLastGood(
  copy: string,
  configFile: string,
  env: Environment,
): Promise<RouterConfig | undefined> {
  const text = await diskReader.read(copy).catch(() => undefined);
  if (text === undefined || text.split('\n', 1)[0] !== heading(configFile)) return undefined;
  // The copy of a file without includes is the file itself and has none either: nothing else is read.
  const reader = { read: async (file: string) => (file === copy ? text : undefined), expand: async () => [] };
  return (await loadConfig({ file: copy, reader, env })).config;
}
