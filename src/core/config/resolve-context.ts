// What all parts of the resolver share.
import type { Environment } from './env-values.ts';
import type { ProblemList } from './problem-list.ts';
import type { KeyReference } from './router-config.ts';
import { formatPath, type MapNode, type Path } from './source-node.ts';

export class ResolveContext {
  /** The tree with variables filled in; places of problems come from it. */
  readonly root: MapNode;
  readonly env: Environment;
  readonly #problems: ProblemList;
  readonly #missing: ReadonlySet<string>;
  readonly #fileKeys: ReadonlyMap<KeyReference, string>;
  readonly #barred: ReadonlySet<string>;

  constructor(options: {
    root: MapNode;
    env: Environment;
    problems: ProblemList;
    missing: ReadonlySet<string>;
    fileKeys: ReadonlyMap<KeyReference, string>;
    /** Providers that must stay off; see `barOutsideVariables`. */
    barred: ReadonlySet<string>;
  }) {
    this.root = options.root;
    this.env = options.env;
    this.#problems = options.problems;
    this.#missing = options.missing;
    this.#fileKeys = options.fileKeys;
    this.#barred = options.barred;
  }

  /** The reference is that of a key in another program's file. */
  isFileKey(reference: KeyReference): boolean {
    return this.#fileKeys.has(reference);
  }

  /** The provider would send variables where they must not go; that was told. */
  isBarred(provider: string): boolean {
    return this.#barred.has(provider);
  }

  error(path: Path, message: string, part: 'value' | 'key' = 'value'): void {
    this.#problems.add('error', this.root, path, message, part);
  }

  warn(path: Path, message: string, part: 'value' | 'key' = 'value'): void {
    this.#problems.add('warning', this.root, path, message, part);
  }

  /** The field stands in the file but was left out for want of a variable. */
  isLeftOut(path: Path): boolean {
    return this.#missing.has(formatPath(path));
  }
}
