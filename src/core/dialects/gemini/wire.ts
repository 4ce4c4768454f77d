// Requests as they go out: the official types, with enumerations as the plain words that they are on the wire.
import type { Part as SdkPart } from '@google/genai';

export type Part = SdkPart;

export interface Content {
  role: 'user' | 'model';
  parts: Part[];
}
