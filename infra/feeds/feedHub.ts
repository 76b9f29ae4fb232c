import type { DeliveryCounts, FeedKind, FeedRequest, FeedSubscription } from '#activities/ports/marketFeed.ts';
import { isNotice, type FeedEvent } from '#domain/feedNotices.ts';
import { FeedQueue } from '#domain/feedQueue.ts';
import type { MarketEvent } from '#domain/marketEvents.ts';

/** What is asked for by the consumers together. */
export interface Interest {
  readonly symbols: ReadonlySet<string>;
  readonly kinds: ReadonlySet<FeedKind>;
}

/** Kinds of events that are asked for; all others come along with their symbols. */
const kindAskedFor: Readonly<Partial<Record<MarketEvent['kind'], FeedKind>>> = {
  quote: 'quotes',
  trade: 'trades',
  tradeCancel: 'trades',
  bar: 'bars',
  depthSnapshot: 'depth',
  depthUpdate: 'depth',
};

/** Hands each event to every consumer that asked for it, through a queue for each. */
export class FeedHub {
  readonly #consumers = new Set<Consumer>();
  #whenRoom: PromiseWithResolvers | undefined;
  #ended: { readonly error: Error | null } | undefined;

  /** A consumer's stream; of a hub that has ended, one that ends the same way. */
  subscribe(request: FeedRequest): FeedSubscription {
    const consumer = new Consumer(request, {
      onTaken: () => this.#tellRoom(),
      onClosed: () => {
        this.#consumers.delete(consumer);
        this.#tellRoom();
      },
    });
    if (this.#ended) consumer.end(this.#ended.error);
    else this.#consumers.add(consumer);
    return consumer;
  }

  interest(): Interest {
    const requests = [...this.#consumers].map(({ request }) => request);
    return {
      symbols: new Set(requests.flatMap(({ symbols }) => symbols)),
      kinds: new Set(requests.flatMap(({ kinds }) => kinds)),
    };
  }

  /** What each consumer was given and what not. */
  deliveries(): readonly { readonly consumer: string; readonly counts: DeliveryCounts }[] {
    return [...this.#consumers].map(({ request, counts }) => ({ consumer: request.consumer, counts }));
  }

  publish(event: FeedEvent, nowMs: number): void {
    for (const consumer of this.#consumers) consumer.offer(event, nowMs);
  }

  /** Whether a consumer would lose the next event. */
  get isFull(): boolean {
    for (const consumer of this.#consumers) if (consumer.isFull) return true;
    return false;
  }

  /** Resolves once no consumer would lose an event, for those who can wait. */
  async room(): Promise<void> {
    while (this.isFull) {
      this.#whenRoom ??= withResolvers();
      await this.#whenRoom.promise;
    }
  }

  /** Ends every stream after what waits in it, with an error where one is given. */
  end(error: Error | null): void {
    this.#ended ??= { error };
    for (const consumer of this.#consumers) consumer.end(error);
    this.#consumers.clear();
    this.#tellRoom();
  }

  #tellRoom(): void {
    if (!this.#whenRoom || this.isFull) return;
    this.#whenRoom.resolve();
    this.#whenRoom = undefined;
  }
}

class Consumer implements FeedSubscription {
  readonly request: FeedRequest;
  readonly #queue: FeedQueue;
  readonly #symbols: ReadonlySet<string>;
  readonly #kinds: ReadonlySet<FeedKind>;
  readonly #told: { readonly onTaken: () => void; readonly onClosed: () => void };
  #ended: { readonly error: Error | null } | undefined;
  #whenMore: PromiseWithResolvers | undefined;

  constructor(request: FeedRequest, told: { readonly onTaken: () => void; readonly onClosed: () => void }) {
    this.request = request;
    this.#queue = new FeedQueue({ eventsMax: request.queueEventsMax, quotes: request.quotes });
    this.#symbols = new Set(request.symbols);
    this.#kinds = new Set(request.kinds);
    this.#told = told;
  }

  get counts(): FeedSubscription['counts'] {
    const { taken, conflated, lost, waiting } = this.#queue.counts;
    return { delivered: taken, conflated, lost, waiting };
  }

  get isFull(): boolean {
    return this.#queue.isFull;
  }

  offer(event: FeedEvent, nowMs: number): void {
    if (!this.#wants(event)) return;
    this.#queue.push(event, nowMs);
    this.#tellMore();
  }

  end(error: Error | null): void {
    this.#ended ??= { error };
    this.#tellMore();
  }

  close(): void {
    this.end(null);
    this.#told.onClosed();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<FeedEvent> {
    try {
      for (;;) {
        const event = this.#queue.take();
        if (event !== undefined) {
          this.#told.onTaken();
          yield event;
          continue;
        }
        if (this.#ended?.error) throw this.#ended.error;
        if (this.#ended) return;
        this.#whenMore ??= withResolvers();
        await this.#whenMore.promise;
      }
    } finally {
      this.close();
    }
  }

  #wants(event: FeedEvent): boolean {
    const about = event.kind === 'late' ? event.event : event;
    if ('symbol' in about && !this.#symbols.has(about.symbol) && !this.#symbols.has('*')) return false;
    if (isNotice(about)) return true;
    const kind = kindAskedFor[about.kind];
    return kind === undefined || this.#kinds.has(kind);
  }

  #tellMore(): void {
    this.#whenMore?.resolve();
    this.#whenMore = undefined;
  }
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers(): PromiseWithResolvers {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
