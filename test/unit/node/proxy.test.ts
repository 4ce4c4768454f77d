import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseProxy } from '../../../src/node/proxy.ts';

const none = { proxy: '', noProxy: [] };
const api = new URL('https://api.example.com/v1');

test('order: own setting, editor, environment', () => {
  const env = { HTTPS_PROXY: 'http://env:1', HTTP_PROXY: 'http://plain:1' };
  const editor = { proxy: 'http://editor:1', noProxy: [] };
  assert.equal(chooseProxy(api, 'http://own:1', { editor, env }), 'http://own:1');
  assert.equal(chooseProxy(api, 'direct', { editor, env }), undefined);
  assert.equal(chooseProxy(api, undefined, { editor, env }), 'http://editor:1');
  assert.equal(chooseProxy(api, undefined, { editor: none, env }), 'http://env:1');
  assert.equal(
    chooseProxy(new URL('http://api.example.com'), undefined, { editor: none, env }),
    'http://plain:1',
  );
  assert.equal(chooseProxy(api, undefined, { editor: none, env: {} }), undefined);
});

test('lower case wins, ALL_PROXY stands in, a bare host:port means http', () => {
  const env = { https_proxy: '127.0.0.1:7890', HTTPS_PROXY: 'http://upper:1' };
  assert.equal(chooseProxy(api, undefined, { editor: none, env }), 'http://127.0.0.1:7890');
  assert.equal(
    chooseProxy(api, undefined, { editor: none, env: { ALL_PROXY: 'socks5://p:1080' } }),
    'socks5://p:1080',
  );
});

test('loopback never goes through a proxy', () => {
  for (const url of ['http://localhost:11434', 'http://127.0.0.1:1/v1', 'http://[::1]:1'])
    assert.equal(
      chooseProxy(new URL(url), 'http://own:1', {
        editor: { proxy: 'http://e:1', noProxy: [] },
        env: { HTTP_PROXY: 'http://x:1' },
      }),
      undefined,
      url,
    );
});

test('NO_PROXY in all its forms', () => {
  const proxied = (noProxy: string, url: string): boolean =>
    chooseProxy(new URL(url), undefined, {
      editor: none,
      env: { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://p:1', NO_PROXY: noProxy },
    }) !== undefined;
  assert.equal(proxied('*', 'https://api.example.com'), false);
  assert.equal(proxied('example.com', 'https://api.example.com'), false);
  assert.equal(proxied('.example.com', 'https://api.example.com'), false);
  assert.equal(proxied('*.example.com', 'https://API.example.com'), false);
  assert.equal(proxied('ample.com', 'https://api.example.com'), true);
  assert.equal(proxied('other.org, api.example.com:443', 'https://api.example.com'), false);
  assert.equal(proxied('api.example.com:8443', 'https://api.example.com'), true);
  assert.equal(proxied('10.0.0.0/8', 'http://10.1.2.3:8000'), false);
  assert.equal(proxied('10.0.0.0/8', 'http://11.1.2.3:8000'), true);
  assert.equal(proxied('fd00::/8', 'http://[fd00::5]:8000'), false);
  assert.equal(proxied('10.0.0.0/99 nonsense/x', 'http://10.1.2.3'), true);
  assert.equal(proxied('', 'https://api.example.com'), true);
  // The editor's list counts for the environment's proxy too.
  const editor = { proxy: '', noProxy: ['api.example.com'] };
  assert.equal(chooseProxy(api, undefined, { editor, env: { HTTPS_PROXY: 'http://p:1' } }), undefined);
});
