// Cuts a byte stream into server-sent events without copying more than it must and without ever cutting a character.
// Rules: WHATWG HTML, section "Server-sent events" (line ends CR, LF, CRLF; BOM; comments; several data lines).

export interface SseEvent {
  /** The `event:` field, or '' when there was none. */
  event: string;
  /** The `data:` lines joined by \n. */
  data: string;
  /** The bytes of the whole event, blank line included, exactly as received. */
  raw: Uint8Array;
}
