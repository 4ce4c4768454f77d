// The AI SDK of the tests, and its providers: fixed versions from npm, in the cache.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureEntry } from './cache-entry.ts';
import { npm } from './npm.ts';

const versions = {
  ai: '7.0.173',
  '@ai-sdk/openai': '4.0.118',
  '@ai-sdk/openai-compatible': '3.0.92',
  '@ai-sdk/anthropic': '4.0.105',
  '@ai-sdk/google': '4.0.121',
};

/** Folder with all of them in its `node_modules`; about 20 s the first time. */
export async function ensureAiSdk(): Promise<string> {
  const packages = Object.entries(versions).map(([name, version]) => `${name}@${version}`);
  return ensureEntry({
    name: 'ai-sdk',
    // Whichever of them changes, the entry is another one.
    version: Object.values(versions).join('-'),
    label: `AI SDK ${versions.ai}`,
    async build(target) {
      await writeFile(join(target, 'package.json'), '{"private":true}\n');
      await npm(['install', '--ignore-scripts', '--save-exact', ...packages], target);
    },
  });
}
