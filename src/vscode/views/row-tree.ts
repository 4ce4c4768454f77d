// A tree view over plain rows. New rows are compared with the shown ones, and only what differs is refreshed.
import * as vscode from 'vscode';
import type { Row } from '../present/row.ts';
import { t } from '../translate.ts';
import { markUri } from './marks.ts';
import { type RowNode, reconcile } from './reconcile.ts';

export class RowTree implements vscode.TreeDataProvider<RowNode> {
  readonly view: vscode.TreeView<RowNode>;
  readonly #id: string;
  readonly #changed = new vscode.EventEmitter<RowNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  #roots: RowNode[] = [];

  constructor(id: string, drag?: vscode.TreeDragAndDropController<RowNode>) {
    this.#id = id;
    this.view = vscode.window.createTreeView(id, {
      treeDataProvider: this,
      ...(drag === undefined ? {} : { dragAndDropController: drag }),
      manageCheckboxStateManually: true,
    });
  }

  show(rows: readonly Row[]): void {
    const { roots, changed } = reconcile(this.#roots, rows);
    this.#roots = roots;
    if (changed === 'all') this.#changed.fire(undefined);
    else if (changed.length > 0) this.#changed.fire(changed);
  }

  /** The text above the tree; undefined removes it. */
  say(message: string | undefined): void {
    // The API removes the text at undefined, although its type does not say so.
    if (this.view.message !== message) (this.view as { message?: string | undefined }).message = message;
  }

  /** The number on the view; 0 removes it. */
  badge(value: number, tooltip: string): void {
    if ((this.view.badge?.value ?? 0) !== value) {
      this.view.badge = value === 0 ? undefined : { value, tooltip };
    }
  }

  /** Shows everything once more, when the editor may show something else than the rows say. */
  refresh(): void {
    this.#changed.fire(undefined);
  }

  getChildren(node?: RowNode): RowNode[] {
    return node === undefined ? this.#roots : node.children;
  }

  getParent(node: RowNode): RowNode | undefined {
    return node.parent;
  }

  getTreeItem({ row, children }: RowNode): vscode.TreeItem {
    const item = new vscode.TreeItem(row.label, collapsibleState(row, children));
    item.id = row.id;
    item.contextValue = row.context;
    item.accessibilityInformation = { label: row.speech };
    if (row.description) item.description = row.description;
    if (row.tooltip !== undefined) item.tooltip = new vscode.MarkdownString(row.tooltip);
    if (row.icon !== undefined) item.iconPath = themeIcon(row.icon);
    item.resourceUri = markUri(this.#id, row);
    if (row.checked !== undefined) item.checkboxState = checkbox(row.label, row.checked);
    return item;
  }

  dispose(): void {
    this.view.dispose();
    this.#changed.dispose();
  }
}

function collapsibleState(row: Row, children: RowNode[]): vscode.TreeItemCollapsibleState {
  if (children.length === 0) return vscode.TreeItemCollapsibleState.None;
  return row.expanded ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
}

function themeIcon(icon: { id: string; color?: string }): vscode.ThemeIcon {
  return icon.color === undefined
    ? new vscode.ThemeIcon(icon.id)
    : new vscode.ThemeIcon(icon.id, new vscode.ThemeColor(icon.color));
}

function checkbox(label: string, checked: boolean): vscode.TreeItem['checkboxState'] & object {
  return {
    state: checked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
    tooltip: checked ? t('Switch {0} off', label) : t('Switch {0} on', label),
    accessibilityInformation: { label: checked ? t('{0} is on', label) : t('{0} is off', label) },
  };
}
