// A mistake in a configuration file, at its place.

export interface Problem {
  severity: 'error' | 'warning';
  /** Absolute path of the file that holds the mistake. */
  file: string;
  /** 1-based; 1:1 when the file as a whole is meant. */
  line: number;
  column: number;
  /** 1-based end of the offending text, exclusive. */
  endLine: number;
  endColumn: number;
  /** Path of the field, e.g. `groups.qwen-coder.targets[1]`; empty for syntax errors. */
  path: string;
  /** What is wrong and how to mend it. */
  message: string;
}

/** `config.yaml:14:9 groups.x.targets[1]: no provider "openruter"; did you mean "openrouter"?` */
export function formatProblem(problem: Problem): string {
  const name = problem.file.split(/[\\/]/).at(-1) ?? problem.file;
  const path = problem.path === '' ? '' : `${problem.path}: `;
  return `${name}:${problem.line}:${problem.column} ${path}${problem.message}`;
}
