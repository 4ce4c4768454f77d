import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageSize } from '../../../src/core/tokens/image-size.ts';

const base64 = (...parts: (number[] | string)[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1'))).toString('base64');
const segment = (marker: number, size: number) =>
  `\xff${String.fromCharCode(marker, (size + 2) >> 8, (size + 2) & 255)}${'\xff\xc0'.repeat(size / 2)}`;

/** The beginnings of files, 300 × 200 unless said otherwise. */
const heads: Record<string, string> = {
  png: base64('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', [0, 0, 1, 0x2c], [0, 0, 0, 200], '\x08\x06\0\0\0'),
  gif: base64('GIF89a', [0x2c, 1], [200, 0], '\x80\0\0'),
  'jpeg with a large EXIF segment': base64(
    '\xff\xd8',
    segment(0xe1, 65_000),
    segment(0xe2, 65_000),
    segment(0xc4, 100),
    '\xff\xff\xc2\0\x11\x08',
    [0, 200],
    [1, 0x2c],
    '\x03',
    '\0'.repeat(50),
  ),
  'webp, lossy': base64('RIFF....WEBPVP8 ', '....', '...', '\x9d\x01\x2a', [0x2c, 1], [200, 0], '....'),
  'webp, lossless': base64('RIFF....WEBPVP8L', '....', '/', [0x2b, 0xc1, 0x31, 0], '........'),
  'webp, extended': base64('RIFF....WEBPVP8X', '....', [0, 0, 0, 0], [0x2b, 1, 0], [199, 0, 0], '....'),
};

for (const [kind, head] of Object.entries(heads))
  test(`${kind}: the size is read`, () => {
    assert.deepEqual(imageSize(head), { width: 300, height: 200 });
  });

test('only the header is decoded, however large the image', (t) => {
  let decoded = 0;
  const { atob } = globalThis;
  t.mock.method(globalThis, 'atob', (text: string) => {
    decoded += text.length;
    return atob(text);
  });
  for (const head of Object.values(heads)) imageSize(head.replace(/=+$/, '') + 'A'.repeat(4_000_000));
  assert.ok(decoded > 0 && decoded < 2_000, `${decoded} characters were decoded`);
});

test('what is no image, or not all of one, has no size', () => {
  const nothing = [
    '',
    'A',
    '!!!!',
    base64('BM..'),
    base64('\x89P'),
    base64('\xff\xd8\xff'),
    base64('\xff\xd8', '\xff\xe1\0\0'.repeat(10_000)),
    base64('\xff\xd8', 'no marker at all, not here'),
    base64('RIFF....WAVEfmt ................'),
    base64('GIF89a', [0, 0], [0, 0], '....'),
  ];
  for (const text of nothing) assert.equal(imageSize(text), undefined, text.slice(0, 20));
  for (const head of Object.values(heads))
    for (let length = 0; length < Math.min(head.length, 60); length++) {
      const size = imageSize(head.slice(0, length));
      assert.ok(size === undefined || (size.width <= 300 && size.height <= 200), head.slice(0, length));
    }
});
