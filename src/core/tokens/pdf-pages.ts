// How many pages a PDF has, roughly: its page tree says so where it is not compressed, else its size has to do.

/** Base64 characters that are looked into at either end: page trees stand there, and PDFs have megabytes. */
const lookedAt = 400_000;
/** A page of text with a picture or two, as base64. */
const charactersOfPage = 75_000;
/** Anthropic takes no more (platform.claude.com/docs/en/build-with-claude/pdf-support); a larger number is no count. */
const mostPages = 2_000;

/** @param base64 the whole file; at least one page */
export function pdfPages(base64: string): number {
  const ends =
    base64.length <= 2 * lookedAt
      ? decode(base64)
      : `${decode(base64.slice(0, lookedAt))}\n${decode(base64.slice(-(lookedAt + (base64.length % 4))))}`;
  const counted = [
    // The root of the page tree has the largest count; a linearised file says it at its beginning.
    ...[...ends.matchAll(/\/Count\s+(\d{1,5})\b/g)].map((match) => Number(match[1])),
    ...[...ends.matchAll(/\/Linearized\b[^>]{0,200}?\/N\s+(\d{1,5})\b/g)].map((match) => Number(match[1])),
    ends.split(/\/Type\s*\/Page(?!s)\b/).length - 1,
  ].filter((count) => count <= mostPages);
  const known = Math.max(0, ...counted);
  return known > 0 ? known : Math.ceil(Math.max(1, base64.length) / charactersOfPage);
}

function decode(base64: string): string {
  try {
    return atob(base64.slice(0, base64.length - (base64.length % 4)));
  } catch {
    return '';
  }
}
