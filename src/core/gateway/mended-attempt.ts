// An attempt that mends its request: a field or block that the upstream refuses is left out or said in another way, and
// the same deployment is asked once more. What helped is remembered. To the attempt loop it is one attempt.
import type { Remedy } from '../dialects/remedy.ts';
import { type Failure, isUpstreamFailure } from '../failure.ts';
import { joinBytes } from '../json/bytes.ts';
import type { RemedyBook } from '../resilience/remedy-book.ts';
import type { Deployment } from '../routing/candidates.ts';
import type { Committed } from './attempt-input.ts';
import type { EncodedAttempt } from './encode-attempt.ts';

export interface MendedAttempt {
  deployment: Deployment;
  session: string | undefined;
  book: RemedyBook;
  encode(remedies: readonly Remedy[]): EncodedAttempt;
  /** Throws `UpstreamFailure`. */
  run(encoded: EncodedAttempt): Promise<Committed>;
  /** A refused request is about to be sent again with this remedy. */
  onMend(failure: Failure, remedy: Remedy): void;
}

/** Different refusals of one request that are answered; each remedy is tried once. */
const mostMends = 3;

/** Throws the last `UpstreamFailure` when nothing helped or nothing could be changed. */
export async function runMendedAttempt(attempt: MendedAttempt): Promise<Committed> {
  const { deployment, session, book } = attempt;
  const known = book.of(deployment, session);
  const learnt: Remedy[] = [];
  let encoded = attempt.encode(known);
  for (;;) {
    try {
      const committed = await attempt.run(encoded);
      book.remember(deployment, session, learnt);
      return committed;
    } catch (error) {
      if (!isUpstreamFailure(error) || learnt.length >= mostMends) throw error;
      const { remedy } = error.failure;
      if (!remedy || [...known, ...learnt].some(({ what }) => what === remedy.what)) throw error;
      const mended = attempt.encode([...known, ...learnt, remedy]);
      // It concerns nothing that was sent.
      if (isSame(mended, encoded)) throw error;
      learnt.push(remedy);
      encoded = mended;
      attempt.onMend(error.failure, remedy);
    }
  }
}

function isSame(a: EncodedAttempt, b: EncodedAttempt): boolean {
  if (a.url !== b.url || a.headers['anthropic-beta'] !== b.headers['anthropic-beta']) return false;
  if (sizeOf(a.body) !== sizeOf(b.body)) return false;
  const [first, second] = [joinBytes(a.body), joinBytes(b.body)];
  return first.every((byte, index) => byte === second[index]);
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((size, piece) => size + piece.length, 0);
}
