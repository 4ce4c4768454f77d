// Whatever a client of any dialect sends, if it is taken at all, then every provider takes what is made of it: requests
// that are in form but not in order, against the checks of the scripted upstreams, which are as strict as the real ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClientError } from '../../../src/core/client-error.ts';
import { dialectIds } from '../../../src/core/dialects/dialect.ts';
import { askedOf } from '../../../src/core/dialects/gemini/client/asked-request.ts';
import type { HubRequest } from '../../../src/core/dialects/hub.ts';
import { clientDialect } from '../../../src/core/dialects/registry.ts';
import { sides } from '../../tools/scripted-upstream-sides.ts';
import { type RecordedRequest, Refusal } from '../../tools/scripted-upstream-types.ts';
import { seeded } from '../../tools/seeded.ts';
import { target } from './claude-code-request.ts';
import { dialect } from './decode.ts';
import { messyRequest } from './messy-requests.ts';

const rules = {
  maxOutput: undefined,
  systemRole: true,
  extensions: ['reasoning_content', 'reasoning_text'],
  signatures: new Set(['U0lH', 'RU5D']),
};

for (const from of dialectIds)
  test(`what ${from} clients send in any order is taken by every provider`, () => {
    const pick = seeded(40);
    let taken = 0;
    for (let round = 0; round < 400; round++) {
      const body = messyRequest(from, pick);
      let request: HubRequest;
      try {
        const asked = from === 'gemini' ? askedOf(body, 'm', body.stream === true) : body;
        request = clientDialect(from)?.decodeRequest(asked) ?? assert.fail(`no client side of ${from}`);
      } catch (error) {
        assert.ok(error instanceof ClientError, `${error}`);
        continue;
      }
      taken++;
      for (const to of dialectIds) {
        // Between the same dialects the client's own mistakes are the provider's to refuse.
        if (from === to) continue;
        checkAt(to, request, body);
      }
    }
    assert.ok(taken > 100, `${taken} of 400 were requests`);
  });

function checkAt(to: (typeof dialectIds)[number], request: HubRequest, body: unknown): void {
  const model = to === 'gemini' ? 'gemini-3-flash' : 'm';
  const profile = target({ fileParts: true, reasoningHistory: 'reasoning_content' }, { model });
  const encoded = JSON.parse(JSON.stringify(dialect(to).encodeRequest(request, profile).body));
  const asked = { body: encoded, headers: { 'anthropic-version': '2023-06-01' }, kind: 'message', model };
  try {
    sides[to].check(asked as unknown as RecordedRequest, rules);
  } catch (error) {
    assert.ok(error instanceof Refusal, `${error}`);
    assert.fail(
      `${to}: ${error.message}\nof ${JSON.stringify(body).slice(0, 3000)}\nmade ${JSON.stringify(encoded).slice(0, 3000)}`,
    );
  }
}
