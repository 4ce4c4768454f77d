// The control API is for other windows of the same user and for nobody else.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { identify } from '../../src/node/control-client.ts';
import { isProof, newNonce, prove } from '../../src/node/control-proof.ts';
import { startTestRouter } from '../tools/router-harness.ts';

test('only the control secret opens it', async (t) => {
  const router = await startTestRouter(t);
  const secret = readFileSync(join(router.init.home, 'control'), 'utf8').trim();
  const ask = (path: string, credential: string, init: RequestInit = {}) =>
    fetch(`${router.url}/_switchyard/${path}`, {
      ...init,
      headers: { authorization: `Bearer ${credential}` },
    });
  for (const path of ['state', 'events', 'call', 'nowhere']) {
    for (const credential of [router.token, 'nonsense', '']) {
      const response = await ask(path, credential);
      assert.equal(response.status, 401, `${path} ${credential}`);
      await response.text();
    }
  }
  const state = await ask('state', secret);
  assert.equal(state.status, 200);
  assert.equal(((await state.json()) as { phase: string }).phase, 'listening');
  assert.equal((await ask('nowhere', secret)).status, 404);
  const call = (body: unknown) => ask('call', secret, { method: 'POST', body: JSON.stringify(body) });
  assert.deepEqual(await (await call({ call: 'setPaused', params: { paused: true } })).json(), {
    ok: true,
    value: null,
  });
  // What carries a key typed a moment ago stays in the window where it was typed.
  for (const name of ['listModels', 'testProvider', 'toString', '']) {
    const refused = (await (await call({ call: name, params: {} })).json()) as { ok: boolean };
    assert.equal(refused.ok, false, name);
  }
  assert.equal((await call('setPaused')).status, 400);
  const asClient = await fetch(`${router.url}/v1/models`, { headers: { authorization: `Bearer ${secret}` } });
  assert.equal(asClient.status, 401, 'the control secret is no client token');
});

test('the hello proves the secret for one nonce and one port', async (t) => {
  const router = await startTestRouter(t);
  const secret = readFileSync(join(router.init.home, 'control'), 'utf8').trim();
  const nonce = newNonce();
  const hello = await (await fetch(`${router.url}/_switchyard/hello?nonce=${nonce}`)).json();
  assert.equal((hello as { product: string }).product, 'switchyard');
  const { proof } = hello as { proof: string };
  assert.equal(isProof(proof, secret, router.port, nonce), true);
  assert.equal(isProof(proof, secret, router.port, newNonce()), false);
  assert.equal(isProof(proof, secret, router.port + 1, nonce), false);
  assert.equal(isProof(proof, 'other', router.port, nonce), false);
  assert.equal(isProof(undefined, secret, router.port, nonce), false);
  assert.notEqual(prove(secret, 1, nonce), prove(secret, 2, nonce));
  for (const bad of ['', '?nonce=', '?nonce=xyz', `?nonce=${'a'.repeat(200)}`])
    assert.equal((await fetch(`${router.url}/_switchyard/hello${bad}`)).status, 400, bad);
  assert.deepEqual(await identify(router.port, secret), {
    kind: 'ours',
    pid: process.pid,
    version: '0.0.0-test',
  });
  assert.deepEqual(await identify(router.port, 'other'), {
    kind: 'stranger',
    product: 'Switchyard',
    pid: process.pid,
  });
});

test('the usual checks hold here too', async (t) => {
  const router = await startTestRouter(t);
  const secret = readFileSync(join(router.init.home, 'control'), 'utf8').trim();
  const response = await fetch(`${router.url}/_switchyard/state`, {
    headers: { authorization: `Bearer ${secret}`, origin: 'https://evil.example' },
  });
  assert.equal(response.status, 403);
});
