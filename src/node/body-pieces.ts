// A body in pieces as undici takes it.
import type { Dispatcher } from 'undici';

/** Pieces below this are joined with their neighbours: a system call costs more than copying them. */
const joinedBelow = 64 * 1024;

interface SendableBody {
  body: NonNullable<Dispatcher.DispatchOptions['body']>;
  headers: Record<string, string>;
}

/** Small bodies in one piece. Of others no large piece is copied, and nothing is held any longer when it is sent. */
export function sendable(pieces: readonly Uint8Array[]): SendableBody {
  const length = pieces.reduce((size, piece) => size + piece.length, 0);
  if (length < joinedBelow) return { body: Buffer.concat(pieces, length), headers: {} };
  // Its documentation knows iterables, its types don't.
  const body = oneByOne(grouped(pieces)) as Iterable<Uint8Array> as unknown as SendableBody['body'];
  return { body, headers: { 'content-length': String(length) } };
}

function grouped(pieces: readonly Uint8Array[]): Uint8Array[] {
  const groups: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const flush = () => {
    if (small.length > 0) groups.push(Buffer.concat(small));
    small = [];
  };
  for (const piece of pieces) {
    if (piece.length < joinedBelow) small.push(piece);
    else {
      flush();
      groups.push(piece);
    }
  }
  flush();
  return groups;
}

/** Empties the list: undici keeps what it was given until the answer has ended. */
function* oneByOne(left: Uint8Array[]): Generator<Uint8Array> {
  for (let piece = left.shift(); piece; piece = left.shift()) yield piece;
}
