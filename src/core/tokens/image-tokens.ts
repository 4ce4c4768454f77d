// What an image costs, by the rules that the providers publish. Each takes the image's size in pixels.
import type { ImageSize } from './image-size.ts';

export type ImageRule = (size: ImageSize) => number;

/** Of an image given by address, or in a format that can't be read: a large screenshot. */
export const assumedSize: ImageSize = { width: 2048, height: 1536 };

/**
 * Anthropic (platform.claude.com/docs/en/build-with-claude/vision): width × height / 750, counted in squares of 28 pixels,
 * after an image with a longer edge or more tokens was scaled down. Up to version 4.6 models take less.
 */
export function claudeImages(model: string): ImageRule {
  const [edge, budget] = standardClaude.test(model) ? [1568, 1600] : [2576, 4784];
  return (size) => {
    const { width, height } = within(size, edge);
    return Math.min(budget, Math.max(squares({ width, height }, 28), Math.ceil((width * height) / 750)));
  };
}

/** Claude 2 and 3, and 4 up to 4.6. */
const standardClaude = /claude-(?:instant|[23](?!\d)|[a-z]+-4(?:[-.][0-6](?!\d)|-\d{8}|[@:]|$))/;

/**
 * OpenAI (developers.openai.com/api/docs/guides/images-vision, "calculating costs"): by tiles of 512 pixels in the
 * families before GPT-5.2, else by squares of 32 pixels, times a factor.
 */
export function openAiImages(model: string): ImageRule {
  const tiles = tiled.find(([pattern]) => pattern.test(model));
  if (tiles) return (size) => tiles[1] + tiles[2] * tilesOf(size);
  const [, factor, budget] = squared.find(([pattern]) => pattern.test(model)) ?? newest;
  return (size) => Math.ceil(Math.min(budget, squares(size, 32)) * factor);
}

/** Model, tokens of the whole, tokens of a tile. */
const tiled: readonly [RegExp, number, number][] = [
  [/gpt-4o-mini/, 2833, 5667],
  [/gpt-4(?:o|\.5|\.1(?!-(?:mini|nano))|-turbo|-vision)|chatgpt-4o/, 85, 170],
  [/gpt-5(?:\.[01])?(?!\.\d|-mini|-nano)/, 70, 140],
  [/(?:^|\/)o[13](?!-mini)/, 75, 150],
];

/** Model, factor, most squares. */
const squared: readonly [RegExp, number, number][] = [
  [/gpt-(?:4\.1|5(?:\.1)?)-nano/, 2.46, 1536],
  [/gpt-(?:4\.1|5(?:\.1)?)-mini/, 1.62, 1536],
  [/o4-mini/, 1.72, 1536],
  [/gpt-5/, 1.2, 10_000],
];
/** Read in full, whatever their size. */
const newest = [/./, 1.2, 16_000] as const;

function tilesOf(size: ImageSize): number {
  const { width, height } = within(size, 2048);
  const scale = Math.min(1, 768 / Math.min(width, height));
  return Math.ceil((width * scale) / 512) * Math.ceil((height * scale) / 512);
}

/**
 * Google (ai.google.dev/gemini-api/docs/tokens, /media-resolution): since Gemini 3 at most 1120 for an image; before, 258
 * for a small one and for each tile of a larger one.
 */
export function geminiImages(model: string): ImageRule {
  if (!tiledGemini.test(model)) return () => 1120;
  return ({ width, height }) => {
    if (width <= 384 && height <= 384) return 258;
    const tile = Math.min(768, Math.max(256, Math.floor(Math.min(width, height) / 1.5)));
    return 258 * Math.ceil(width / tile) * Math.ceil(height / tile);
  };
}

export const tiledGemini = /gemini-(?:1|2)/;

function within({ width, height }: ImageSize, edge: number): ImageSize {
  const scale = Math.min(1, edge / Math.max(width, height));
  return { width: width * scale, height: height * scale };
}

function squares({ width, height }: ImageSize, side: number): number {
  return Math.ceil(width / side) * Math.ceil(height / side);
}
