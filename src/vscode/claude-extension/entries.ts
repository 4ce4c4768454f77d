// The value of `claudeCode.environmentVariables`: a list of names and values, of which only ours are touched.
import { claudeVariables } from '../../core/claude-environment.ts';

export interface Entry {
  name: string;
  value: string;
}

/** The setting with our variables in it: those of the same name give way, all others stay where they are. */
export function connectedEntries(present: unknown, variables: Readonly<Record<string, string>>): unknown[] {
  const ours = Object.entries(variables).map(([name, value]): Entry => ({ name, value }));
  return [...foreignEntries(present, Object.keys(variables)), ...ours];
}

/**
 * The setting without our variables; undefined when nothing is left, so that the setting itself goes.
 * @param written the names that were written when it was connected
 */
export function disconnectedEntries(present: unknown, written: readonly string[]): unknown[] | undefined {
  const left = foreignEntries(present, written);
  return left.length === 0 ? undefined : left;
}

/** Whether the setting leads to this address with this token. */
export function leadsTo(present: unknown, variables: Readonly<Record<string, string>>): boolean {
  return ['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN'].every((name) => {
    const entry = listOf(present).find((candidate) => nameOf(candidate) === name);
    return isEntry(entry) && entry.value === variables[name];
  });
}

/** A list with these names in it, and which of them were not there yet. */
export function withNames(present: unknown, names: readonly string[]): { list: unknown[]; added: string[] } {
  const list = listOf(present);
  const added = names.filter((name) => !list.includes(name));
  return { list: [...list, ...added], added };
}

/** A list without these names; undefined when nothing is left. */
export function withoutNames(present: unknown, names: readonly string[]): unknown[] | undefined {
  const left = listOf(present).filter((entry) => !names.includes(String(entry)));
  return left.length === 0 ? undefined : left;
}

function foreignEntries(present: unknown, written: readonly string[]): unknown[] {
  const ours = new Set([...written, ...claudeVariables]);
  return listOf(present).filter((entry) => !ours.has(nameOf(entry)));
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isEntry(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && 'name' in value && 'value' in value;
}

function nameOf(entry: unknown): string {
  return isEntry(entry) ? String(entry.name) : '';
}
