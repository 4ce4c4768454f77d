// Bodies as transports get them: in pieces.
import { joinBytes } from '../../src/core/json/bytes.ts';

/** The text of a body; empty for none. */
export function textOfPieces(pieces: readonly Uint8Array[] | undefined): string {
  return new TextDecoder().decode(joinBytes(pieces ?? []));
}
