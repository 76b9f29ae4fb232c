/** What is known of our clock beside the venue's, in milliseconds; null before anything was heard. */
export interface ClockOffset {
  /**
   * Least of arrival minus the venue's stamp, in the last window: our clock is ahead of the venue's by this at most, since
   * no message arrives before it was sent. Below zero, our clock is certainly behind by that much.
   */
  readonly aheadMaxMs: number | null;
}

/** The least offset of a sliding window, kept as the least of two halves, so that memory is two numbers. */
export class ClockOffsetWindow {
  readonly #halfMs: number;
  #current: { readonly beganMs: number; least: number } | undefined;
  #before = Number.POSITIVE_INFINITY;

  constructor({ windowMs }: { readonly windowMs: number }) {
    this.#halfMs = windowMs / 2;
  }

  observe({ venueMs, receivedMs }: { readonly venueMs: number; readonly receivedMs: number }): void {
    if (!this.#current || receivedMs - this.#current.beganMs >= this.#halfMs) {
      this.#before = this.#current?.least ?? Number.POSITIVE_INFINITY;
      this.#current = { beganMs: receivedMs, least: Number.POSITIVE_INFINITY };
    }
    this.#current.least = Math.min(this.#current.least, receivedMs - venueMs);
  }

  get offset(): ClockOffset {
    return { aheadMaxMs: this.#current ? Math.min(this.#current.least, this.#before) : null };
  }
}
