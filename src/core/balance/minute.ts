// What a key has sent in the last 60 seconds: a window that slides, so that no limit is overrun across a full minute.

export interface Booking {
  /** Milliseconds since the epoch. */
  readonly at: number;
  tokens: number;
  /** It is in the window. */
  counted: boolean;
}

export interface MinuteLimits {
  /** Requests in any 60 seconds. */
  rpm?: number;
  /** Tokens in any 60 seconds. */
  tpm?: number;
}

const length = 60_000;

export class Minute {
  /** Oldest first; those before `#first` have left the window. */
  #bookings: Booking[] = [];
  #first = 0;
  #tokens = 0;

  /** Books a request with an estimate of its tokens. */
  book(now: number, tokens: number): Booking {
    this.#slide(now);
    const booking = { at: now, tokens, counted: true };
    this.#bookings.push(booking);
    this.#tokens += tokens;
    return booking;
  }

  /** Replaces an estimate by what was really used. It stays in the second in which the request was sent. */
  correct(booking: Booking, tokens: number, now: number): void {
    this.#slide(now);
    if (booking.counted) this.#tokens += tokens - booking.tokens;
    booking.tokens = tokens;
  }

  requests(now: number): number {
    this.#slide(now);
    return this.#bookings.length - this.#first;
  }

  tokens(now: number): number {
    this.#slide(now);
    return this.#tokens;
  }

  /**
   * From when one more request of `tokens` keeps the limits; `now` when it does already. What is larger than the limit
   * itself has to wait for an empty window, and then goes: the estimate may be wrong, and never would help nobody.
   */
  roomAt(now: number, limits: MinuteLimits, tokens: () => number): number {
    this.#slide(now);
    let at = now;
    if (limits.rpm !== undefined) {
      const oldest = this.#bookings[this.#bookings.length - limits.rpm];
      if (oldest && this.#bookings.length - limits.rpm >= this.#first) at = oldest.at + length;
    }
    if (limits.tpm === undefined || this.#tokens === 0) return at;
    let left = this.#tokens + tokens();
    for (let index = this.#first; left > limits.tpm && index < this.#bookings.length; index++) {
      const booking = this.#bookings[index];
      if (!booking || booking.tokens === 0) continue;
      left -= booking.tokens;
      at = Math.max(at, booking.at + length);
    }
    return at;
  }

  #slide(now: number): void {
    // The clock was set back: nobody knows any more how long ago these were.
    const newest = this.#bookings.at(-1);
    if (newest && newest.at > now) {
      for (const booking of this.#bookings) booking.counted = false;
      this.#bookings = [];
      this.#first = 0;
      this.#tokens = 0;
    }
    for (;;) {
      const oldest = this.#bookings[this.#first];
      if (!oldest || oldest.at > now - length) break;
      oldest.counted = false;
      this.#tokens -= oldest.tokens;
      this.#first++;
    }
    if (this.#first > 64 && this.#first * 2 > this.#bookings.length) {
      this.#bookings = this.#bookings.slice(this.#first);
      this.#first = 0;
    }
  }
}
