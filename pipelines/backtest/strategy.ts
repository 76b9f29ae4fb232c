import type { BreakerState } from '#domain/breaker.ts';
import type { Money, Shares } from '#domain/money.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { BacktestFill } from './account.ts';
import type { OrderRequest, PlayedOrder } from './order.ts';

/**
 * Who decides. It is called at three moments of each session and told each fill; at none of them can it read what comes
 * after. All are optional.
 */
export interface Strategy {
  /** Before the open: bars up to the session before are known, dividends and splits of the day are booked. */
  beforeOpen?(desk: Desk): void;
  /** After the opening auction: the day's opens are known. */
  afterOpen?(desk: Desk): void;
  /** After the close: the day's bars are known; orders live from the next session on. */
  afterClose?(desk: Desk): void;
  /** An order of its own traded. */
  onFill?(fill: BacktestFill, desk: Desk): void;
}

/** What a strategy sees of the market and of its account, and where it places orders. */
export interface Desk {
  readonly session: SessionDate;
  readonly phase: 'beforeOpen' | 'open' | 'closed';
  /** A symbol is spoken of by its place in this list. */
  readonly symbols: readonly string[];
  readonly history: BarHistory;
  /** Trading state of the account. */
  readonly state: BreakerState;
  readonly cash: Money;
  /** Cash and shares at the last closes. */
  readonly equity: Money;
  /** Shares held; negative for a short. */
  held(symbol: number): Shares;
  /** The last close, in the shares of today; undefined before the first. */
  lastClose(symbol: number): Money | undefined;
  /** The day's open, once it is known; undefined where there is none. */
  openToday(symbol: number): Money | undefined;
  /**
   * Places orders, in their order; limits of the account refuse single ones.
   * @throws RangeError for a quantity or price that is not positive, or a time in force that is over
   */
  submit(orders: readonly OrderRequest[]): readonly PlayedOrder[];
  /** Cancels what is left of an order; one that has ended stays as it is. */
  cancel(id: number): void;
  /** Orders that may still trade, oldest first. */
  working(): readonly PlayedOrder[];
}

/**
 * Bars that a strategy may know. Prices are in ten-thousandths of a dollar for a share as it was at the symbol's first
 * bar, so that a split makes no jump and no later split changes what was read. `back` counts bars: 0 is the newest.
 * NaN where there is none.
 */
export interface BarHistory {
  /** Bars known of a symbol; sessions without a bar do not count. */
  count(symbol: number): number;
  /** Whether a symbol has a bar in the newest session that is known. */
  printed(symbol: number): boolean;
  open(symbol: number, back?: number): number;
  high(symbol: number, back?: number): number;
  low(symbol: number, back?: number): number;
  close(symbol: number, back?: number): number;
  /** Shares, as reported. */
  volume(symbol: number, back?: number): number;
  /** Such a price in the shares of today, rounded: what an order may ask for. */
  priceToday(symbol: number, price: number): Money;
}
