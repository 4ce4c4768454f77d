// Vectors as numbers and as OpenAI's base64: 32-bit floats, little endian.
import { UpstreamFailure } from '../failure.ts';
import { badStream } from '../resilience/classify.ts';
import type { Vector } from './ask.ts';

const bytesPerFloat = 4;
/** `String.fromCharCode` takes its bytes as arguments, of which there may not be too many. */
const slice = 8192;

/** The vector as numbers. Throws `UpstreamFailure` (bad-stream) when its base64 holds no floats. */
export function numbersOf(vector: Vector): readonly number[] {
  if (typeof vector !== 'string') return vector;
  const bytes = decoded(vector);
  const view = new DataView(bytes.buffer);
  const numbers: number[] = [];
  for (let at = 0; at < bytes.length; at += bytesPerFloat) numbers.push(view.getFloat32(at, true));
  return numbers;
}

export function base64Of(vector: Vector): string {
  if (typeof vector === 'string') return vector;
  const bytes = new Uint8Array(vector.length * bytesPerFloat);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of vector.entries()) view.setFloat32(index * bytesPerFloat, value, true);
  let binary = '';
  for (let at = 0; at < bytes.length; at += slice)
    binary += String.fromCharCode(...bytes.subarray(at, at + slice));
  return btoa(binary);
}

/** The same direction with length 1; what has it already, and a vector of zeros, stays as it is. */
export function unitVector(vector: Vector): Vector {
  const numbers = numbersOf(vector);
  const length = Math.hypot(...numbers);
  if (length === 0 || Math.abs(length - 1) < 1e-6) return vector;
  return numbers.map((value) => value / length);
}

function decoded(text: string): Uint8Array<ArrayBuffer> {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    binary = '';
  }
  if (binary.length === 0 || binary.length % bytesPerFloat !== 0)
    throw new UpstreamFailure(badStream('the provider sent an embedding that is no base64 of floats'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
