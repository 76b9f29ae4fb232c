import { eventIdentity } from './eventIdentity.ts';
import type { LateEvent } from './feedNotices.ts';
import type { MarketEvent } from './marketEvents.ts';

/** How events are put in order. */
export interface SequenceRules {
  /** How long an event waits for earlier ones that travel behind it. */
  readonly reorderWindowMs: number;
  /** Events remembered at least, so that a repeated one is known; twice as many at most. */
  readonly rememberedMax: number;
}

/** What was made of events taken. */
export interface SequenceCounts {
  readonly repeated: number;
  readonly late: number;
}

interface Waiting {
  readonly event: MarketEvent;
  readonly atMs: number;
  readonly dueMs: number;
}

/**
 * One stream of one symbol, in the order of the venue's time (of arrival, where it sends none): what is repeated is
 * dropped, what comes out of order within the window is put in order, and what comes later still is handed on as `late`,
 * never in the wrong place. While it is held everything waits, so that events of history can come before.
 */
export class EventSequence {
  readonly #rules: SequenceRules;
  /** In the order of time; of the same instant, in the order of arrival. */
  #waiting: Waiting[] = [];
  /** How often each event was taken: those being gathered, and the full measure before them, which is forgotten whole. */
  #seen = new Map<string, number>();
  #seenBefore: ReadonlyMap<string, number> = new Map();
  #seenLastMs = Number.NEGATIVE_INFINITY;
  #seenBeforeLastMs = Number.NEGATIVE_INFINITY;
  #isHeld = false;
  #lastMs = Number.NEGATIVE_INFINITY;
  #forgottenMs = Number.NEGATIVE_INFINITY;
  #repeated = 0;
  #late = 0;

  constructor(rules: SequenceRules) {
    this.#rules = rules;
  }

  get counts(): SequenceCounts {
    return { repeated: this.#repeated, late: this.#late };
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  get waitsForTime(): boolean {
    return !this.#isHeld && this.#waiting.length > 0;
  }

  /** Time of the last event handed on in its place; null before the first. */
  get lastMs(): number | null {
    return Number.isFinite(this.#lastMs) ? this.#lastMs : null;
  }

  /** @returns whether the event is new */
  take(event: MarketEvent, nowMs: number): boolean {
    const { key, unique } = eventIdentity(event);
    const times = this.#times(key);
    if (unique && times > 0) {
      this.#repeated += 1;
      return false;
    }
    this.#remember(key, times + 1, timeOf(event));
    this.#insert(event, nowMs + this.#rules.reorderWindowMs);
    return true;
  }

  /** Keeps back everything until `addHistory` or `letGo`. */
  hold(): void {
    this.#isHeld = true;
  }

  letGo(): void {
    this.#isHeld = false;
  }

  /**
   * Takes what history says of a stretch and ends the hold. Of trades that cannot be told apart, as many are new as
   * history has more of than came in.
   * @returns how many were new
   */
  addHistory(events: readonly MarketEvent[], nowMs: number): number {
    const inHistory = new Map<string, number>();
    let added = 0;
    for (const event of events) {
      // Whether it was handed on is no longer known: those are older than anything that a gap is filled from.
      if (timeOf(event) <= this.#forgottenMs) continue;
      const { key } = eventIdentity(event);
      const times = (inHistory.get(key) ?? 0) + 1;
      inHistory.set(key, times);
      if (times <= this.#times(key)) continue;
      this.#remember(key, times, timeOf(event));
      this.#insert(event, nowMs);
      added += 1;
    }
    this.#isHeld = false;
    return added;
  }

  /** Events whose wait is over, and all that are earlier than one of them. */
  release(nowMs: number): readonly (MarketEvent | LateEvent)[] {
    if (this.#isHeld || this.#waiting.length === 0) return [];
    const last = this.#waiting.findLastIndex(({ dueMs }) => dueMs <= nowMs);
    return this.#waiting.splice(0, last + 1).map(({ event, atMs }) => {
      if (atMs >= this.#lastMs) {
        this.#lastMs = atMs;
        return event;
      }
      this.#late += 1;
      return { kind: 'late', event };
    });
  }

  #insert(event: MarketEvent, dueMs: number): void {
    const atMs = timeOf(event);
    // Nearly all come in order, so that the search begins at the end.
    const before = this.#waiting.findLastIndex((waiting) => waiting.atMs <= atMs);
    this.#waiting.splice(before + 1, 0, { event, atMs, dueMs });
  }

  #times(key: string): number {
    return this.#seen.get(key) ?? this.#seenBefore.get(key) ?? 0;
  }

  #remember(key: string, times: number, atMs: number): void {
    this.#seen.set(key, times);
    this.#seenLastMs = Math.max(this.#seenLastMs, atMs);
    if (this.#seen.size < this.#rules.rememberedMax) return;
    this.#forgottenMs = this.#seenBeforeLastMs;
    [this.#seenBefore, this.#seenBeforeLastMs] = [this.#seen, this.#seenLastMs];
    this.#seen = new Map();
  }
}

/** The time by which events are ordered. */
function timeOf({ venueMs, receivedMs }: MarketEvent): number {
  return venueMs ?? receivedMs;
}
