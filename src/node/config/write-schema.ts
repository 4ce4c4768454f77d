// Writes media/config.schema.json and docs/configuration.md from the schema, and the presets into docs/dialects.md:
// `node src/node/config/write-schema.ts`.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { namePattern } from '../../core/config/names.ts';
import { presets } from '../../core/config/presets.ts';
import { configSchema } from '../../core/config/schema.ts';
import { withMigrationTables } from './migration-tables.ts';
import { withPresetTable } from './preset-table.ts';
import { referenceText, type SchemaNode } from './reference-text.ts';

/** Generated files by their path in the project. */
export function generatedFiles(): Record<string, string> {
  const schema = jsonSchema();
  return {
    'media/config.schema.json': `${JSON.stringify(schema, null, 2)}\n`,
    'docs/configuration.md': referenceText(schema),
    'docs/migrating.md': withMigrationTables(readFileSync(inProject('docs/migrating.md'), 'utf8')),
    'docs/dialects.md': withPresetTable(readFileSync(inProject('docs/dialects.md'), 'utf8')),
  };
}

function inProject(path: string): URL {
  return new URL(`../../../${path}`, import.meta.url);
}

/** The schema for editors. It also offers the presets, and refuses names that the resolver refuses. */
function jsonSchema(): SchemaNode & Record<string, unknown> {
  const schema = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' }) as SchemaNode &
    Record<string, unknown>;
  for (const field of ['providers', 'profiles']) {
    const map = schema.properties?.[field] as (SchemaNode & { propertyNames?: unknown }) | undefined;
    if (map !== undefined) map.propertyNames = { pattern: namePattern.source };
  }
  const provider = schema.properties?.providers?.additionalProperties;
  const preset = typeof provider === 'object' ? provider.properties?.preset : undefined;
  if (preset !== undefined) preset.enum = Object.keys(presets);
  return { title: 'Switchyard', ...schema };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of Object.entries(generatedFiles())) {
    writeFileSync(inProject(path), text);
  }
}
