import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { findPortOwner } from '../../../src/node/port-owner.ts';

test('the program that holds a port is named', async (t) => {
  if (process.platform !== 'linux') return t.skip('only Linux tells which program holds a port');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const owner = findPortOwner(port);
  assert.equal(owner?.pid, process.pid);
  assert.match(owner?.name ?? '', /node/);
  await new Promise((resolve) => server.close(resolve));
  assert.equal(findPortOwner(port), undefined);
});
