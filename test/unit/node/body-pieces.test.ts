import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { sendable } from '../../../src/node/body-pieces.ts';
import { NetworkTransport } from '../../../src/node/upstream.ts';

const filled = (size: number, text: string) => Buffer.alloc(size, text);

test('a small body goes in one piece', () => {
  const { body, headers } = sendable([Buffer.from('{"model":'), Buffer.from('"m"'), Buffer.from('}')]);
  assert.deepEqual(body, Buffer.from('{"model":"m"}'));
  assert.deepEqual(headers, {});
});

test('of a large body the large pieces are not copied, the small ones between are joined', () => {
  const large = filled(100_000, 'a');
  const { body, headers } = sendable([Buffer.from('b'), Buffer.from('c'), large, Buffer.from('d')]);
  const sent = [...(body as unknown as Iterable<Uint8Array>)];
  assert.deepEqual(
    sent.map((piece) => piece.length),
    [2, 100_000, 1],
  );
  assert.equal(sent[1], large);
  assert.deepEqual(headers, { 'content-length': '100003' });
});

test('a large body arrives whole, with its length and not in chunks', async (t) => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
      const body = Buffer.concat(chunks);
      const ends = [body.subarray(0, 4).toString(), body.subarray(-4).toString()];
      response.end(JSON.stringify({ length, encoding, size: body.length, ends }));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const transport = new NetworkTransport({ env: {}, log() {} });
  t.after(async () => {
    await transport.close();
    server.close();
  });
  // Twice over the same connection: nothing of the first may be left in it.
  for (const round of [1, 2]) {
    const answer = await transport.send({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: [Buffer.from(`${round}abc`), filled(5_000_000, 'x'), Buffer.from('wxyz')],
      connectTimeout: 5,
      signal: new AbortController().signal,
    });
    let text = '';
    for await (const chunk of answer.body) text += Buffer.from(chunk).toString();
    assert.deepEqual(JSON.parse(text), {
      length: '5000008',
      size: 5_000_008,
      ends: [`${round}abc`, 'wxyz'],
    });
  }
});

test('an upstream that answers before it has read a large body is heard', async (t) => {
  const server = createServer((request, response) => {
    request.once('data', () => {
      request.pause();
      response.writeHead(413).end('too large');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const transport = new NetworkTransport({ env: {}, log() {} });
  t.after(async () => {
    await transport.close();
    server.close().closeAllConnections();
  });
  const answer = await transport.send({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    method: 'POST',
    headers: {},
    body: [filled(20_000_000, 'x')],
    connectTimeout: 5,
    signal: new AbortController().signal,
  });
  let text = '';
  for await (const chunk of answer.body) text += Buffer.from(chunk).toString();
  assert.deepEqual([answer.status, text], [413, 'too large']);
});
