// The tables of docs/migrating.md, from the very data that the translators work with.
import { ccrFields, ccrRoutes, type FieldFate } from '../../core/config/foreign/ccr-fields.ts';
import { transformerTable } from '../../core/config/foreign/ccr-transformers.ts';
import {
  deploymentFields,
  generalFields,
  litellmFields,
  litellmSettingsFields,
  modelInfoFields,
  routerFields,
  strategyNames,
} from '../../core/config/foreign/litellm-fields.ts';
import { prefixTable } from '../../core/config/foreign/litellm-prefixes.ts';

type Row = readonly [name: string, becomes: string];

const tables: Readonly<Record<string, () => readonly Row[]>> = {
  'ccr fields': () => fates(ccrFields),
  'ccr routes': () => Object.entries(ccrRoutes),
  'ccr transformers': () => transformerTable,
  'litellm fields': () => fates(litellmFields),
  'litellm router_settings': () => fates(routerFields),
  'litellm litellm_settings': () => fates(litellmSettingsFields),
  'litellm general_settings': () => fates(generalFields),
  'litellm litellm_params': () => fates(deploymentFields),
  'litellm model_info': () => fates(modelInfoFields),
  'litellm prefixes': prefixes,
  'litellm strategies': () =>
    Object.entries(strategyNames).map(([name, own]) => [name, `\`${own}\``] as const),
};

/** The text with each `<!-- NAME -->` … `<!-- end -->` filled anew. Throws when a table has no place in it. */
export function withMigrationTables(text: string): string {
  return Object.entries(tables).reduce((filled, [name, rows]) => {
    const start = filled.indexOf(`<!-- ${name} -->`);
    const end = filled.indexOf('<!-- end -->', start);
    if (start < 0 || end < 0) throw new Error(`docs/migrating.md has no place for "${name}"`);
    const body = rows().map(([field, becomes]) => `| \`${field}\` | ${becomes.replaceAll('|', '\\|')} |\n`);
    return `${filled.slice(0, start)}<!-- ${name} -->\n| there | here |\n| --- | --- |\n${body.join('')}${filled.slice(end)}`;
  }, text);
}

function fates(fields: Readonly<Record<string, FieldFate>>): readonly Row[] {
  return Object.entries(fields).map(([name, { becomes }]) => [name, becomes]);
}

function prefixes(): readonly Row[] {
  return prefixTable.map(([name, { preset, dialect, missing }]) => {
    if (missing !== undefined) return [`${name}/`, 'not supported: it needs a login at a cloud'];
    const known = preset === undefined ? '`base_url` from `api_base`' : `\`preset: ${preset}\``;
    return [`${name}/`, `${known}, \`dialect: ${dialect}\``];
  });
}
