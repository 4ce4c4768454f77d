// Conditions on numbers: `< 20000`, `>= 60k`, `20000-60000`.

export interface NumberRange {
  /** First and last whole number that belongs to it; the last may be infinite. */
  min: number;
  max: number;
  /** For reasons, e.g. `< 20,000`. */
  words: string;
}

const comparison = /^(<=|>=|<|>|=)\s*(\S+)$/;
const between = /^(\S+?)\s*(?:-|\.\.|to)\s*(\S+)$/;
const number = /^(\d[\d_,]*(?:\.\d+)?)(k|m)?$/i;

/** The range that a text names, or undefined when it names none. */
export function parseRange(text: string): NumberRange | undefined {
  const written = text.trim();
  const [, operator, bound] = comparison.exec(written) ?? [];
  if (operator !== undefined && bound !== undefined) {
    const value = parseNumber(bound);
    if (value === undefined) return undefined;
    return { ...bounds(operator, value), words: `${operator} ${formatCount(value)}` };
  }
  const [, first, last] = between.exec(written) ?? [];
  const min = parseNumber(first ?? '');
  const max = parseNumber(last ?? '');
  if (min === undefined || max === undefined || min > max) return undefined;
  return { min, max, words: `between ${formatCount(min)} and ${formatCount(max)}` };
}

/** `12,300` */
export function formatCount(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

function parseNumber(text: string): number | undefined {
  const [, digits, unit] = number.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const factor = { k: 1_000, m: 1_000_000 }[unit?.toLowerCase() ?? ''] ?? 1;
  return Math.round(Number(digits.replace(/[_,]/g, '')) * factor);
}

function bounds(operator: string, value: number): { min: number; max: number } {
  switch (operator) {
    case '<':
      return { min: 0, max: value - 1 };
    case '<=':
      return { min: 0, max: value };
    case '>':
      return { min: value + 1, max: Number.POSITIVE_INFINITY };
    case '>=':
      return { min: value, max: Number.POSITIVE_INFINITY };
    default:
      return { min: value, max: value };
  }
}
