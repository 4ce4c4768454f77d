import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUpstreamFailure } from '../../../src/core/failure.ts';
import { SseSplitter } from '../../../src/core/sse/splitter.ts';

const encoder = new TextEncoder();

function splitText(text: string, size = text.length * 4) {
  const bytes = encoder.encode(text);
  const splitter = new SseSplitter();
  const events = [];
  for (let at = 0; at < bytes.length; at += size)
    events.push(...splitter.push(bytes.subarray(at, at + size)));
  events.push(...splitter.end());
  return events;
}

function fields(text: string, size?: number): [string, string][] {
  return splitText(text, size).map(({ event, data }) => [event, data]);
}

const cases: { name: string; text: string; expected: [string, string][] }[] = [
  {
    name: 'LF',
    text: 'event: a\ndata: 1\n\ndata: 2\n\n',
    expected: [
      ['a', '1'],
      ['', '2'],
    ],
  },
  {
    name: 'CRLF',
    text: 'event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n',
    expected: [
      ['a', '1'],
      ['', '2'],
    ],
  },
  {
    name: 'CR',
    text: 'event: a\rdata: 1\r\rdata: 2\r\r',
    expected: [
      ['a', '1'],
      ['', '2'],
    ],
  },
  { name: 'several data lines', text: 'data: 1\ndata:\ndata:  3\n\n', expected: [['', '1\n\n 3']] },
  { name: 'no space behind the colon', text: 'event:a\ndata:{"a":1}\n\n', expected: [['a', '{"a":1}']] },
  {
    name: 'a comment',
    text: ': ping\n\ndata: 1\n\n',
    expected: [
      ['', ''],
      ['', '1'],
    ],
  },
  {
    name: 'blank lines in a row',
    text: 'data: 1\n\n\n\n\ndata: 2\n\n\r\n\r\ndata: 3\n\n',
    expected: [
      ['', '1'],
      ['', ''],
      ['', '2'],
      ['', ''],
      ['', '3'],
    ],
  },
  {
    name: 'a blank line alone',
    text: '\ndata: 1\n\n',
    expected: [
      ['', ''],
      ['', '1'],
    ],
  },
  { name: 'a byte order mark', text: '\uFEFFdata: 1\n\n', expected: [['', '1']] },
  { name: 'a byte order mark inside the data', text: 'data: \uFEFF1\n\n', expected: [['', '\uFEFF1']] },
  { name: 'other fields', text: 'id: 7\nretry: 1\ndata: 1\nfoo\n\n', expected: [['', '1']] },
  { name: 'the event behind its data', text: 'data: 1\nevent: late\n\n', expected: [['late', '1']] },
  {
    name: 'no last blank line',
    text: 'data: 1\n\ndata: 2',
    expected: [
      ['', '1'],
      ['', '2'],
    ],
  },
  { name: 'characters of several bytes', text: 'data: é漢👋\n\n', expected: [['', 'é漢👋']] },
];

for (const { name, text, expected } of cases) {
  test(`${name}: whole`, () => assert.deepEqual(fields(text), expected));
  test(`${name}: byte by byte`, () => {
    // A LF cut from its CR begins the next event; an event of it alone says nothing.
    const said = (list: [string, string][]) => list.filter(([event, data]) => event !== '' || data !== '');
    assert.deepEqual(said(fields(text, 1)), said(expected));
    assert.equal(Buffer.concat(splitText(text, 1).map(({ raw }) => raw)).toString(), text);
  });
}

test('the bytes of an event are those that came, without a copy', () => {
  const bytes = encoder.encode('event: a\r\ndata: 1\r\n\r\ndata: 2\n\n');
  const [first, second] = new SseSplitter().push(bytes);
  assert.equal(new TextDecoder().decode(first?.raw), 'event: a\r\ndata: 1\r\n\r\n');
  assert.equal(first?.raw.buffer, bytes.buffer);
  assert.equal(new TextDecoder().decode(second?.raw), 'data: 2\n\n');
});

test('an event without end is refused at the limit', () => {
  const splitter = new SseSplitter(100);
  splitter.push(encoder.encode(`data: ${'x'.repeat(80)}`));
  assert.throws(
    () => splitter.push(encoder.encode('x'.repeat(80))),
    (error) => isUpstreamFailure(error) && error.failure.kind === 'bad-stream',
  );
});

test('nothing is left after a complete stream', () => {
  const splitter = new SseSplitter();
  splitter.push(encoder.encode('data: 1\n\n'));
  assert.deepEqual(splitter.end(), []);
});
