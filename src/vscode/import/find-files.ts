// Files that can be imported, where their programs keep them.
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { type ForeignKind, foreignKinds } from '../../core/config/foreign/shape.ts';
import { ProblemList } from '../../core/config/problem-list.ts';
import { readSourceFile } from '../../core/config/source-file.ts';
import { diskReader } from '../../node/config/file-reader.ts';

export interface FoundFile {
  file: string;
  kind: ForeignKind;
}

/** Names under which people keep LiteLLM's configuration. */
const litellmNames = '**/{config,*litellm*,proxy_config}.{yaml,yml}';
const most = 50;

/** The present config file if it is another program's, claude-code-router's own, and those of LiteLLM in the workspace. */
export async function findFiles(configFile: string): Promise<FoundFile[]> {
  const ccr = join(homedir(), '.claude-code-router', 'config.json');
  const inWorkspace = await vscode.workspace.findFiles(litellmNames, '**/node_modules/**', most);
  const candidates = [configFile, ...(existsSync(ccr) ? [ccr] : []), ...inWorkspace.map((uri) => uri.fsPath)];
  const found = await Promise.all(
    [...new Set(candidates)].map(async (file) => {
      const kind = await kindOf(file);
      return kind === undefined ? [] : [{ file, kind }];
    }),
  );
  return found.flat();
}

/** Whose file it is, by its fields; undefined for anything else, and for what can't be read. */
async function kindOf(file: string): Promise<ForeignKind | undefined> {
  const text = await diskReader.read(file).catch(() => undefined);
  if (text === undefined) return undefined;
  const { root } = readSourceFile(file, text.replace(/^\uFEFF/, ''), new ProblemList());
  return root?.kind === 'map' ? foreignKinds(root)[0] : undefined;
}
