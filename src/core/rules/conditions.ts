// From what stands below `when` to tests that run for each request. Everything is parsed here, once; a test only
// compares. Each key takes one value or a list, of which any may hold.
import { clip } from '../clip.ts';
import { type Effort, effortLevels } from '../config/route-names.ts';
import { matchesGlob } from '../glob.ts';
import { compilePattern } from '../pattern.ts';
import { formatCount, parseRange } from './number-range.ts';
import type { Condition, RuleFacts } from './rule.ts';
import { parseTimeWindow } from './time-window.ts';

/** Makes one condition of one value. Throws an Error with the end of a sentence about the value. */
type Maker = (value: string) => Condition;

/** In the order in which they are tested: what costs something comes last. `header.<name>` is beside them. */
const makers = {
  client: glob('client', (facts) => facts.clientName),
  class: glob('class', (facts) => facts.requestClass),
  agent_type: glob('agent type', (facts) => facts.agentType),
  model: glob('model', (facts) => facts.model),
  effort,
  workspace,
  time,
  tools,
  text,
  tokens,
} satisfies Record<string, Maker>;

type MakerName = keyof typeof makers;

/** The keys of `when` that take texts, cheapest first. */
export const conditionNames = Object.keys(makers) as MakerName[];

/** @throws an Error with the end of a sentence about the value, such as `must be written like …` */
export function makeCondition(name: MakerName, value: string): Condition {
  return makers[name](value);
}

/** A header's value; the reason never repeats it, because it may be a credential. */
export function headerCondition(name: string, value: string): Condition {
  const lower = name.toLowerCase();
  const pattern = value.toLowerCase();
  return (facts) => {
    const found = facts.header(lower);
    return found !== undefined && matchesGlob(pattern, found.toLowerCase()) ? `header ${name}` : undefined;
  };
}

export function imageCondition(wanted: boolean): Condition {
  return ({ image }) => {
    if (image !== wanted) return undefined;
    return image ? 'an image or document' : 'no image or document';
  };
}

/** One that holds when any of some holds. */
export function anyOf(conditions: readonly Condition[]): Condition {
  const [only] = conditions;
  if (only !== undefined && conditions.length === 1) return only;
  return (facts) => {
    for (const condition of conditions) {
      const words = condition(facts);
      if (words !== undefined) return words;
    }
    return undefined;
  };
}

/** `*` stands for any characters, case does not matter. */
function glob(word: string, read: (facts: RuleFacts) => string | undefined): Maker {
  return (value) => {
    const pattern = value.toLowerCase();
    return (facts) => {
      const found = read(facts);
      return found !== undefined && matchesGlob(pattern, found.toLowerCase())
        ? `${word} ${clip(found, 80)}`
        : undefined;
    };
  };
}

function effort(value: string): Condition {
  const [, operator = '=', level = ''] = /^(<=|>=|<|>)?\s*(\w+)$/.exec(value.trim()) ?? [];
  const bound = effortLevels.indexOf(level as Effort);
  if (bound === -1) throw new Error(`must be one of ${effortLevels.join(', ')}, or written like ">= high"`);
  const wanted = new Set(
    effortLevels.filter((_, index) => {
      if (operator === '=') return index === bound;
      return (
        (operator.startsWith('<') ? index < bound : index > bound) ||
        (operator.length === 2 && index === bound)
      );
    }),
  );
  return (facts) =>
    facts.effort !== undefined && wanted.has(facts.effort) ? `effort ${facts.effort}` : undefined;
}

/** The folder itself, or one below it. */
function workspace(value: string): Condition {
  const folder = value.replaceAll('\\', '/').replace(/\/+$/, '').toLowerCase();
  return (facts) => {
    const found = facts.workspace?.toLowerCase();
    if (found === undefined) return undefined;
    return matchesGlob(folder, found) || matchesGlob(`${folder}/*`, found)
      ? `workspace ${clip(value, 80)}`
      : undefined;
  };
}

function time(value: string): Condition {
  const holds = parseTimeWindow(value);
  if (holds === undefined)
    throw new Error('must be written like "22:00-06:00", "mon-fri" or "sat,sun 09:00-18:00"');
  return ({ now }) => (holds(now) ? `time ${value.trim()}` : undefined);
}

function tools(value: string): Condition {
  const none = value.trim() === 'none';
  const range = none ? { min: 0, max: 0, words: '' } : parseRange(value);
  if (range !== undefined)
    return (facts) => {
      const count = facts.toolNames().length;
      if (count < range.min || count > range.max) return undefined;
      return none ? 'no tools' : `${count} tools ${range.words}`;
    };
  if (/^[<>=]/.test(value.trim()))
    throw new Error('must be the name of a tool, "none", or written like "> 20"');
  const pattern = value.trim().toLowerCase();
  return (facts) => {
    const found = facts.toolNames().find((name) => matchesGlob(pattern, name.toLowerCase()));
    return found === undefined ? undefined : `tool ${clip(found, 80)}`;
  };
}

function text(value: string): Condition {
  const pattern = compilePattern(value);
  return (facts) => (pattern.occursIn(facts.lastText()) ? `"${clip(value, 80)}" in the text` : undefined);
}

/** Counts only where the request's size does not answer the question already. */
function tokens(value: string): Condition {
  const range = parseRange(value);
  if (range === undefined) throw new Error('must be written like "< 20000", ">= 60000" or "20000-60000"');
  return (facts) => {
    if (facts.mostTokens < range.min) return undefined;
    if (range.min === 0 && facts.mostTokens <= range.max)
      return `at most ${formatCount(facts.mostTokens)} tokens ${range.words}`;
    const count = facts.tokens();
    return count >= range.min && count <= range.max
      ? `about ${formatCount(count)} tokens ${range.words}`
      : undefined;
  };
}
