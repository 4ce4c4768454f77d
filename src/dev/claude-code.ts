// The Claude Code CLI of the tests: one fixed version, from npm, in the cache.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureEntry } from './cache-entry.ts';
import { npm, run } from './npm.ts';

const VERSION = '2.1.330';
const EXECUTABLE = join('node_modules', '@anthropic-ai', 'claude-code', 'bin', 'claude.exe');

/** Path of the `claude` program (the name ends in .exe everywhere); about 30 s the first time. */
export async function ensureClaudeCode(): Promise<string> {
  const folder = await ensureEntry({
    name: 'claude-code',
    version: VERSION,
    label: `Claude Code ${VERSION}`,
    async build(target) {
      await writeFile(join(target, 'package.json'), '{"private":true}\n');
      await npm(
        ['install', '--ignore-scripts', '--save-exact', `@anthropic-ai/claude-code@${VERSION}`],
        target,
      );
      // The postinstall puts the platform's program in place of a stub. Called by hand: npm 12, and users who set
      // ignore-scripts, would leave it out.
      const installed = join(target, 'node_modules', '@anthropic-ai', 'claude-code');
      await run(process.execPath, ['install.cjs'], { cwd: installed, seconds: 120 });
      await run(join(target, EXECUTABLE), ['--version'], { cwd: target, seconds: 60 });
    },
  });
  return join(folder, EXECUTABLE);
}
