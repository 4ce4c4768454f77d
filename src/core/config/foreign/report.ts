// What a translator has to say about the file that it reads: problems that the user should see now, and remarks that
// only an import lists.
import type { Problem } from '../problem.ts';
import { ProblemList } from '../problem-list.ts';
import type { SourceNode } from '../source-node.ts';
import { startOfNode } from './draft.ts';

export class Report {
  readonly #problems: ProblemList;
  readonly #notes = new ProblemList();

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  /** Something that the file wants and that is not done: shown in the editor, at its line. */
  warn(node: SourceNode, message: string): void {
    this.#problems.addAt('warning', startOfNode(node), pathOf(node), message);
  }

  /** Something that nobody misses here, such as another program's log level: listed by an import only. */
  note(node: SourceNode, message: string): void {
    this.#notes.addAt('warning', startOfNode(node), pathOf(node), message);
  }

  get notes(): readonly Problem[] {
    return this.#notes.problems;
  }
}

function pathOf(node: SourceNode) {
  return node.origins.at(-1)?.path ?? node.written ?? [];
}
