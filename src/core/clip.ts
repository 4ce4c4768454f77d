// Names and messages come from clients and providers; records and log lines hold only their beginning.

/** At most `most` characters of a text, the cut marked. */
export function clip(text: string, most = 200): string {
  return text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;
}
