// What a run of all tests has found out so far.

export interface Failure {
  /** Test file or step. */
  where: string;
  name: string;
  text: string;
}

export interface Results {
  passed: number;
  failures: Failure[];
  skipped: { where: string; name: string; reason: string }[];
  /** What deserves a look but is no failure. */
  notes: string[];
}

export function emptyResults(): Results {
  return { passed: 0, failures: [], skipped: [], notes: [] };
}

/** Adds `more` to `sum`. */
export function addResults(sum: Results, more: Results): void {
  sum.passed += more.passed;
  sum.failures.push(...more.failures);
  sum.skipped.push(...more.skipped);
  sum.notes.push(...more.notes);
}

/** The run's very last line. */
export function summaryLine(results: Results): string {
  const skipped = results.skipped.length;
  return `${results.passed} passed, ${results.failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
