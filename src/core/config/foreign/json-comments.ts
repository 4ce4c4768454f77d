// JSON with comments, as claude-code-router reads its file. YAML's parser understands all the rest of JSON5 that people
// write: trailing commas, single quotes, bare names.

/** The text with its `//` and block comments turned into spaces: every position stays. */
export function withoutComments(text: string): string {
  if (!text.includes('//') && !text.includes('/*')) return text;
  let result = '';
  let from = 0;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quote !== '') {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
      continue;
    }
    if (character === '"' || character === "'") quote = character;
    if (character !== '/') continue;
    const end = commentEnd(text, at);
    if (end === undefined) continue;
    result += text.slice(from, at) + text.slice(at, end).replace(/[^\r\n]/g, ' ');
    from = end;
    at = end - 1;
  }
  return result + text.slice(from);
}

function commentEnd(text: string, at: number): number | undefined {
  if (text[at + 1] === '/') {
    const end = text.indexOf('\n', at);
    return end < 0 ? text.length : end;
  }
  if (text[at + 1] !== '*') return undefined;
  const end = text.indexOf('*/', at + 2);
  return end < 0 ? text.length : end + 2;
}

/** Whether a text is claude-code-router's JSON, by its looks: what parses it must be chosen before it is parsed. */
export function looksLikeCcr(text: string): boolean {
  return (
    /^\s*(?:\{|\/\/|\/\*)/.test(text) &&
    /(?:^|[\s{,"'])(?:Providers|Router)["']?\s*:|["']providers["']\s*:\s*\[/.test(text)
  );
}
