import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredSecret } from '../../../src/core/config/stored-secret.ts';
import { type SecretStorage, Secrets } from '../../../src/vscode/secrets.ts';

/** A storage in memory that can hang or fail. */
class Storage implements SecretStorage {
  readonly values = new Map<string, string>();
  mode: 'fine' | 'hangs' | 'fails' = 'fine';
  #listeners = new Set<(event: { key: string }) => void>();

  readonly onDidChange = (listener: (event: { key: string }) => unknown) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };
  keys = () => this.#answer([...this.values.keys()]);
  get = (key: string) => this.#answer(this.values.get(key));
  store = (key: string, value: string) => {
    this.values.set(key, value);
    return this.#answer(undefined);
  };
  delete = (key: string) => {
    this.values.delete(key);
    return this.#answer(undefined);
  };
  changedElsewhere(key: string): void {
    for (const listener of this.#listeners) listener({ key });
  }
  #answer<T>(value: T): Promise<T> {
    if (this.mode === 'hangs') return new Promise(() => {});
    return this.mode === 'fails' ? Promise.reject(new Error('no keyring')) : Promise.resolve(value);
  }
}

const entered = { value: 'key-1', places: ['api.groq.com'] };

function setUp(timeout = 10) {
  const storage = new Storage();
  const changes: Record<string, StoredSecret>[] = [];
  const secrets: Secrets = new Secrets(storage, () => changes.push(secrets.values), timeout);
  return { storage, secrets, changes };
}

test('only our own secrets are read, without their prefix', async () => {
  const { storage, secrets, changes } = setUp();
  storage.values.set('switchyard.secret.groq', 'key-1');
  storage.values.set('other', 'x');
  await secrets.load();
  assert.deepEqual(changes, [{ groq: { value: 'key-1', places: [] } }], 'it may go nowhere unasked');
  assert.ok(secrets.available);
  assert.ok(secrets.has('groq'));
  assert.ok(!secrets.has('toString'));
});

for (const mode of ['hangs', 'fails'] as const) {
  test(`a storage that ${mode} is told as unavailable and keeps nobody waiting`, async () => {
    const { storage, secrets, changes } = setUp();
    storage.mode = mode;
    await secrets.load();
    assert.equal(secrets.available, false);
    assert.equal(changes.length, 1);
  });

  test(`a key entered while the storage ${mode} serves all the same`, async () => {
    const { storage, secrets } = setUp();
    storage.mode = mode;
    await assert.rejects(secrets.set('groq', 'key-1', ['api.groq.com']));
    assert.deepEqual(secrets.values, { groq: entered });
  });
}

test('a key is stored under its name, with the places that it was entered for', async () => {
  const { storage, secrets } = setUp();
  await secrets.set('groq', 'key-1', ['api.groq.com']);
  assert.equal(storage.values.get('switchyard.secret.groq'), 'key-1');
  assert.deepEqual(secrets.values, { groq: entered });
  const again = new Secrets(storage, () => {}, 10);
  await again.load();
  assert.deepEqual(again.values, { groq: entered }, 'and is so after a restart');
  await secrets.set('groq', 'key-2', ['relay.test']);
  assert.deepEqual(secrets.values, { groq: { value: 'key-2', places: ['relay.test'] } });
});

test('what the user decided about a place is kept, with the key', async () => {
  const { storage, secrets } = setUp();
  await secrets.set('groq', 'key-1', ['api.groq.com']);
  await secrets.decide('groq', 'evil.test', false);
  await secrets.decide('groq', 'relay.test', true);
  const again = new Secrets(storage, () => {}, 10);
  await again.load();
  for (const each of [secrets, again]) {
    assert.deepEqual(each.values, { groq: { value: 'key-1', places: ['api.groq.com', 'relay.test'] } });
    assert.ok(each.isRefused('groq', 'evil.test'));
    assert.ok(!each.isRefused('groq', 'relay.test'));
  }
  await again.set('groq', 'key-1', ['evil.test']);
  assert.ok(!again.isRefused('groq', 'evil.test'), 'entering it for a place is a decision too');
});

test('damaged places allow nothing', async () => {
  const { storage, secrets } = setUp();
  for (const text of ['', 'x', '[]', '{"allowed":"evil.test"}', '{"allowed":[{}]}']) {
    storage.values.set('switchyard.secret.groq', 'key-1');
    storage.values.set('switchyard.places.groq', text);
    await secrets.load();
    assert.deepEqual(secrets.values, { groq: { value: 'key-1', places: [] } }, text);
  }
});

test('a change in another window arrives; one that is known already changes nothing', async () => {
  const { storage, secrets, changes } = setUp();
  await secrets.set('groq', 'key-1', ['api.groq.com']);
  changes.length = 0;
  storage.changedElsewhere('switchyard.secret.groq');
  storage.values.set('switchyard.secret.groq', 'key-2');
  storage.changedElsewhere('switchyard.secret.groq');
  storage.values.set('switchyard.places.groq', '{"allowed":["api.groq.com","b.test"],"refused":[]}');
  storage.changedElsewhere('switchyard.places.groq');
  await new Promise(setImmediate);
  storage.values.delete('switchyard.secret.groq');
  storage.changedElsewhere('switchyard.secret.groq');
  storage.changedElsewhere('unrelated');
  await new Promise(setImmediate);
  assert.deepEqual(changes, [
    { groq: { value: 'key-2', places: ['api.groq.com'] } },
    { groq: { value: 'key-2', places: ['api.groq.com', 'b.test'] } },
    {},
  ]);
});

test('the last values stay in force when the storage falls silent', async () => {
  const { storage, secrets } = setUp();
  await secrets.set('groq', 'key-1', ['api.groq.com']);
  storage.mode = 'hangs';
  await secrets.load();
  assert.deepEqual(secrets.values, { groq: entered });
  assert.equal(secrets.available, false);
});
