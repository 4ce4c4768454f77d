import * as vscode from 'vscode';
import type { Log } from '../core/log.ts';

/** The log that *Show Log* opens; its level is set in the editor. Lines arrive redacted from the router's thread. */
export function createLogChannel(): { channel: vscode.LogOutputChannel; log: Log } {
  const channel = vscode.window.createOutputChannel('Switchyard', { log: true });
  return { channel, log: (level, message) => channel[level](message) };
}
