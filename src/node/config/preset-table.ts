// The table of the presets in docs/dialects.md: how each is called, and what it does differently.

import type { Preset } from '../../core/config/preset.ts';
import { presets } from '../../core/config/presets.ts';

const begin = '<!-- presets: written by src/node/config/write-schema.ts -->';
const end = '<!-- end of presets -->';

/** The page with its table made anew. Throws when the page has no place for it. */
export function withPresetTable(page: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`the page lacks ${begin} or ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${table()}\n\n${page.slice(to)}`;
}

function table(): string {
  const rows = Object.entries(presets).flatMap(([id, preset]) => [
    row(`\`${id}\``, preset.dialect, preset),
    ...Object.entries(preset.alternatives ?? {}).map(([dialect, other]) => row('', dialect, other)),
  ]);
  return ['| id | dialect | base URL | peculiarities |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function row(id: string, dialect: string, { baseUrl, quirks }: Pick<Preset, 'baseUrl' | 'quirks'>): string {
  const address = baseUrl === '' ? "the user's" : `\`${baseUrl}\``;
  const differences = Object.entries(quirks).map(([name, value]) => `\`${inFile(name)}: ${said(value)}\``);
  return `| ${id} | ${dialect} | ${address} | ${differences.join(', ')} |`;
}

/** As the quirk is called in the config file. */
function inFile(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function said(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}
