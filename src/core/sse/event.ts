// One server-sent event.

export interface SseEvent {
  /** The `event:` field, or '' when there was none. */
  readonly event: string;
  /** The `data:` lines joined by \n. Empty for comments and keep-alives, which are events here so that they can be relayed. */
  readonly data: string;
  /** The bytes of the whole event, blank line included, exactly as received. */
  readonly raw: Uint8Array;
}
