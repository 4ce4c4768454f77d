// Tokens of much text from a part of it. Reading a megabyte takes the estimate a tenth of a second; some places spread
// evenly over it tell the density within a few percent, whatever the length, unless a block of another kind lies between
// two of them. How many: as few as agree with each other.
import { textTokens } from './text-tokens.ts';

/** Texts of so many characters together are read to the end. */
const readWhole = 24_000;
const windowLength = 256;
/** Of the first round, and of the last; each has twice as many as the one before. */
const firstPlaces = 16;
const lastPlaces = 32;
/** The mean's standard error, as a share of it, at which no more places are looked at. */
const goodEnough = 0.03;

/** Tokens of all texts together. */
export function sampledTokens(texts: readonly string[]): number {
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  if (length <= readWhole) return texts.reduce((sum, text) => sum + textTokens(text), 0);
  const densities = new Densities();
  for (let places = firstPlaces; places <= lastPlaces; places *= 2) {
    readPlaces(texts, length / places, densities);
    if (densities.error <= goodEnough) break;
  }
  return densities.mean * length;
}

/**
 * Reads a window in each `stride` characters of all texts joined, everywhere at another distance from its begin: pieces
 * of one size, one after the other, would else be met at the same place again and again.
 */
function readPlaces(texts: readonly string[], stride: number, densities: Densities): void {
  /** Of the text at hand, in all texts joined. */
  let offset = 0;
  let place = 0;
  let next = distance(place) * stride;
  for (const text of texts) {
    const end = offset + text.length;
    for (; next < end; next = (++place + distance(place)) * stride) {
      const start = Math.max(
        0,
        Math.min(Math.floor(next - offset - windowLength / 2), text.length - windowLength),
      );
      const piece = text.slice(start, start + windowLength);
      if (piece !== '') densities.add(textTokens(piece) / piece.length);
    }
    offset = end;
  }
}

/** Multiples of the golden ratio without their whole part lie as evenly and as far from any period as numbers can. */
function distance(place: number): number {
  return ((place + 1) * 0.618033988749895) % 1;
}

/** Tokens a character: mean of what was seen, and how sure it is. */
class Densities {
  count = 0;
  mean = 0;
  /** Sum of squared distances from the mean (Welford). */
  #spread = 0;

  add(density: number): void {
    this.count++;
    const distance = density - this.mean;
    this.mean += distance / this.count;
    this.#spread += distance * (density - this.mean);
  }

  get error(): number {
    const deviation = Math.sqrt(this.#spread / (this.count - 1));
    return deviation / Math.sqrt(this.count) / this.mean;
  }
}
