// The router of an editor, as another program on the same machine sees it: through the files in SWITCHYARD_HOME.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Editor } from './editor.ts';

export interface RouterAccess {
  port: number;
  token: string;
}

export async function routerAccess(editor: Editor): Promise<RouterAccess> {
  const state: unknown = JSON.parse(await readFile(join(editor.switchyardHome, 'state.json'), 'utf8'));
  const token = (await readFile(join(editor.switchyardHome, 'token'), 'utf8')).trim();
  if (typeof state !== 'object' || state === null || !('port' in state) || typeof state.port !== 'number')
    throw new Error('state.json names no port');
  return { port: state.port, token };
}

/** One question in Anthropic's dialect. Returns status and body. */
export async function askRouter(
  { port, token }: RouterAccess,
  prompt: string,
  model = 'claude-opus-5-5',
): Promise<{ status: number; text: string; headers: Headers }> {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': token, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
    body: JSON.stringify({ model, max_tokens: 100, messages: [{ role: 'user', content: prompt }] }),
  });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}
