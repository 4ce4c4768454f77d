// A short, stable fingerprint for names and ids. Not for secrets.

/** FNV-1a over UTF-16 units, 32 bits, as 8 hexadecimal digits. */
export function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** The id of a call, cut to `longest` characters: the same for the same id, and another for another one. */
export function shortId(id: string, longest: number): string {
  if (id === '') return 'call';
  return id.length <= longest ? id : `${id.slice(0, longest - 9)}_${shortHash(id)}`;
}
