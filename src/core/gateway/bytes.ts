// Reading whole bodies with a limit.
import { UpstreamFailure } from '../failure.ts';
import { joinBytes } from '../json/bytes.ts';
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
  return joinBytes(parts);
}
