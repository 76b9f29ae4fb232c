const windowMs = 5 * 60_000;
// Names and addresses remembered at most; an attacker with many of either must not fill the memory.
const keysMax = 10_000;

/** Counts failed logins by key in the last five minutes. */
export class LoginLimiter {
  readonly #attemptsMax: number;
  readonly #failures = new Map<string, readonly number[]>();

  constructor(attemptsMax: number) {
    this.#attemptsMax = attemptsMax;
  }

  /** Whether a key failed so often that it has to wait. */
  paused(key: string, nowMs: number): boolean {
    return this.#recent(key, nowMs).length >= this.#attemptsMax;
  }

  /** Notes a failed login. */
  failed(key: string, nowMs: number): void {
    const recent = this.#recent(key, nowMs);
    // The oldest key goes first; deleting moves this one to the young end.
    this.#failures.delete(key);
    this.#failures.set(key, [...recent, nowMs].slice(-this.#attemptsMax));
    const oldest = this.#failures.keys().next();
    if (this.#failures.size > keysMax && !oldest.done) this.#failures.delete(oldest.value);
  }

  /** Forgets a key: the person knew the password after all. */
  succeeded(key: string): void {
    this.#failures.delete(key);
  }

  #recent(key: string, nowMs: number): readonly number[] {
    return (this.#failures.get(key) ?? []).filter((atMs) => nowMs - atMs < windowMs);
  }
}
