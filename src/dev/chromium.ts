export async function ensureChromium(): Promise<string> {
  throw new Error('not yet');
}
