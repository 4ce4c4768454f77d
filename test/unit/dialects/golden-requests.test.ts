// What every preset makes, in each of its dialects, of one rich request and of a web search: test/golden/requests, one file
// each, to be read and reviewed. `SWITCHYARD_UPDATE=1` writes them anew.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Preset } from '../../../src/core/config/preset.ts';
import { presets } from '../../../src/core/config/presets.ts';
import type { DialectId } from '../../../src/core/dialects/dialect.ts';
import type { HubRequest } from '../../../src/core/dialects/hub.ts';
import { clientDialect } from '../../../src/core/dialects/registry.ts';
import { encodeAttempt } from '../../../src/core/gateway/encode-attempt.ts';
import { deploymentsOf } from '../../../src/core/routing/candidates.ts';
import { textOfPieces } from '../../tools/pieces.ts';
import { blockedSearchRequest, richRequest, searchRequest } from '../../tools/rich-request.ts';
import { configOf } from '../config/load-text.ts';

const folder = new URL('../../golden/requests/', import.meta.url);
const update = process.env.SWITCHYARD_UPDATE !== undefined;

/** Models whose names decide how they are asked. */
const models: Readonly<Record<string, string>> = {
  openai: 'gpt-5.6-terra',
  azure: 'gpt-5.6-terra',
  gemini: 'gemini-3.5-flash',
  vertex: 'gemini-3.5-flash',
  groq: 'groq/compound',
  bedrock: 'anthropic.claude-sonnet-5-5',
};
/** Where only the user knows the address. */
const addresses: Readonly<Record<string, string>> = {
  'azure.openai-responses': 'https://resource.openai.azure.com/openai/v1',
  'azure.openai-chat': 'https://resource.openai.azure.com?api-version=2024-10-21',
  'azure.anthropic': 'https://resource.services.ai.azure.com',
  'vertex.openai-chat':
    'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/endpoints/openapi',
};

const sides = Object.entries(presets).flatMap(([id, preset]: [string, Preset]) =>
  [preset.dialect, ...Object.keys(preset.alternatives ?? {})].map((dialect) => ({
    name: `${id}.${dialect}`,
    id,
    dialect: dialect as DialectId,
    model: models[id] ?? preset.suggestedModels?.[0]?.id ?? 'some-model',
  })),
);

async function encodedBy({ id, dialect, model, name }: (typeof sides)[number], hub: HubRequest) {
  const hasAddress =
    presets[id]?.dialect === dialect ? presets[id].baseUrl : presets[id]?.alternatives?.[dialect]?.baseUrl;
  const address = hasAddress ? '' : `, base_url: "${addresses[name] ?? 'https://relay.example'}"`;
  const config = await configOf(
    `providers: { p: { preset: ${id}, dialect: ${dialect}, keys: [env:K]${address} } }\nroutes: { default: p/m }\n`,
    { K: 'k' },
  );
  const [deployment] = deploymentsOf(config, 'p', model);
  const client = clientDialect('anthropic');
  assert.ok(deployment && client);
  const body = hub as unknown as Record<string, unknown>;
  const encoded = encodeAttempt({
    client,
    request: {
      method: 'POST',
      path: '/v1/messages',
      query: new URLSearchParams(),
      headers: { 'user-agent': 'client' },
      body: new TextEncoder().encode(JSON.stringify(hub)),
      signal: new AbortController().signal,
    },
    body,
    hub,
    rewritten: false,
    mustRelay: false,
    deployment,
    key: 'KEY',
    dropParams: true,
    remedies: [],
    version: '0.0.0',
  });
  const { url, headers, notes } = encoded;
  return { url, headers, body: JSON.parse(textOfPieces(encoded.body)), notes };
}

async function golden(side: (typeof sides)[number]): Promise<string> {
  const rich = await encodedBy(side, richRequest);
  const only = ({ body, notes }: typeof rich) => ({ body, notes });
  const search = only(await encodedBy(side, searchRequest));
  const blocked = only(await encodedBy(side, blockedSearchRequest));
  return `${JSON.stringify({ rich, search, blocked }, null, 1)}\n`;
}

for (const side of sides)
  test(`${side.name}: the requests are those that were reviewed`, async () => {
    const file = new URL(`${side.name}.json`, folder);
    const fresh = await golden(side);
    if (update) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, fresh);
    }
    assert.ok(existsSync(file), 'there is none yet: SWITCHYARD_UPDATE=1 writes it');
    // Compared as values: the difference is shown field by field.
    assert.deepEqual(JSON.parse(fresh), JSON.parse(readFileSync(file, 'utf8')));
  });

test('there is no file without a preset', () => {
  const known = new Set(sides.map(({ name }) => `${name}.json`));
  const others = readdirSync(folder).filter((file) => !known.has(file));
  if (update) for (const file of others) rmSync(new URL(file, folder));
  else assert.deepEqual(others, []);
});
