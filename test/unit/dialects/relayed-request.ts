// A request that goes on to an upstream of the client's own dialect, byte by byte as it is sent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelConfig } from '../../../src/core/config/router-config.ts';
import type { DialectId } from '../../../src/core/dialects/dialect.ts';
import { plainQuirks, type Quirks } from '../../../src/core/dialects/quirks.ts';
import { encodeAttempt } from '../../../src/core/gateway/encode-attempt.ts';
import { readRequest } from '../../../src/core/gateway/read-request.ts';
import { matchEndpoint } from '../../../src/core/http/endpoints.ts';
import { deploymentsOf } from '../../../src/core/routing/candidates.ts';
import { model, provider, routerConfig } from '../../tools/config-builder.ts';
import { textOfPieces } from '../../tools/pieces.ts';

export type Relayed = Exclude<DialectId, 'anthropic'>;

/** `id`: the model's name at the provider, which is called `up`. */
export interface Upstream extends Partial<ModelConfig> {
  quirks?: Partial<Quirks>;
}

const paths: Readonly<Record<Relayed, string>> = {
  'openai-chat': '/v1/chat/completions',
  'openai-responses': '/v1/responses',
  gemini: '/v1beta/models/auto:generateContent',
};

/** The body as the upstream gets it, and what the log tells of it. */
export function relayedRequest(dialect: Relayed, sent: string, upstream: Upstream = {}) {
  const { quirks = {}, id = 'real', ...more } = upstream;
  const config = routerConfig({
    providers: [provider('up', [model(id, more)], { dialect, quirks: { ...plainQuirks, ...quirks } })],
    routes: { default: `up/${id}` },
  });
  const [deployment] = deploymentsOf(config, 'up', id);
  assert.ok(deployment);
  const asked = {
    method: 'POST',
    path: paths[dialect],
    query: new URLSearchParams(),
    headers: {},
    body: new TextEncoder().encode(sent),
    signal: new AbortController().signal,
  };
  const endpoint = matchEndpoint('POST', paths[dialect]);
  const { client, request, body, hub, carried } = readRequest(endpoint, asked);
  const before = JSON.stringify(body);
  const encoded = encodeAttempt({
    client,
    request,
    body,
    hub,
    rewritten: false,
    mustRelay: carried.length > 0,
    deployment,
    key: 'KEY',
    dropParams: true,
    remedies: [],
    version: '0.0.0',
  });
  assert.ok(encoded.relayed, 'it is not converted');
  assert.equal(JSON.stringify(body), before, 'the original stays as it is');
  return { body: textOfPieces(encoded.body), notes: encoded.notes };
}

/** Written as no serializer would: a member that is written anew shows. */
const oddities = '"x_odd" : [1.0, 1e3, "\\u00e9"]';

/** What the client sends besides the oddities, what arrives of it, at whom, and what the log tells. */
export type Case = readonly [sent: string, arrives: string, upstream?: Upstream, told?: RegExp];

/** @param cases members with the comma before them: those that were added stand right behind the last one */
export function testCases(dialect: Relayed, cases: Readonly<Record<string, Case>>): void {
  const text = (name: string, members: string) =>
    `{ ${dialect === 'gemini' ? '' : `"model" : "${name}", `}${oddities}${members}\n}`;
  for (const [name, [sent, arrives, upstream = {}, told]] of Object.entries(cases))
    test(`${dialect}: ${name}`, () => {
      const { body, notes } = relayedRequest(dialect, text('auto', sent), upstream);
      assert.equal(body, text(upstream.id ?? 'real', arrives));
      if (told) assert.match(notes.join('\n'), told);
      else assert.deepEqual(notes, []);
    });
}
