import type { FeedKind } from '#activities/ports/marketFeed.ts';
import type { MarketEvent } from '#domain/marketEvents.ts';

/** What a connection is to carry. */
export interface Wanted {
  readonly symbols: readonly string[];
  readonly kinds: readonly FeedKind[];
}

/**
 * What a frame of a vendor meant:
 * - `send`: it asks for an answer
 * - `live`: all that is wanted is now subscribed to
 * - `event`: something of the market
 * - `refused`: it will not serve us; `never` for what another attempt cannot change
 * - `unreadable`: it is nothing that the vendor documents, and events may have been in it
 */
export type VendorSaid =
  | { readonly kind: 'send'; readonly frame: string }
  | { readonly kind: 'live' }
  | { readonly kind: 'event'; readonly event: MarketEvent }
  | { readonly kind: 'refused'; readonly reason: string; readonly again: 'never' | 'slowly' | 'soon' }
  | { readonly kind: 'unreadable'; readonly problem: string };

/** One connection's conversation. It holds no clock and no socket. */
export interface VendorConversation {
  /** What to say as soon as the connection is open. */
  greeting(): readonly string[];
  take(frame: string, receivedMs: number): readonly VendorSaid[];
  /** What to say when something else is wanted; `live` is said again once that stands. */
  change(wanted: Wanted): readonly string[];
}

/** A vendor's streaming protocol over WebSocket text frames. */
export interface VendorProtocol {
  readonly name: string;
  readonly url: string;
  /** What it can carry. */
  readonly kinds: readonly FeedKind[];
  converse(wanted: Wanted): VendorConversation;
}
