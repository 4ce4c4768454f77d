// Reads a request's body once, into one buffer, within a limit that also holds for what compression unfolds to.
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { ClientError } from '../core/client-error.ts';

/** The client went away before its body was complete; nobody is left to answer. */
export class BodyCut extends Error {
  constructor() {
    super('The client went away before its request was complete.');
    this.name = 'BodyCut';
  }
}

/** True when the declared length alone is over the limit. */
export function declaresTooMuch(request: IncomingMessage, limit: number): boolean {
  return Number(request.headers['content-length'] ?? 0) > limit;
}

export function tooLarge(limit: number): ClientError {
  const megabytes = Math.floor(limit / (1024 * 1024));
  const size = megabytes > 0 ? `${megabytes} MB` : `${limit} bytes`;
  return new ClientError(
    413,
    'request_too_large',
    `The request is larger than ${size}, the most that Switchyard takes.`,
  );
}

/**
 * The whole body, decompressed.
 * @throws ClientError 413 (over `limit` bytes; the rest is left unread), 400 (broken compression), 415 (unknown one)
 * @throws BodyCut
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  const bytes = await collect(request, limit);
  const encodings = (request.headers['content-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  if (encodings.length === 0 || bytes.length === 0) return bytes;
  if (encodings.length > 1) throw unsupportedEncoding(encodings.join(', '));
  return decompress(bytes, encodings[0] ?? '', limit);
}

function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (run: () => void): void => {
      request.off('data', onData).off('end', onEnd).off('error', onCut).off('close', onCut);
      run();
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else {
        request.pause();
        settle(() => reject(tooLarge(limit)));
      }
    };
    const onEnd = (): void =>
      settle(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)));
    const onCut = (): void => settle(() => reject(new BodyCut()));
    request.on('data', onData).on('end', onEnd).on('error', onCut).on('close', onCut);
  });
}

type Decompress = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>;

const decompressors: Readonly<Record<string, Decompress>> = {
  gzip: promisify(zlib.gunzip),
  'x-gzip': promisify(zlib.gunzip),
  deflate: promisify(zlib.inflate),
  br: promisify(zlib.brotliDecompress),
  // Not in every Node that an editor brings along.
  ...(typeof zlib.zstdDecompress === 'function' ? { zstd: promisify(zlib.zstdDecompress) } : {}),
};

async function decompress(bytes: Uint8Array, encoding: string, limit: number): Promise<Buffer> {
  const run = Object.hasOwn(decompressors, encoding) ? decompressors[encoding] : undefined;
  if (!run) throw unsupportedEncoding(encoding);
  try {
    return await run(bytes, { maxOutputLength: limit });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit);
    throw new ClientError(400, 'invalid_request_error', `The request body is not valid ${encoding} data.`);
  }
}

function unsupportedEncoding(encoding: string): ClientError {
  return new ClientError(
    415,
    'invalid_request_error',
    `The content-encoding "${encoding}" is not understood; send gzip, deflate, br, zstd or none.`,
  );
}
