import type { FeedEvent } from '#domain/feedNotices.ts';
import type { QuoteDelivery } from '#domain/feedQueue.ts';
import type { MarketEvent } from '#domain/marketEvents.ts';

/** What can be subscribed to; halts and price bands of the symbols always come along, cancels with trades. */
export type FeedKind = 'quotes' | 'trades' | 'bars' | 'depth';

/** What one consumer wants to hear. */
export interface FeedRequest {
  /** Who listens, for figures and logs. */
  readonly consumer: string;
  /** `*` is every symbol the feed carries, where it allows that. */
  readonly symbols: readonly string[];
  readonly kinds: readonly FeedKind[];
  /** `every` where each quote counts, as for a capture; `latest` where only the newest matters, as for a strategy. */
  readonly quotes: QuoteDelivery;
  /** Events that wait for the consumer at most. */
  readonly queueEventsMax: number;
}

/** What a consumer's queue did so far. */
export interface DeliveryCounts {
  readonly delivered: number;
  /** Quotes that a newer one of the same symbol replaced before they were taken. */
  readonly conflated: number;
  /** Events lost at the bound; each loss was also told in the stream as `eventsLost`. */
  readonly lost: number;
  readonly waiting: number;
}

/** One consumer's stream. It ends when it is closed or the feed is, and throws what made the feed give up. */
export interface FeedSubscription extends AsyncIterable<FeedEvent> {
  readonly counts: DeliveryCounts;
  close(): void;
}

/**
 * Live or replayed market data for several consumers, each with a queue of its own, so that a slow one costs nobody else
 * anything. A live feed never waits: at a queue's bound it gives up waiting quotes first, then loses what does not fit and
 * says so in the stream. A replay waits for its slowest consumer and loses nothing.
 */
export interface MarketFeed {
  readonly name: string;
  /** @throws Failure FEED_REFUSED for a kind that the feed cannot carry */
  subscribe(request: FeedRequest): FeedSubscription;
  /**
   * Begins. Consumers that subscribed before miss nothing.
   * @throws Failure FEED_REFUSED or FEED_UNREACHABLE when a live feed cannot begin at all
   */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** A stretch of a symbol's past; both ends are the venue's time, inclusive. */
export interface HistoryRequest {
  readonly symbol: string;
  readonly kinds: readonly FeedKind[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly signal: AbortSignal;
}

/**
 * What happened in a stretch, in any order, for the gaps of a live feed. It throws when it cannot tell; what it leaves out
 * counts as not having happened.
 */
export type EventHistory = (request: HistoryRequest) => Promise<readonly MarketEvent[]>;
