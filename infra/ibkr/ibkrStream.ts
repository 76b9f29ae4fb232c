import type { FeedKind } from '#activities/ports/marketFeed.ts';
import type { OwnConnections } from '../feeds/vendorConnection.ts';
import type { IbkrStock } from './ibkrContracts.ts';
import { BookNumbers } from './ibkrDepth.ts';
import { IbkrLiveConnection } from './ibkrLiveConnection.ts';
import { SubscriptionPace } from './subscriptionPace.ts';
import type { TwsAddress } from './twsConnection.ts';

/** Limits of live data. */
export interface IbkrStreamRules {
  /** Rows of each side of a book. */
  readonly depthRows: number;
  /** Between two requests for the same instrument and kind of tick (TWS API, "Tick-by-tick data"). */
  readonly sameInstrumentMs: number;
  /** Between two requests for the same book. */
  readonly sameBookMs: number;
  readonly messagesPerSecond: number;
}

/** Where TWS listens for a live feed. */
export interface IbkrStreamOptions extends TwsAddress {
  /** Each replaces its default. */
  readonly rules?: Partial<IbkrStreamRules>;
}

/** What all connections of one stream share. */
export interface StreamMemory {
  readonly rules: IbkrStreamRules;
  readonly pace: SubscriptionPace;
  readonly numbers: BookNumbers;
  /** Stocks that were looked up. */
  readonly stocks: Map<string, IbkrStock>;
}

/** Kinds of events that the socket carries live. */
export const ibkrKinds: readonly FeedKind[] = ['trades', 'quotes', 'depth'];

const streamRules: IbkrStreamRules = {
  depthRows: 10,
  sameInstrumentMs: 15_500,
  sameBookMs: 1_000,
  messagesPerSecond: 40,
};

/**
 * Interactive Brokers' live data over TWS or the IB Gateway: every trade and every quote of a symbol, tick by tick, and its
 * book. The vendor allows few symbols so (three to begin with) and refuses the next.
 */
export function ibkrStream({ rules, ...address }: IbkrStreamOptions): OwnConnections {
  const all = { ...streamRules, ...rules };
  const memory: StreamMemory = {
    rules: all,
    pace: new SubscriptionPace(),
    numbers: new BookNumbers(),
    stocks: new Map(),
  };
  return {
    name: 'ibkr',
    kinds: ibkrKinds,
    connect: (opening) => new IbkrLiveConnection(address, memory, opening),
  };
}
