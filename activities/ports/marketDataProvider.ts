import type { DailyBars } from '#domain/bars.ts';
import type { CorporateAction } from '#domain/corporateAction.ts';
import type { IntradayBars } from '#domain/intradayBars.ts';
import type { DepthSnapshot, DepthUpdate, Quote, Trade } from '#domain/marketEvents.ts';
import type { SessionDate } from '#domain/sessionDate.ts';

/**
 * A source of market data. It answers with what the vendor said, unrepaired; checks come after. Every method is there
 * only where the vendor has such data: a provider is what it can do. A question that fails leaves nothing behind, and
 * fails with a PROVIDER code.
 */
export interface MarketDataProvider {
  readonly name: string;
  /** Origin and licence, for snapshot manifests and screens. */
  readonly origin: string;
  /** Lengths of bars that `historicalBars` answers. */
  readonly timeframes: readonly Timeframe[];
  /** Bars of the symbols in the range, inclusive; never a later session. */
  historicalBars?(request: BarsRequest): Promise<HistoricalBars>;
  /** Actions whose ex-date lies in the range, on the scale of their own day, in any order. */
  corporateActions?(request: SymbolsRequest): Promise<readonly CorporateAction[]>;
  /** Best bids and offers page by page, oldest first within a symbol; a failure voids the pages before it. */
  quotes?(request: EventsRequest): AsyncIterable<readonly Quote[]>;
  /** Trades that stand: what the tape took back is left out. Pages as of `quotes`. */
  trades?(request: EventsRequest): AsyncIterable<readonly Trade[]>;
  /** Books and their changes, oldest first. Pages as of `quotes`. */
  depth?(request: EventsRequest): AsyncIterable<readonly (DepthSnapshot | DepthUpdate)[]>;
  /**
   * What can be asked for. A vendor without a list tells of `symbols` only, and fails with PROVIDER_CAPABILITY_MISSING
   * where none are named; one with a list answers the whole of it.
   */
  instruments?(symbols?: readonly string[]): Promise<readonly Instrument[]>;
  /** The provider's own benchmark, where it has one; elsewhere a symbol serves, e.g. a fund that follows the index. */
  benchmark?(range: SessionRange): Promise<BenchmarkBars>;
  /** Closes idle connections. */
  close?(): Promise<void>;
}

/** Length of a bar; `1Day` is a session. */
export type Timeframe = '1Min' | '5Min' | '15Min' | '30Min' | '1Hour' | '1Day';

/** Sessions from and to, both inclusive. */
export interface SessionRange {
  readonly from: SessionDate;
  readonly to: SessionDate;
}

/** Symbols as their exchange writes them, classes after a point: `BRK.B`. */
export interface SymbolsRequest {
  readonly symbols: readonly string[];
  readonly range: SessionRange;
}

/** Which bars. */
export interface BarsRequest extends SymbolsRequest {
  readonly timeframe: Timeframe;
}

/** Which quotes, trades or books of one symbol: venue's time in [fromMs, toMs), milliseconds since 1970 UTC. */
export interface EventsRequest {
  readonly symbol: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Scale of a vendor's prices: `raw` as printed that day, `splitAdjusted` with later splits taken back. Daily bars have
 * their `actions` only where they are raw and the vendor told the actions along with them.
 */
export type PriceScale = 'raw' | 'splitAdjusted';

/** Bars of every symbol the vendor had some of. */
export type HistoricalBars = {
  readonly scale: PriceScale;
  /** Symbols that were asked for and came without a bar. */
  readonly withoutBars: readonly string[];
} & (
  | { readonly kind: 'daily'; readonly bars: readonly DailyBars[] }
  | { readonly kind: 'intraday'; readonly bars: readonly IntradayBars[] }
);

/** Something that is listed, or was. */
export interface Instrument {
  readonly symbol: string;
  readonly name: string;
  /** The vendor's name of the exchange; empty where it gives none. */
  readonly exchange: string;
  readonly active: boolean;
}

/** A benchmark's closes with where each came from. */
export interface BenchmarkBars {
  readonly sessions: readonly SessionDate[];
  /** Shape [sessions], level of the index, any scale. */
  readonly close: Float64Array;
  /** Shape [sessions], e.g. `SP500` or `EQUAL-WEIGHT`. */
  readonly source: readonly string[];
}
