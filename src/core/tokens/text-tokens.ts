// How many tokens a text has, without a tokenizer. `tokenx` is within a few percent of OpenAI's tokenizers for prose and
// code; what it takes for long words, and some scripts, are told apart here (measured against o200k: docs/token-counting.md).
import { estimateTokenCount } from 'tokenx';

/** First match counts; the pieces are what stands between spaces and punctuation. */
const languageConfigs = [
  // Hashes, keys, base64: letters mixed with at least two digits.
  { pattern: /^(?=[A-Za-z]*\d[A-Za-z]*\d)[A-Za-z\d]{16,}$/, averageCharsPerToken: 1.4 },
  // Pieces of UUIDs and short hashes.
  { pattern: /^(?:[a-f]+\d|\d+[a-f])[a-f\d]{2,13}$/, averageCharsPerToken: 1.6 },
  // Base64 between its signs, seldom a word.
  { pattern: /^[A-Za-z\d]{24,}$/, averageCharsPerToken: 1.5 },
  // Greek, Cyrillic.
  { pattern: /[\u0370-\u052f]/, averageCharsPerToken: 3 },
  // Armenian, Hebrew, Arabic, the scripts of India, Thai, Georgian and others up to Hangul.
  { pattern: /[\u0530-\u10ff]/, averageCharsPerToken: 2.4 },
  { pattern: /[\u1200-\u1fff]/, averageCharsPerToken: 1.5 },
];
const options = { languageConfigs };

export function textTokens(text: string): number {
  return estimateTokenCount(text, options);
}
