import * as vscode from 'vscode';
import type { Shell } from '../shell.ts';
import { placeTarget } from './move-target.ts';
import type { RowNode } from './reconcile.ts';

const mime = 'application/vnd.code.tree.switchyard.groups';

/** Dragging a target within its group changes the order in which targets are tried. */
export class TargetOrder implements vscode.TreeDragAndDropController<RowNode> {
  readonly dragMimeTypes = [mime];
  readonly dropMimeTypes = [mime];
  readonly #shell: Shell;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  handleDrag(nodes: readonly RowNode[], transfer: vscode.DataTransfer): void {
    const subject = nodes[0]?.row.subject;
    if (subject?.kind === 'target') transfer.set(mime, new vscode.DataTransferItem(subject));
  }

  async handleDrop(node: RowNode | undefined, transfer: vscode.DataTransfer): Promise<void> {
    const dragged: unknown = transfer.get(mime)?.value;
    const onto = node?.row.subject;
    if (!isTarget(dragged) || onto === undefined) return;
    // On the group itself means to the top.
    if (onto.kind === 'group' && onto.group === dragged.group) {
      await placeTarget(this.#shell, dragged.group, dragged.index, 0);
    } else if (onto.kind === 'target' && onto.group === dragged.group) {
      await placeTarget(this.#shell, dragged.group, dragged.index, onto.index);
    }
  }
}

function isTarget(value: unknown): value is { group: string; index: number } {
  return typeof value === 'object' && value !== null && 'group' in value && 'index' in value;
}
