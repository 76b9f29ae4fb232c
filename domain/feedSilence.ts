import type { FeedFresh, FeedStale } from './feedNotices.ts';

/** When silence is too long. */
export interface SilenceRules {
  readonly silenceMaxMs: number;
  /** Whether events are to be expected at an instant, e.g. in regular trading. */
  readonly expects: (atMs: number) => boolean;
}

/**
 * Tells which symbols are silent for too long while events are to be expected of them: silence counts from the last event,
 * from the opening, or from the day it was watched, whichever is latest. A halted symbol may be silent.
 */
export class SilenceWatch {
  readonly #rules: SilenceRules;
  readonly #heardMs = new Map<string, number>();
  readonly #stale = new Set<string>();
  readonly #halted = new Set<string>();
  #expectedSinceMs: number | undefined;

  constructor(rules: SilenceRules) {
    this.#rules = rules;
  }

  get staleCount(): number {
    return this.#stale.size;
  }

  /** Watches these symbols and no others. */
  watch(symbols: Iterable<string>, nowMs: number): void {
    const wanted = new Set(symbols);
    for (const symbol of wanted) if (!this.#heardMs.has(symbol)) this.#heardMs.set(symbol, nowMs);
    for (const symbol of this.#heardMs.keys()) {
      if (wanted.has(symbol)) continue;
      for (const known of [this.#heardMs, this.#stale, this.#halted]) known.delete(symbol);
    }
  }

  /** An event of a symbol came in. @returns the notice that it speaks again, where it was stale */
  heard(symbol: string, nowMs: number): FeedFresh | undefined {
    if (!this.#heardMs.has(symbol)) return undefined;
    this.#heardMs.set(symbol, nowMs);
    return this.#stale.delete(symbol) ? { kind: 'feedFresh', symbol, atMs: nowMs } : undefined;
  }

  halted(symbol: string, status: 'halted' | 'trading'): void {
    if (status === 'halted') this.#halted.add(symbol);
    else this.#halted.delete(symbol);
  }

  /** @returns symbols that became stale since the last check */
  check(nowMs: number): readonly FeedStale[] {
    if (!this.#rules.expects(nowMs)) {
      this.#expectedSinceMs = undefined;
      return [];
    }
    this.#expectedSinceMs ??= nowMs;
    const found: FeedStale[] = [];
    for (const [symbol, heardMs] of this.#heardMs) {
      const silentMs = nowMs - Math.max(heardMs, this.#expectedSinceMs);
      if (silentMs <= this.#rules.silenceMaxMs || this.#stale.has(symbol) || this.#halted.has(symbol)) continue;
      this.#stale.add(symbol);
      found.push({ kind: 'feedStale', symbol, silentMs, atMs: nowMs });
    }
    return found;
  }
}
