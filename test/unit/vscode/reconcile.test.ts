import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Row } from '../../../src/vscode/present/row.ts';
import { type RowNode, reconcile } from '../../../src/vscode/views/reconcile.ts';

function row(id: string, description = '', children?: Row[]): Row {
  return {
    id,
    label: id,
    description,
    speech: id,
    context: '',
    subject: { kind: 'group', group: id },
    ...(children === undefined ? {} : { children }),
  };
}

function changedIds(changed: RowNode[] | 'all'): string[] | 'all' {
  return changed === 'all' ? 'all' : changed.map((node) => node.row.id);
}

test('the same rows change nothing and keep their nodes', () => {
  const first = reconcile([], [row('a', '', [row('a1')]), row('b')]);
  assert.equal(first.changed, 'all');
  const second = reconcile(first.roots, [row('a', '', [row('a1')]), row('b')]);
  assert.deepEqual(second.changed, []);
  assert.equal(second.roots[0], first.roots[0]);
  assert.equal(second.roots[0]?.children[0], first.roots[0]?.children[0]);
});

test('only the row that differs is refreshed', () => {
  const first = reconcile([], [row('a', '', [row('a1', '9 s'), row('a2')]), row('b')]);
  const second = reconcile(first.roots, [row('a', '', [row('a1', '8 s'), row('a2')]), row('b')]);
  assert.deepEqual(changedIds(second.changed), ['a1']);
  assert.equal(second.roots[0]?.children[0]?.row.description, '8 s');
});

test('children that come, go or move refresh their parent', () => {
  const first = reconcile([], [row('a', '', [row('a1'), row('a2')]), row('b')]);
  const moved = reconcile(first.roots, [row('a', '', [row('a2'), row('a1')]), row('b')]);
  assert.deepEqual(changedIds(moved.changed), ['a']);
  const gone = reconcile(moved.roots, [row('a', '', [row('a2')]), row('b')]);
  assert.deepEqual(changedIds(gone.changed), ['a']);
  assert.equal(gone.roots[0]?.children.length, 1);
});

test('a refreshed parent covers its children', () => {
  const first = reconcile([], [row('a', 'x', [row('a1', 'x')])]);
  const second = reconcile(first.roots, [row('a', 'y', [row('a1', 'y')])]);
  assert.deepEqual(changedIds(second.changed), ['a']);
});

test('roots that come, go or move refresh the whole view', () => {
  const first = reconcile([], [row('a'), row('b')]);
  assert.equal(reconcile(first.roots, [row('b'), row('a')]).changed, 'all');
  assert.equal(reconcile(first.roots, [row('a')]).changed, 'all');
  assert.equal(reconcile(first.roots, [row('a'), row('b'), row('c')]).changed, 'all');
});

test('parents are known', () => {
  const { roots } = reconcile([], [row('a', '', [row('a1')])]);
  assert.equal(roots[0]?.children[0]?.parent, roots[0]);
});
