// What an upstream's answer is. Its type often says nothing or something wrong: gateways send streams as text/plain, as
// JSON, as a web page or without any type; its first byte is honest.
import type { UpstreamResponse } from './transport.ts';

export type AnswerForm = 'stream' | 'json' | 'web-page';

/** Bytes of white space after which no stream is expected any more. */
const mostBlank = 64 * 1024;

/** The form of an answer, and its body with nothing missing. Waits for the first bytes where the type is not trusted. */
export async function answerForm(
  response: UpstreamResponse,
): Promise<{ form: AnswerForm; body: UpstreamResponse['body'] }> {
  const { body } = response;
  if (/^\s*text\/event-stream/i.test(response.headers['content-type'] ?? '')) return { form: 'stream', body };
  const chunks = body[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  for (let size = 0; size < mostBlank; ) {
    const next = await chunks.next();
    if (next.done) return { form: 'json', body: resumed(read, chunks) };
    read.push(next.value);
    size += next.value.length;
    const first = next.value.find((byte) => !isBlank(byte));
    if (first !== undefined) return { form: formOf(first), body: resumed(read, chunks) };
  }
  return { form: 'json', body: resumed(read, chunks) };
}

/** Events begin with a field's name or a colon, JSON and web pages with neither. */
function formOf(first: number): AnswerForm {
  const character = String.fromCharCode(first);
  if (character === '<') return 'web-page';
  return /[deir:]/.test(character) ? 'stream' : 'json';
}

/** White space, or a byte of the byte order mark. */
function isBlank(byte: number): boolean {
  return [0x20, 0x0a, 0x0d, 0x09, 0xef, 0xbb, 0xbf].includes(byte);
}

async function* resumed(
  read: readonly Uint8Array[],
  chunks: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* read;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  } finally {
    await chunks.return?.();
  }
}
