import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  comparable,
  isAllowedOrigin,
  isLoopbackAddress,
  isLoopbackHost,
  presentedTokens,
  presents,
} from '../../../src/node/loopback.ts';

test('only loopback names pass as Host', () => {
  for (const host of ['localhost', 'LOCALHOST:3456', '127.0.0.1', '127.0.0.1:1', '[::1]', '[::1]:65535'])
    assert.equal(isLoopbackHost(host), true, host);
  const refused = [
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example:3456',
    'evil.example:3456',
    '127.0.0.1:3456:80',
    '127.0.0.1@evil.example',
    '::1',
    '[::2]',
    '0.0.0.0',
    '127.0.0.1 ',
    'localhost:',
    'localhost:99999999',
  ];
  for (const host of refused) assert.equal(isLoopbackHost(host), false, String(host));
});

test('web pages from elsewhere are refused, apps and local pages pass', () => {
  const passes = [
    undefined,
    '',
    'null',
    'http://localhost:5173',
    'https://127.0.0.1',
    'vscode-webview://abc',
    'app://x',
  ];
  for (const origin of passes) assert.equal(isAllowedOrigin(origin), true, String(origin));
  const refused = [
    'http://evil.example',
    'https://localhost.evil.example',
    'HTTPS://EVIL.EXAMPLE',
    'http://',
  ];
  for (const origin of refused) assert.equal(isAllowedOrigin(origin), false, origin);
});

test('loopback addresses of upstreams', () => {
  for (const name of ['localhost', 'api.localhost', '127.0.0.1', '127.8.8.8', '[::1]'])
    assert.equal(isLoopbackAddress(name), true, name);
  for (const name of ['example.com', '128.0.0.1', '127.0.0.1.example.com', 'localhost.example.com'])
    assert.equal(isLoopbackAddress(name), false, name);
});

test('tokens are found in every place and compared as a whole', () => {
  const found = presentedTokens(
    {
      authorization: 'Bearer a',
      'x-api-key': 'b',
      'x-goog-api-key': 'c',
      'api-key': 'd',
      'x-litellm-api-key': 'Bearer e',
    },
    new URLSearchParams('key=f'),
  );
  assert.deepEqual(found.sort(), ['a', 'b', 'c', 'd', 'e', 'f']);
  assert.deepEqual(presentedTokens({ accept: '*/*' }, undefined), []);
  const expected = comparable('the-token');
  assert.equal(presents(['no', 'the-token'], expected), true);
  for (const wrong of [[], [''], ['the-toke'], ['the-token '], ['the-tokenn']])
    assert.equal(presents(wrong, expected), false);
  const long = comparable('x'.repeat(2000));
  assert.equal(presents(['x'.repeat(2000)], long), true);
  for (const wrong of ['x'.repeat(2001), 'y'.repeat(2000), 'x'.repeat(1024)])
    assert.equal(presents([wrong], long), false, 'long credentials are compared as a whole too');
});
