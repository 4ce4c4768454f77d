// Remarks of an import, at the place of the other program's file that they are about.
import type { Problem } from '../problem.ts';
import { formatPath, type MapNode, type Path, placeAt, writtenPath } from '../source-node.ts';

/** `path`: in our own form. */
export type Tell = (path: Path, message: string) => void;

/** Adds to `report`. */
export function tellIn(tree: MapNode, report: Problem[]): Tell {
  return (path, message) => {
    const { file, line, column, endLine, endColumn } = placeAt(tree, path);
    const written = formatPath(writtenPath(tree, path));
    report.push({ severity: 'warning', file, line, column, endLine, endColumn, path: written, message });
  };
}
