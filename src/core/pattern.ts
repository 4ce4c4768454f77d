// Patterns that users write into the config and that meet texts of clients and providers. RE2's engine takes time
// linear in the text, whatever the pattern; JavaScript's own can be kept busy for hours by one line.
import { RE2JS } from 're2js';

export interface Pattern {
  /** As written. */
  readonly source: string;
  /** True when the pattern occurs anywhere in the first 20,000 characters of `text`. */
  occursIn(text: string): boolean;
}

/** Longer ones are no patterns but mistakes. */
const longestPattern = 1000;

/** Characters of a text that are searched: a large paste must not hold up all other requests. */
const searched = 20_000;

/** Steps of the compiled pattern: `[a-z]{1,30}` has 60. Each is looked at for each character at worst. */
const mostSteps = 300;

/**
 * Compiles a pattern in RE2's syntax (https://github.com/google/re2/wiki/Syntax): no look-around and no
 * back-references. Case does not matter unless the pattern begins with `(?-i)`; a text without special characters
 * simply has to occur.
 * @throws an Error whose message ends a sentence about the pattern: `is not a pattern: missing closing ): (a`
 */
export function compilePattern(source: string): Pattern {
  if (source.length > longestPattern)
    throw new Error(`is too long for a pattern (at most ${longestPattern} characters)`);
  const compiled = compile(source);
  return { source, occursIn: (text) => compiled.matcher(text.slice(0, searched)).find() };
}

function compile(source: string): RE2JS {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(source, RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    if (/\(\?<?[=!]/.test(source))
      throw new Error('is not a pattern: look-around such as "(?=…)" or "(?!…)" is not supported');
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`is not a pattern: ${reason.replace('error parsing regexp: ', '').replace('(?i)', '')}`);
  }
  if (compiled.programSize() > mostSteps)
    throw new Error('is too large for a pattern: repeat less, or write shorter counts');
  return compiled;
}
