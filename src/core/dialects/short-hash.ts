// A short, stable fingerprint for names and ids. Not for secrets.

/** FNV-1a over UTF-16 units, 32 bits, as 8 hexadecimal digits. */
export function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
