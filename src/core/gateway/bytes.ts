// Reading whole bodies with a limit.
import { UpstreamFailure } from '../failure.ts';
import { badStream } from '../resilience/classify.ts';

/**
 * Joins a body's chunks. Beyond `limit` bytes the rest is not read: `cut` returns what came, `fail` throws
 * `UpstreamFailure` (bad-stream).
 */
export async function readAll(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
  beyond: 'cut' | 'fail',
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    if (size <= limit) continue;
    if (beyond === 'fail')
      throw new UpstreamFailure(badStream(`the provider's answer is larger than ${limit} bytes`));
    break;
  }
  return joinBytes(parts, size);
}

export function joinBytes(parts: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const joined = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
