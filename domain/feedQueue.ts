import type { EventsLost, FeedEvent } from './feedNotices.ts';

/** Whether every quote is handed over, or only the newest of a symbol that waits. */
export type QuoteDelivery = 'every' | 'latest';

/** What a queue did so far. */
export interface QueueCounts {
  readonly taken: number;
  readonly conflated: number;
  readonly lost: number;
  readonly waiting: number;
}

/**
 * Events that wait for one consumer, oldest first.
 *
 * With `latest`, a waiting quote gives way to a newer one of its symbol, which takes its place at the end, so that a
 * symbol's events stay in the order of time; such quotes are one a symbol and stand outside the bound. Of all else at most
 * `eventsMax` wait. What does not fit is lost, counted, and told by an `eventsLost` where the hole is: nothing is lost in
 * silence. Losses are one notice until something fits again.
 */
export class FeedQueue {
  readonly #eventsMax: number;
  readonly #quotes: QuoteDelivery;
  /** Taken and replaced events leave holes; they are closed when they are many. */
  #slots: (FeedEvent | undefined)[] = [];
  #first = 0;
  /** Slot of each symbol's waiting quote that may be replaced. */
  readonly #quoteSlots = new Map<string, number>();
  /** Slot of the notice that the next loss is added to. */
  #lossSlot: number | undefined;
  #waiting = 0;
  #taken = 0;
  #conflated = 0;
  #lost = 0;

  /** @throws RangeError unless the bound is a whole number from 1 */
  constructor({ eventsMax, quotes }: { readonly eventsMax: number; readonly quotes: QuoteDelivery }) {
    if (!Number.isSafeInteger(eventsMax) || eventsMax < 1) throw new RangeError(`no bound of a queue: ${eventsMax}`);
    this.#eventsMax = eventsMax;
    this.#quotes = quotes;
  }

  get counts(): QueueCounts {
    return { taken: this.#taken, conflated: this.#conflated, lost: this.#lost, waiting: this.#waiting };
  }

  /** Whether anything but a replaceable quote would be lost now. */
  get isFull(): boolean {
    return this.#waiting - this.#quoteSlots.size >= this.#eventsMax;
  }

  /** @param nowMs our clock, for events that carry no arrival of their own */
  push(event: FeedEvent, nowMs: number): void {
    if (this.#quotes === 'latest' && event.kind === 'quote') {
      const older = this.#quoteSlots.get(event.symbol);
      if (older !== undefined) this.#giveUp(older);
      this.#quoteSlots.set(event.symbol, this.#slots.length);
    } else if (this.isFull) {
      this.#lose('receivedMs' in event ? event.receivedMs : nowMs);
      return;
    } else this.#lossSlot = undefined;
    this.#slots.push(event);
    this.#waiting += 1;
    this.#closeHoles();
  }

  /** The oldest event; undefined when none waits. */
  take(): FeedEvent | undefined {
    while (this.#first < this.#slots.length) {
      const slot = this.#first;
      const event = this.#slots[slot];
      this.#slots[slot] = undefined;
      this.#first += 1;
      if (event === undefined) continue;
      if (slot === this.#lossSlot) this.#lossSlot = undefined;
      if (event.kind === 'quote' && this.#quoteSlots.get(event.symbol) === slot) this.#quoteSlots.delete(event.symbol);
      if (event.kind !== 'eventsLost') {
        this.#waiting -= 1;
        this.#taken += 1;
      }
      this.#closeHoles();
      return event;
    }
    return undefined;
  }

  #giveUp(slot: number): void {
    this.#slots[slot] = undefined;
    this.#waiting -= 1;
    this.#conflated += 1;
  }

  #lose(atMs: number): void {
    this.#lost += 1;
    const slot = this.#lossSlot ?? this.#slots.length;
    const before = this.#slots[slot] as EventsLost | undefined;
    const { events, fromMs } = before ?? { events: 0, fromMs: atMs };
    this.#slots[slot] = { kind: 'eventsLost', events: events + 1, fromMs, toMs: atMs };
    this.#lossSlot = slot;
  }

  #closeHoles(): void {
    // Notices of losses stand in slots too, one for each event at most.
    if (this.#slots.length < 4 * this.#waiting + 1_024) return;
    const from = this.#slots;
    this.#slots = [];
    const moved = new Map<number, number>();
    for (let slot = this.#first; slot < from.length; slot += 1) {
      if (from[slot] === undefined) continue;
      moved.set(slot, this.#slots.length);
      this.#slots.push(from[slot]);
    }
    this.#first = 0;
    for (const [symbol, slot] of this.#quoteSlots) this.#quoteSlots.set(symbol, moved.get(slot)!);
    this.#lossSlot = this.#lossSlot === undefined ? undefined : moved.get(this.#lossSlot);
  }
}
