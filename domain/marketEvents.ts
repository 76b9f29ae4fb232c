import type { TradeCondition } from './tradeConditions.ts';

/** When something happened and when we learnt of it. Both are milliseconds since 1970 UTC and may carry a fraction. */
export interface EventTime {
  /** The venue's own stamp; null where it sends none. Market time: never compared with our clocks to decide anything. */
  readonly venueMs: number | null;
  /** Our clock when the last byte came in. */
  readonly receivedMs: number;
}

/** A trade as the tape printed it. Price in dollars (or the quote currency), size in shares or units. */
export interface Trade extends EventTime {
  readonly kind: 'trade';
  readonly symbol: string;
  readonly price: number;
  readonly size: number;
  /** Venue's code as the vendor gives it; empty where it gives none. */
  readonly exchange: string;
  /** Sale conditions; none is a regular trade. */
  readonly conditions: readonly TradeCondition[];
  /** The vendor's identity of the trade, by which a repeated message is known; null where it has none. */
  readonly tradeId: string | null;
}

/** The best bid and offer; a side without a quote has price and size 0. */
export interface Quote extends EventTime {
  readonly kind: 'quote';
  readonly symbol: string;
  readonly bid: number;
  readonly bidSize: number;
  readonly ask: number;
  readonly askSize: number;
  readonly exchange: string;
  /** Update id of the book the quote belongs to, where the venue numbers them; else null. */
  readonly updateId: number | null;
}

/** Price and the whole size that stands there; size 0 in an update removes the level. */
export type PriceLevel = readonly [price: number, size: number];

/** A whole book, levels in any order, as of an update id. */
export interface DepthSnapshot extends EventTime {
  readonly kind: 'depthSnapshot';
  readonly symbol: string;
  readonly lastUpdateId: number;
  readonly bids: readonly PriceLevel[];
  readonly asks: readonly PriceLevel[];
}

/** Levels that changed by the updates from the first id to the last, both inclusive. */
export interface DepthUpdate extends EventTime {
  readonly kind: 'depthUpdate';
  readonly symbol: string;
  readonly firstUpdateId: number;
  readonly lastUpdateId: number;
  readonly bids: readonly PriceLevel[];
  readonly asks: readonly PriceLevel[];
}

/** Trades of a stretch of time as the vendor summed them up; `venueMs` is the instant at which it ended. */
export interface MarketBar extends EventTime {
  readonly kind: 'bar';
  readonly symbol: string;
  readonly startMs: number;
  readonly lengthMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Shares or units. */
  readonly volume: number;
}

/** A trade that the tape takes back: whoever counted it subtracts it again. A correction is this and the right trade. */
export interface TradeCancel extends EventTime {
  readonly kind: 'tradeCancel';
  readonly symbol: string;
  readonly exchange: string;
  readonly tradeId: string;
}

/** Whether a listing may trade now, and the reason the venue gives, in its own code (`T1`, `LUDP`, `MWC1`); empty for none. */
export interface TradingStatus extends EventTime {
  readonly kind: 'tradingStatus';
  readonly symbol: string;
  readonly status: 'trading' | 'halted' | 'paused' | 'quotationOnly';
  readonly reason: string;
}

/** Prices beyond which no trade may happen: limit up and limit down (plan of the SIPs, NMS plan to address volatility). */
export interface PriceBand extends EventTime {
  readonly kind: 'priceBand';
  readonly symbol: string;
  readonly lower: number;
  readonly upper: number;
}

/** What a feed tells of the market, live or replayed. */
export type MarketEvent =
  Trade | Quote | DepthSnapshot | DepthUpdate | MarketBar | TradeCancel | TradingStatus | PriceBand;
