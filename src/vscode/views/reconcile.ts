import type { Row } from '../present/row.ts';

/** A row's place in a tree. The editor knows rows by object identity, so a node stays while its id stays. */
export interface RowNode {
  row: Row;
  parent: RowNode | undefined;
  children: RowNode[];
}

/**
 * Brings `shown` in step with `rows`, keeping nodes by their ids.
 * @returns the new roots and the topmost nodes to refresh, or 'all' when the roots themselves came, went or moved
 */
export function reconcile(
  shown: readonly RowNode[],
  rows: readonly Row[],
): { roots: RowNode[]; changed: RowNode[] | 'all' } {
  const changed: RowNode[] = [];
  const { nodes, moved } = level(undefined, shown, rows, changed);
  return { roots: nodes, changed: moved ? 'all' : changed };
}

function level(
  parent: RowNode | undefined,
  shown: readonly RowNode[],
  rows: readonly Row[],
  changed: RowNode[],
): { nodes: RowNode[]; moved: boolean } {
  const known = new Map(shown.map((node) => [node.row.id, node]));
  const nodes = rows.map((row) => {
    const node = known.get(row.id) ?? { row, parent, children: [] };
    const below: RowNode[] = [];
    const result = level(node, node.children, row.children ?? [], below);
    const differs = result.moved || face(node.row) !== face(row);
    node.row = row;
    node.children = result.nodes;
    // A refresh of a node covers what is below it.
    changed.push(...(differs ? [node] : below));
    return node;
  });
  const moved = nodes.length !== shown.length || nodes.some((node, index) => node !== shown[index]);
  return { nodes, moved };
}

/** What a row shows by itself. */
function face({ children: _, ...row }: Row): string {
  return JSON.stringify(row);
}
