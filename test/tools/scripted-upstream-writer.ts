// The transport side of a scripted answer: gates, raw bytes, resets and cuts, over a real socket.
import type { ServerResponse } from 'node:http';
import type { Part } from './scripted-upstream-types.ts';

/** The answer ends here, by script or because the caller has gone. */
export class AnswerOver extends Error {}

export interface AnswerSink {
  write(bytes: string | Uint8Array): Promise<void>;
  /** Carries out a part that concerns the transport; false for all others. */
  control(part: Part): Promise<boolean>;
}

export function answerSink(response: ServerResponse): AnswerSink {
  const write = async (bytes: string | Uint8Array) => {
    if (response.destroyed) throw new AnswerOver();
    // Waiting for each write gives the peer single reads, as a real provider's pace does.
    await new Promise<void>((resolve, reject) =>
      response.write(bytes, (error) => (error ? reject(new AnswerOver()) : resolve())),
    );
  };
  return {
    write,
    async control(part) {
      if ('wait' in part) await Promise.race([part.wait, closed(response)]);
      else if ('bytes' in part) await write(part.bytes);
      else if ('end' in part) {
        if (part.end === 'cut') response.end();
        // A tick later, so that what was written before is on the wire.
        else setImmediate(() => response.socket?.resetAndDestroy());
        throw new AnswerOver();
      } else return false;
      if (response.destroyed) throw new AnswerOver();
      return true;
    },
  };
}

/** Resolves when the response is over, whoever ended it. */
export function closed(response: ServerResponse): Promise<void> {
  if (response.closed) return Promise.resolve();
  return new Promise((resolve) => response.once('close', () => resolve()));
}
