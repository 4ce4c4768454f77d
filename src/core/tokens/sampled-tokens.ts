// Tokens of much text from a part of it. Reading a megabyte takes the estimate a tenth of a second; thirty-two places
// spread evenly over it tell the density within a few percent, whatever the length.
import { textTokens } from './text-tokens.ts';

/** Texts of so many characters together are read to the end. */
const readWhole = 24_000;
const windows = 32;
const windowLength = 256;

/** Tokens of all texts together. */
export function sampledTokens(texts: readonly string[]): number {
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  if (length <= readWhole) return texts.reduce((sum, text) => sum + textTokens(text), 0);
  const stride = length / windows;
  let read = 0;
  let tokens = 0;
  /** Offset of the text at hand, and of the next window, in all texts joined. */
  let offset = 0;
  let next = (stride - windowLength) / 2;
  for (const text of texts) {
    const end = offset + text.length;
    for (; next < end; next += stride) {
      const start = Math.max(0, Math.floor(next - offset));
      const piece = text.slice(start, start + windowLength);
      read += piece.length;
      tokens += textTokens(piece);
    }
    offset = end;
  }
  return read === 0 ? 0 : (tokens / read) * length;
}
