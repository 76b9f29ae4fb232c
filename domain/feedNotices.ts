import type { MarketEvent } from './marketEvents.ts';

/** The connection to a vendor: `live` once it told that our subscriptions stand, `down` from the moment it is lost. */
export interface FeedState {
  readonly kind: 'feedState';
  readonly state: 'live' | 'down';
  /** Why it went down; empty when it is live. */
  readonly reason: string;
  /** Our clock. */
  readonly atMs: number;
}

/** Nothing came of a symbol for longer than allowed while its market was open. Prices known of it are not to be traded on. */
export interface FeedStale {
  readonly kind: 'feedStale';
  readonly symbol: string;
  readonly silentMs: number;
  readonly atMs: number;
}

/** A stale symbol speaks again. */
export interface FeedFresh {
  readonly kind: 'feedFresh';
  readonly symbol: string;
  readonly atMs: number;
}

/** What became of a stretch in which a symbol's events could not reach us; both ends are the venue's time, inclusive. */
export interface FeedGap {
  readonly kind: 'feedGap';
  readonly symbol: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Events that history supplied; they stand before this notice, in their order. */
  readonly filled: number;
  /** Why the stretch may still have holes; null when history answered. */
  readonly problem: string | null;
}

/** Events that were kept from a consumer because it fell behind its queue's bound. */
export interface EventsLost {
  readonly kind: 'eventsLost';
  readonly events: number;
  /** Arrival, by our clock, of the first and the last of them. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** An event older than one of its symbol already handed on, and later than the time we wait for such: told, not hidden. */
export interface LateEvent {
  readonly kind: 'late';
  readonly event: MarketEvent;
}

/** What a feed tells of itself. */
export type FeedNotice = FeedState | FeedStale | FeedFresh | FeedGap | EventsLost | LateEvent;

/** What a consumer is handed: the market's events, and what it must know to believe them. */
export type FeedEvent = MarketEvent | FeedNotice;

/** Kinds of notices, by which they are told from the market's events. */
const noticeKinds: ReadonlySet<string> = new Set<FeedNotice['kind']>([
  'feedState',
  'feedStale',
  'feedFresh',
  'feedGap',
  'eventsLost',
  'late',
]);

/** Whether something a feed handed on is about the feed itself. */
export function isNotice(event: FeedEvent): event is FeedNotice {
  return noticeKinds.has(event.kind);
}
