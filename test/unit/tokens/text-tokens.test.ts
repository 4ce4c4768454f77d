import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { textTokens } from '../../../src/core/tokens/text-tokens.ts';

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i));
const hash = (kind: string, index: number) => createHash(kind).update(String(index));
const sha512 = (index: number) => hash('sha512', index).digest('base64');
const uuid = (index: number) =>
  hash('md5', index)
    .digest('hex')
    .replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
const locked = (i: number) =>
  `    "node_modules/package-${i}": {\n      "version": "1.${i}.0",\n      "resolved": "https://registry.example/package-${i}/-/package-${i}-1.${i}.0.tgz",\n      "integrity": "sha512-${sha512(i)}"\n    },`;

/** Each with the count of o200k_base, by gpt-tokenizer 4.0.0. */
const samples: Record<string, [string, number]> = {
  hashes: [lines(60, (i) => `${hash('sha256', i).digest('hex')}  lib/file-${i}.so`).join('\n'), 2608],
  base64: [lines(40, sha512).join('\n'), 2425],
  UUIDs: [lines(60, uuid).join('\n'), 1451],
  'a lock file': [lines(30, locked).join('\n'), 3544],
  code: [
    'export function parse(text: string): URL {\n  if (text === "") throw new Error("must not be empty");\n  return new URL(text);\n}\n'.repeat(
      20,
    ),
    620,
  ],
  Russian: ['Маршрутизатор выбирает поставщика и повторяет запрос при сбое. '.repeat(20), 341],
  Arabic: ['يختار الموجه المزود ويعيد المحاولة عند الفشل. '.repeat(20), 301],
  Hindi: ['राउटर प्रदाता चुनता है और विफल होने पर पुनः प्रयास करता है। '.repeat(20), 401],
  Chinese: ['路由器选择一个提供商,失败时切换到另一个。请编辑配置文件。'.repeat(20), 420],
  Japanese: ['ルーターはプロバイダーを選び、失敗したら別のものに切り替えます。'.repeat(20), 520],
  German: [
    'Der Verteiler wählt einen Anbieter und wiederholt die Anfrage, wenn sie fehlschlägt. '.repeat(20),
    421,
  ],
};

for (const [name, [text, tokens]] of Object.entries(samples))
  test(`${name}: near OpenAI's tokenizer, and not below it by more than a tenth`, () => {
    const ratio = textTokens(text) / tokens;
    assert.ok(ratio >= 0.9 && ratio <= 1.6, ratio.toFixed(2));
  });
