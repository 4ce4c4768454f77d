// How large a prompt was and might have been, as told in a refusal.

export interface ToldSize {
  /** Tokens. */
  asked?: number;
  most?: number;
}

/** Anthropic: `prompt is too long: A tokens > B maximum`. */
const comparison = /(\d{3,9}) tokens > (\d{3,9})/;
const mostWording = /(?:maximum|max|limit|allowed|context (?:length|window))\D{0,60}(\d{3,9})/i;

/** What a refusal tells of the prompt's size; `asked` is only told together with `most`. */
export function toldSize(message: string): ToldSize {
  const compared = comparison.exec(message);
  if (compared) return { asked: Number(compared[1]), most: Number(compared[2]) };
  const most = Number(mostWording.exec(message)?.[1]);
  if (!Number.isFinite(most)) return {};
  const asked = Array.from(message.matchAll(/\d{3,9}/g), Number).find((number) => number > most);
  return asked === undefined ? { most } : { asked, most };
}
