const dayMs = 86_400_000;

/** Requests that a plan allows within any 24 hours, counted by this process alone: others with the same key are not seen. */
export class DayQuota {
  readonly #requestsMax: number;
  /** When each request of the last day was sent, oldest first. */
  #sentMs: number[] = [];

  constructor(requestsMax: number) {
    this.#requestsMax = requestsMax;
  }

  /**
   * Takes a place of the day.
   * @param nowMs of a monotonic clock
   * @returns 0 when there was one, else the milliseconds until there is
   */
  take(nowMs: number): number {
    this.#sentMs = this.#sentMs.filter((sentMs) => sentMs > nowMs - dayMs);
    if (this.#sentMs.length >= this.#requestsMax) return this.#sentMs[0]! + dayMs - nowMs;
    this.#sentMs.push(nowMs);
    return 0;
  }
}
