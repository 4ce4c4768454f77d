export async function ensureVscodeServer(): Promise<string> {
  throw new Error('not yet');
}
