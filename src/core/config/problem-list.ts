// Collects problems and knows where in the files each path stands.
import type { Problem } from './problem.ts';
import { formatPath, type Path, type Place, placeAt, type SourceNode, writtenPath } from './source-node.ts';

export class ProblemList {
  readonly problems: Problem[] = [];

  get hasErrors(): boolean {
    return this.problems.some((problem) => problem.severity === 'error');
  }

  /** Adds a problem at a place that is known already. */
  addAt(severity: Problem['severity'], place: Place, path: Path, message: string): void {
    const { file, line, column, endLine, endColumn } = place;
    this.problems.push({ severity, file, line, column, endLine, endColumn, path: formatPath(path), message });
  }

  /** Adds a problem at the place of `path` in `root`; see `placeAt`. */
  add(
    severity: Problem['severity'],
    root: SourceNode,
    path: Path,
    message: string,
    part: 'value' | 'key' = 'value',
  ): void {
    this.addAt(severity, placeAt(root, path, part), writtenPath(root, path), message);
  }

  /** Errors first, then in the order of the text; files in the order in which they were read. */
  sorted(files: readonly string[]): Problem[] {
    const rank = (problem: Problem) => [
      problem.severity === 'error' ? 0 : 1,
      files.indexOf(problem.file),
      problem.line,
      problem.column,
    ];
    return this.problems
      .map((problem, index) => ({ problem, rank: [...rank(problem), index] }))
      .sort((a, b) => {
        const at = a.rank.findIndex((value, index) => value !== b.rank[index]);
        return at < 0 ? 0 : (a.rank[at] ?? 0) - (b.rank[at] ?? 0);
      })
      .map((entry) => entry.problem);
  }
}

/** The very beginning of a file, for problems with the file as a whole. */
export function startOf(file: string): Place {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
}
