import { setTimeout as delay } from 'node:timers/promises';

/** Keeps requests for the same thing apart, over connections: the vendor refuses a second one that comes too soon. */
export class SubscriptionPace {
  readonly #lastMs = new Map<string, number>();

  /** How long a request has to wait, 0 for not at all. */
  waitMs(key: string, intervalMs: number): number {
    return Math.max(0, (this.#lastMs.get(key) ?? Number.NEGATIVE_INFINITY) + intervalMs - performance.now());
  }

  /** Waits for its turn and takes it. @throws the signal's reason */
  async turn(
    key: string,
    { intervalMs, signal }: { readonly intervalMs: number; readonly signal: AbortSignal },
  ): Promise<void> {
    for (let waitMs = this.waitMs(key, intervalMs); waitMs > 0; waitMs = this.waitMs(key, intervalMs)) {
      await delay(waitMs, undefined, { signal });
    }
    this.#lastMs.set(key, performance.now());
  }
}
