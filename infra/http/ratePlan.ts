/** What a vendor's plan allows. */
export interface RateAllowance {
  readonly requestsPerMinute: number;
  /** Requests that may follow each other at once after a pause. */
  readonly burst: number;
}

/**
 * A token bucket, kept as the time at which it would be full again (generic cell rate algorithm, ITU-T I.371): a place
 * in it is taken at once and waited for by whoever took it, so that requests go in the order in which they asked.
 */
export class RatePlan {
  readonly #intervalMs: number;
  readonly #toleranceMs: number;
  #fullAtMs = Number.NEGATIVE_INFINITY;

  constructor({ requestsPerMinute, burst }: RateAllowance) {
    this.#intervalMs = 60_000 / requestsPerMinute;
    this.#toleranceMs = this.#intervalMs * (burst - 1);
  }

  /**
   * Takes the next place.
   * @param nowMs of a monotonic clock
   * @returns milliseconds to wait before sending
   */
  take(nowMs: number): number {
    const sendAtMs = Math.max(nowMs, this.#fullAtMs - this.#toleranceMs);
    this.#fullAtMs = Math.max(this.#fullAtMs, sendAtMs) + this.#intervalMs;
    return sendAtMs - nowMs;
  }

  /** Empties the bucket: nobody sends before `waitMs` have passed, because the vendor said so. */
  pause(nowMs: number, waitMs: number): void {
    this.#fullAtMs = Math.max(this.#fullAtMs, nowMs + waitMs + this.#toleranceMs);
  }
}
