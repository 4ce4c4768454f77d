// A wording by which upstreams refuse a request, and what helps against it.
import type { ProfileChange, RemedySpan } from '../dialects/remedy.ts';

export interface RefusalRow {
  wording: RegExp;
  /** Undefined when it turns out that nothing can be done. */
  mend(match: RegExpExecArray, text: string): Mending | undefined;
  /** Also for these statuses; 400 and 422 always. */
  also?: readonly number[];
}

export interface Mending {
  what: string;
  change: ProfileChange;
  span?: RemedySpan;
}
