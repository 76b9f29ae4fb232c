import type { DailyBars } from '#domain/bars.ts';
import { moneyFromDollars, shares } from '#domain/money.ts';
import type { PriceTerms } from '#domain/barMatching.ts';
import { layOutMarket } from '#pipelines/backtest/barMarket.ts';
import type { OrderRequest } from '#pipelines/backtest/order.ts';
import { playStrategy, type BacktestResult, type PlayRequest } from '#pipelines/backtest/playStrategy.ts';
import type { Desk, Strategy } from '#pipelines/backtest/strategy.ts';
import { weekdays } from '../randomBars.ts';

/** Trading that costs nothing. */
export const freeTrading = { halfSpreadBasisPoints: 0, commissionBasisPoints: 0 };

/** A row of prices in dollars: open, high, low, close, and shares traded (a million where left out). */
export type PriceRow = readonly [open: number, high: number, low: number, close: number, volume?: number];

/** Bars of a symbol, a row a weekday, with splits and dividends by row. */
export function barsOfRows(
  rows: readonly PriceRow[],
  named: {
    readonly symbol?: string;
    readonly splits?: Readonly<Record<number, number>>;
    readonly dividends?: Readonly<Record<number, number>>;
  } = {},
): DailyBars {
  const column = (index: 0 | 1 | 2 | 3): Float64Array => Float64Array.from(rows, (row) => row[index]);
  const close = column(3);
  const { symbol = 'A', splits = {}, dividends = {} } = named;
  return {
    symbol,
    sessions: weekdays(rows.length),
    open: column(0),
    high: column(1),
    low: column(2),
    close,
    adjustedClose: close,
    volume: Float64Array.from(rows, (row) => row[4] ?? 1_000_000),
    actions: {
      splitRatio: Float64Array.from(rows, (_, row) => splits[row] ?? 1),
      dividend: Float64Array.from(rows, (_, row) => dividends[row] ?? 0),
    },
  };
}

/** The same row so many times. */
export function rowsOf(count: number, row: PriceRow): readonly PriceRow[] {
  return Array.from({ length: count }, () => row);
}

/** What a script orders: quantity positive buys, negative sells. */
export function order(
  quantity: number,
  terms: PriceTerms | 'market' = 'market',
  more: Partial<Omit<OrderRequest, 'terms'>> = {},
): OrderRequest {
  return {
    symbol: 0,
    side: quantity > 0 ? 'buy' : 'sell',
    quantity: shares(Math.abs(quantity)),
    terms: terms === 'market' ? { kind: 'market' } : terms,
    timeInForce: 'day',
    ...more,
  };
}

/** Prices of orders, in dollars. */
export const limitAt = (price: number): PriceTerms => ({ kind: 'limit', limitPrice: moneyFromDollars(price) });
export const stopAt = (price: number): PriceTerms => ({ kind: 'stop', stopPrice: moneyFromDollars(price) });

/** A strategy that places what a script says after the close of a session, by its number. */
export function scripted(script: Readonly<Record<number, readonly OrderRequest[]>>): Strategy {
  let session = 0;
  return {
    afterClose(desk: Desk) {
      desk.submit(script[session] ?? []);
      session += 1;
    },
  };
}

/** Plays a script on bars with 100,000 dollars, free of costs unless told otherwise. */
export function playScript(
  bars: readonly DailyBars[],
  script: Strategy | Readonly<Record<number, readonly OrderRequest[]>>,
  change: Partial<PlayRequest> = {},
): BacktestResult {
  const isStrategy = 'afterClose' in script || 'beforeOpen' in script || 'afterOpen' in script;
  return playStrategy({
    market: layOutMarket({ bars, dividends: 'credited' }),
    strategy: isStrategy ? script : scripted(script as Readonly<Record<number, readonly OrderRequest[]>>),
    cash: moneyFromDollars(100_000),
    rates: freeTrading,
    ...change,
  });
}

/** Fills as text: `row at side quantity @ dollars`. */
export function fillTexts({ fills }: BacktestResult): readonly string[] {
  const dates = weekdays(400);
  return fills.map(
    ({ session, at, side, quantity, price }) =>
      `${dates.indexOf(session)} ${at} ${side} ${quantity} @ ${price / 10_000}`,
  );
}
