// What Gemini models differ in, read from their names. Sources: ai.google.dev/gemini-api/docs/{thinking,models} and
// docs.cloud.google.com/vertex-ai/generative-ai/docs/thinking.

/** 2.5 for `gemini-2.5-flash`; names without a number (`gemini-flash-latest`) mean the newest. Undefined: no Gemini model. */
function generation(model: string): number | undefined {
  const name = /(?:^|\/)gemini-(?:(\d+(?:\.\d+)?)|[a-z])/.exec(model);
  if (!name) return undefined;
  return name[1] === undefined ? Number.POSITIVE_INFINITY : Number(name[1]);
}

/** From Gemini 3 on: thinking levels, and calls that must come back with their signatures and ids. */
export function isGemini3(model: string): boolean {
  return (generation(model) ?? 0) >= 3;
}

/** The largest `maxOutputTokens` that is not refused. */
export function outputCeiling(model: string): number | undefined {
  const number = generation(model);
  if (number === undefined) return undefined;
  return number >= 2.5 ? 65_536 : 8192;
}

/** How a model is told how much to think; `least` stands for thinking switched off. */
export type ThinkingWay =
  | { kind: 'levels'; levels: readonly string[] }
  | { kind: 'budget'; least: number; most: number };

/** Undefined: the model refuses to be told. */
export function thinkingWay(model: string): ThinkingWay | undefined {
  const number = generation(model);
  if (number === undefined || number < 2.5 || /image|tts|audio|live|embedding/.test(model)) return undefined;
  if (number < 3)
    return { kind: 'budget', least: isPro(model) ? 128 : 0, most: isPro(model) ? 32_768 : 24_576 };
  return { kind: 'levels', levels: levelsOf(model, number) };
}

function isPro(model: string): boolean {
  return /-pro(?:-|$)/.test(model);
}

/** `minimal` is known to flash models up to 3.6 only, `medium` to all but the first pro. */
function levelsOf(model: string, number: number): readonly string[] {
  if (isPro(model)) return number < 3.1 ? ['low', 'high'] : ['low', 'medium', 'high'];
  return number <= 3.6 ? ['minimal', 'low', 'medium', 'high'] : ['low', 'medium', 'high'];
}

/** Before Gemini 3 an answer in JSON and functions, or Google's search and functions, exclude each other. */
export function combinesTools(model: string): boolean {
  return isGemini3(model);
}
