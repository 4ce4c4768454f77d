// The settings file for `claude --settings`: it wins over the user's own Claude Code settings and over shell start-up
// files, and no file of the user is touched. All windows share it: what a window has of its own (its custom headers)
// stays in the environment of its terminals.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ClaudeEnvironment } from '../core/claude-environment.ts';
import { readIfPresent, writePrivateFile } from '../node/private-files.ts';

/** Writes the file (0600: it holds the client token) if it differs, and returns its path. */
export function writeClaudeSettings(
  home: string,
  environment: Pick<ClaudeEnvironment, 'fixed' | 'routed'>,
): string {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const file = join(home, 'claude-settings.json');
  const text = `${JSON.stringify({ env: { ...environment.fixed, ...environment.routed } }, undefined, 2)}\n`;
  if (readIfPresent(file) !== text) writePrivateFile(file, text);
  return file;
}
