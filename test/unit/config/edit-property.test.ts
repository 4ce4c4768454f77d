// Random files and random edits: the data is as expected, and every line that the edit does not concern is untouched.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isCollection, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { applyEdit, ConfigEditError } from '../../../src/core/config/edit/apply-edit.ts';
import { type ConfigEdit, changeData, sameData } from '../../../src/core/config/edit/edit-data.ts';
import { Chance, type Data, randomMap, randomValue, writeYaml } from './random-config.ts';

type Path = (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Array.isArray(value)
    ? value.flatMap((item, index) => pathsOf(item, [...path, index]))
    : Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]));
  return path.length === 0 ? below : [path, ...below];
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (inner as Record<string | number, unknown> | undefined)?.[step],
    value,
  );
}

function randomEdit(data: Data, chance: Chance): ConfigEdit {
  const paths = pathsOf(data);
  const existing = paths.length === 0 ? undefined : chance.one(paths);
  const value = randomValue(chance, 2);
  if (existing === undefined || chance.maybe(25)) {
    // Something new: below an existing map or list, or at the top.
    const holders = [[], ...paths.filter((path) => typeof at(data, path) === 'object')];
    const holder = chance.one(holders);
    const inside = at(data, holder);
    const step = Array.isArray(inside) ? inside.length : chance.one(['new', 'new:x', 'a']);
    return { path: [...holder, step, ...(chance.maybe(20) ? ['deeper'] : [])], value };
  }
  if (chance.maybe(30)) return { path: existing, delete: true };
  const old = at(data, existing);
  if (Array.isArray(old) && old.length > 1 && chance.maybe(60)) {
    const shuffled = [...old].sort(() => chance.below(3) - 1);
    return { path: existing, value: chance.maybe(30) ? [...shuffled.slice(1), value] : shuffled };
  }
  return { path: existing, value };
}

/** First and last line (0-based) of what the edit may touch, found by the parser's own ranges. */
function touchable(text: string, edit: ConfigEdit): { first: number; last: number } {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, stringKeys: true, keepSourceTokens: true });
  const lineOf = (offset: number) => counter.linePos(offset).line - 1;
  let node = document.contents as Node | null;
  let first = 0;
  let widest: { first: number; last: number } | undefined;
  for (const step of edit.path) {
    if (!isCollection(node)) break;
    const extent = { first, last: lineOf(lastContent(node, text)) };
    const pair = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && item.key.value === step)
      : undefined;
    const next = isMap(node)
      ? (pair?.value as Node | undefined)
      : (node.items[Number(step)] as Node | undefined);
    const isLast = step === edit.path.at(-1);
    // Commas belong to two entries; an emptied collection and one that opens change as a whole.
    const shared =
      node.flow === true ||
      node.items.length === 0 ||
      (isLast && 'delete' in edit && node.items.length === 1);
    if (shared && widest === undefined) widest = extent;
    if (next === undefined) break;
    const start = isMap(node) ? (pair?.key as Node | undefined)?.range?.[0] : dashOf(node, Number(step));
    first = lineOf(start ?? next.range?.[0] ?? 0);
    // The first entry behind a dash: the next one moves up.
    if (isLast && 'delete' in edit && isMap(node) && node.flow !== true && pair === node.items[0])
      widest ??= extent;
    node = next;
  }
  if (widest !== undefined) return widest;
  return { first, last: node === null ? first : lineOf(lastContent(node, text)) };
}

function dashOf(list: Node, index: number): number | undefined {
  const token = list.srcToken as { items?: { start: { type: string; offset: number }[] }[] } | undefined;
  return token?.items?.[index]?.start.find((part) => part.type === 'seq-item-ind')?.offset;
}

function lastContent(node: Node, text: string): number {
  let end = node.range?.[0] ?? 0;
  const reach = (offset: number | undefined) => {
    end = Math.max(end, (offset ?? 0) - 1);
  };
  visit(node, {
    Scalar: (_, scalar) => reach(scalar.range?.[1]),
    Collection: (_, collection) => {
      if (collection.flow === true) reach(collection.range?.[1]);
    },
  });
  while (end > 0 && /\s/.test(text[end] ?? '')) end--;
  return end;
}

function assertUntouched(before: string, after: string, edit: ConfigEdit): void {
  const old = before.split('\n');
  const now = after.split('\n');
  const { first, last } = touchable(before, edit);
  // Comments right above a list's items travel with them.
  const exists = (line: number) => line >= 0 && line < old.length;
  let from = first;
  while (exists(from - 1) && /^\s*#/.test(old[from - 1] ?? '')) from--;
  for (let index = 0; index < from; index++) assert.equal(now[index], old[index], `line ${index + 1}`);
  const below = old.length - 1 - last;
  for (let index = 1; index <= below; index++)
    assert.equal(now.at(-index), old.at(-index), `line ${old.length - index + 1}`);
}

test('1200 random edits of random YAML files', () => {
  let refused = 0;
  let changed = 0;
  for (let seed = 1; seed <= 600; seed++) {
    const chance = new Chance(seed);
    let data = randomMap(chance, 3, 2);
    let text = writeYaml(data, chance);
    for (let round = 0; round < 2; round++) {
      const edit = randomEdit(data, chance);
      const where = `seed ${seed}, ${JSON.stringify(edit)}\n${text}`;
      let result: string;
      try {
        result = applyEdit(text, edit, false);
      } catch (error) {
        // Only for a reason: a path through a text.
        assert.ok(
          error instanceof ConfigEditError && /something else/.test(error.message),
          `${String(error)}\n${where}`,
        );
        refused++;
        continue;
      }
      const expected = changeData(data, edit) as Data;
      const parsed = parseDocument(result, { stringKeys: true });
      assert.deepEqual(parsed.errors, [], where);
      assert.ok(sameData(parsed.toJS() ?? {}, expected), `${where}\n---\n${result}`);
      if (result !== text) {
        changed++;
        try {
          assertUntouched(text, result, edit);
        } catch (error) {
          throw new Error(`${(error as Error).message}\n${where}\n---\n${result}`);
        }
      }
      data = expected;
      text = result;
    }
  }
  assert.ok(changed > 700, `${changed} changed`);
  assert.ok(refused < 120, `${refused} refused`);
});

test('300 random edits of random JSON files', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const chance = new Chance(seed);
    const data = randomMap(chance, 3, 2);
    const text = `${JSON.stringify(data, null, chance.one(['  ', '\t', '    ']))}\n`;
    const edit = randomEdit(data, chance);
    let result: string;
    try {
      result = applyEdit(text, edit, true);
    } catch (error) {
      assert.ok(
        error instanceof ConfigEditError && /something else/.test(error.message),
        `${String(error)} seed ${seed}`,
      );
      continue;
    }
    assert.ok(
      sameData(JSON.parse(result), changeData(data, edit)),
      `seed ${seed}, ${JSON.stringify(edit)}\n${text}\n---\n${result}`,
    );
    if (result !== text) assertUntouched(text, result, edit);
  }
});
