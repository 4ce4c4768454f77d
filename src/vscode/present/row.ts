// A row of a tree as plain data: what it shows and what it stands for. The views turn rows into tree items.

import type { RouteName } from '../../core/config/route-names.ts';

export interface Icon {
  /** Codicon. */
  id: string;
  /** Theme colour. */
  color?: string;
}

/** Tints the row and gives it a letter; undefined rows are left alone. */
export type Mark = 'warning' | 'error' | 'off';

/** What a command gets when it is called on a row. */
export type Subject =
  | { kind: 'route'; route: RouteName }
  | { kind: 'group'; group: string }
  | { kind: 'target'; group: string; index: number; target: string }
  | { kind: 'provider'; provider: string }
  | { kind: 'key'; provider: string; key: string; reference: string }
  | { kind: 'model'; provider: string; model: string };

export interface Row {
  /** Unique in its view and stable, so that expansion and selection survive a refresh. */
  id: string;
  label: string;
  description?: string;
  /** Markdown; names are escaped by who builds it. */
  tooltip?: string;
  icon?: Icon;
  mark?: Mark;
  /** What a screen reader says instead of label and description. */
  speech: string;
  /** Words that the menus match, the kind first. */
  context: string;
  /** Present = the row has a checkbox. */
  checked?: boolean;
  subject: Subject;
  children?: Row[];
  /** Open at first sight. */
  expanded?: boolean;
}

/** `text` so that Markdown shows it as it is. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&$]/g, '\\$&').replace(/\r?\n/g, ' ');
}

/** The parts that are not empty, with a middle dot between. */
export function joined(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' · ');
}

/** The parts that are not empty, for a screen reader. */
export function spoken(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}
