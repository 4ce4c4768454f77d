// Fields of a generateContent request that have no place in the hub. A Gemini client's go through the hub under their own
// names; only Gemini upstreams get them.

export const nativeFields: ReadonlySet<string> = new Set([
  'safetySettings',
  'cachedContent',
  'labels',
  'serviceTier',
  'modelArmorConfig',
]);

/** Top-level fields that may be set for a target beside those of `generationConfig`. */
export function isNativeField(name: string): boolean {
  return nativeFields.has(name) || name === 'toolConfig' || name === 'systemInstruction' || name === 'tools';
}
