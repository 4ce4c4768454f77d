import * as vscode from 'vscode';
import type { RouterSnapshot } from '../core/snapshot.ts';
import { statusOf, statusTooltip, tooltipCommands } from './present/status.ts';

/** The one item in the status bar: where the default route leads, and how it is. A click opens the menu. */
export class StatusBar {
  readonly #item: vscode.StatusBarItem;
  #shown = '';

  constructor() {
    this.#item = vscode.window.createStatusBarItem('switchyard.status', vscode.StatusBarAlignment.Right, 100);
    this.#item.name = 'Switchyard';
    this.#item.command = 'switchyard.showMenu';
    this.show(undefined, true);
    this.#item.show();
  }

  show(snapshot: RouterSnapshot | undefined, secretsAvailable: boolean): void {
    const status = statusOf(snapshot, secretsAvailable);
    const text = statusTooltip(snapshot, status);
    const signature = `${status.text}\n${status.speech}\n${text}`;
    // Snapshots come often, and an equal tooltip would still be drawn anew.
    if (signature === this.#shown) return;
    this.#shown = signature;
    const tooltip = new vscode.MarkdownString(text, true);
    tooltip.isTrusted = { enabledCommands: [...tooltipCommands] };
    const item = this.#item;
    item.text = status.text;
    item.tooltip = tooltip;
    item.accessibilityInformation = { label: status.speech, role: 'button' };
    item.backgroundColor =
      status.kind === 'down' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
  }

  dispose(): void {
    this.#item.dispose();
  }
}
