// Rules for names, and the proposal for a misspelled one.

/** Providers: no white space, slash, comma or colon, because these separate the parts of a target. */
export const namePattern = /^[^\s/,:]+$/;

/** What is wrong with a provider's or profile's name, in words; undefined when it is fine. */
export function nameProblem(name: string): string | undefined {
  if (namePattern.test(name)) return undefined;
  if (name === '') return 'a name can not be empty';
  return `the name "${name}" holds a space, slash, comma or colon; use letters, digits, "-", "_" or "."`;
}

/**
 * What is wrong with a group's name, in words. Groups are called as clients call models, so slashes, colons and spaces
 * may be in it (`openai/gpt-4o`, `qwen3:32b`); as a target, a group goes before a provider.
 */
export function groupNameProblem(name: string): string | undefined {
  if (name === '') return 'a name can not be empty';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is not allowed
  if (name.trim() !== name || /[\u0000-\u001f\u007f]/.test(name))
    return `the name ${JSON.stringify(name)} begins or ends with a space, or holds a line break`;
  return undefined;
}

/** The candidate that was probably meant, or undefined when none is near. Ignores case and `-`/`_`. */
export function closest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = simplify(name);
  if (wanted.length > 100) return undefined;
  let best: string | undefined;
  // One slip for each three letters, at most three.
  let distance = Math.min(3, Math.max(1, Math.floor(wanted.length / 3))) + 1;
  for (const candidate of candidates) {
    const found = editDistance(wanted, simplify(candidate), distance);
    if (found < distance) {
      best = candidate;
      distance = found;
    }
  }
  return best;
}

/** `; did you mean "x"?`, or nothing. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const found = closest(name, candidates);
  return found === undefined ? '' : `; did you mean "${found}"?`;
}

function simplify(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}

/** Edits (insert, delete, replace, swap of neighbours) from one to the other; `limit` when there are at least as many. */
function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(
        (last[column] ?? limit) + 1,
        (current[column - 1] ?? limit) + 1,
        (last[column - 1] ?? limit) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        cost = Math.min(cost, (beforeLast[column - 2] ?? limit) + 1);
      }
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return Math.min(limit, last[to.length] ?? limit);
}
