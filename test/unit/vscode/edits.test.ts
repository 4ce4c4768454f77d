import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inheritEdit, routeEdit } from '../../../src/core/config/edit/route-edits.ts';
import { addKeyEdit, enableEdit, moveTargetEdit, replaceKeyEdit } from '../../../src/vscode/edits.ts';

test('a route in the short form is replaced, in the long form its limits stay', () => {
  assert.deepEqual(routeEdit('think', 'a/b', 'old'), { path: ['routes', 'think'], value: 'a/b' });
  assert.deepEqual(routeEdit('think', 'a/b', undefined), { path: ['routes', 'think'], value: 'a/b' });
  assert.deepEqual(routeEdit('think', 'a/b', { to: 'old', effort: 'high' }), {
    path: ['routes', 'think', 'to'],
    value: 'a/b',
  });
  assert.deepEqual(inheritEdit('think'), { path: ['routes', 'think'], delete: true });
  const path = ['profiles', 'cheap', 'routes', 'think'];
  assert.deepEqual(routeEdit('think', 'a/b', { to: 'old' }, 'cheap'), {
    path: [...path, 'to'],
    value: 'a/b',
  });
  assert.deepEqual(inheritEdit('think', 'cheap'), { path, delete: true });
});

test('switching a provider on removes the field', () => {
  assert.deepEqual(enableEdit('a', false), { path: ['providers', 'a', 'enabled'], value: false });
  assert.deepEqual(enableEdit('a', true), { path: ['providers', 'a', 'enabled'], delete: true });
});

test('a key is added to every form of the list', () => {
  const path = ['providers', 'a', 'keys'];
  assert.deepEqual(addKeyEdit('a', 'env:B', undefined), { path, value: ['env:B'] });
  assert.deepEqual(addKeyEdit('a', 'env:B', 'env:A'), { path, value: ['env:A', 'env:B'] });
  assert.deepEqual(addKeyEdit('a', 'env:B', ['env:A']), { path: [...path, 1], value: 'env:B' });
});

test('a key is replaced where it stands', () => {
  const path = ['providers', 'a', 'keys'];
  const replace = (present: unknown) => replaceKeyEdit('a', 'env:A', 'secret:a', present);
  assert.deepEqual(replace('env:A'), { path, value: 'secret:a' });
  assert.deepEqual(replace(['env:X', 'env:A']), { path: [...path, 1], value: 'secret:a' });
  assert.deepEqual(replace([{ key: 'env:A' }]), { path: [...path, 0, 'key'], value: 'secret:a' });
  assert.equal(replace(['env:X']), undefined);
  assert.equal(replace(undefined), undefined);
});

test('targets move with all that belongs to them', () => {
  const present = ['a/1', { to: 'b/2' }, 'c/3'];
  const shown = ['a/1', 'b/2', 'c/3'];
  const path = ['groups', 'g', 'targets'];
  assert.deepEqual(moveTargetEdit('g', 1, 0, shown, present), {
    path,
    value: [{ to: 'b/2' }, 'a/1', 'c/3'],
  });
  assert.deepEqual(moveTargetEdit('g', 0, 2, shown, present), {
    path,
    value: [{ to: 'b/2' }, 'c/3', 'a/1'],
  });
});

test('an order that is not the shown one is left alone', () => {
  const shown = ['a/1', 'b/2'];
  assert.equal(moveTargetEdit('g', 0, 1, shown, ['a/1']), undefined);
  assert.equal(moveTargetEdit('g', 0, 1, shown, undefined), undefined);
  assert.equal(moveTargetEdit('g', 0, 0, shown, shown), undefined);
  assert.equal(moveTargetEdit('g', 0, 2, shown, shown), undefined);
});
