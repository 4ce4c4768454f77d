import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readOrCreateSecret, writePrivateFile } from '../../../src/node/private-files.ts';
import { keepPort, readPort } from '../../../src/node/state-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'switchyard-files-'));
after(() => rmSync(folder, { recursive: true }));

test('a secret is made once, readable by the user only', () => {
  const file = join(folder, 'token');
  const secret = readOrCreateSecret(file);
  assert.match(secret, /^[0-9a-f]{64}$/);
  assert.equal(readOrCreateSecret(file), secret);
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test("a user's own secret is kept, its loose mode tightened, an empty file filled", () => {
  const own = join(folder, 'own');
  writeFileSync(own, '  my-own-token \n', { mode: 0o644 });
  chmodSync(own, 0o644);
  assert.equal(readOrCreateSecret(own), 'my-own-token');
  assert.equal(statSync(own).mode & 0o777, 0o600);
  const empty = join(folder, 'empty');
  writeFileSync(empty, '\n');
  assert.match(readOrCreateSecret(empty), /^[0-9a-f]{64}$/);
});

test('a write replaces the file as a whole and leaves no drafts', () => {
  const file = join(folder, 'state');
  writePrivateFile(file, 'one');
  writePrivateFile(file, 'two');
  assert.equal(readFileSync(file, 'utf8'), 'two');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith('.tmp')),
    [],
  );
  assert.throws(() => writePrivateFile(join(folder, 'missing', 'state'), 'x'));
});

test('the first port stays; a damaged file is replaced', () => {
  const file = join(folder, 'state.json');
  assert.equal(readPort(file), undefined);
  keepPort(file, 3456);
  keepPort(file, 4000);
  assert.equal(readPort(file), 3456);
  for (const damaged of ['{"port":', '[]', '{"port":"3456"}', '{"port":0}', '{"port":70000}', 'null']) {
    writeFileSync(file, damaged);
    assert.equal(readPort(file), undefined, damaged);
  }
  keepPort(file, 4000);
  assert.equal(readPort(file), 4000);
});
