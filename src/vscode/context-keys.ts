import * as vscode from 'vscode';
import type { RouterSnapshot } from '../core/snapshot.ts';
import { isSettled } from './present/status.ts';

/** What menus and welcome texts depend on. Told to the editor only when it changes: snapshots come often. */
export class ContextKeys {
  readonly #told = new Map<string, boolean>();

  show(snapshot: RouterSnapshot): void {
    this.#set('switchyard.ready', isSettled(snapshot));
    this.#set('switchyard.demo', snapshot.demo);
    this.#set('switchyard.broken', snapshot.config.state === 'broken');
    this.#set('switchyard.paused', snapshot.paused);
  }

  #set(key: string, value: boolean): void {
    if (this.#told.get(key) === value) return;
    this.#told.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}
