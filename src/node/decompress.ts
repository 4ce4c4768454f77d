// Unfolds what an upstream compressed although we asked it not to. Bytes come out as soon as they can.
import type { Readable, Transform } from 'node:stream';
import * as zlib from 'node:zlib';

/** Undefined for no, unknown or several encodings: those bodies are handed on as they are. */
export function decompressorFor(encoding: string | undefined): (() => Transform) | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return () => zlib.createGunzip({ flush: zlib.constants.Z_SYNC_FLUSH });
    case 'deflate':
      return () => zlib.createInflate({ flush: zlib.constants.Z_SYNC_FLUSH });
    case 'br':
      return () => zlib.createBrotliDecompress({ flush: zlib.constants.BROTLI_OPERATION_FLUSH });
    case 'zstd':
      return typeof zlib.createZstdDecompress === 'function' ? () => zlib.createZstdDecompress() : undefined;
    default:
      return undefined;
  }
}

/** The unfolded bytes of `body`. Ends with an error when the body is cut or broken; leaving early destroys both ends. */
export function decompressed(body: Readable, create: () => Transform): Readable {
  const transform = create();
  body.once('error', (error) => transform.destroy(error));
  transform.once('close', () => body.destroy());
  return body.pipe(transform);
}
