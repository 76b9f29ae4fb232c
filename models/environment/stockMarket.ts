import { requireShape } from '../graph/shape.ts';

/** What a stock market did, session by session, as flat arrays with sessions outermost. */
export interface StockMarket {
  readonly sessions: number;
  readonly stocks: number;
  /** Closing prices, shape [sessions, stocks], dollars, finite and > 0. */
  readonly prices: Float64Array;
  /** Shape [sessions, indicators, stocks], known at the session's close. */
  readonly indicators: Float64Array;
  /** Forecasts made at the session's close, shape [sessions, stocks]; appended to what the agent sees. */
  readonly predictions?: Float64Array;
  /** How unusual the session's returns were, shape [sessions]. */
  readonly turbulence?: Float64Array;
}

/** Indicators a stock. */
export function indicatorCount({ sessions, stocks, indicators }: StockMarket): number {
  return indicators.length / (sessions * stocks);
}

/**
 * Demands a market whose columns fit each other.
 * @throws Failure MODEL_SHAPE_MISMATCH when a column has another length or there are fewer than two sessions;
 *   RangeError when a price is not finite and positive, or another number is not finite
 */
export function requireMarket(market: StockMarket): void {
  const { sessions, stocks, prices, indicators, predictions, turbulence } = market;
  const fits = (column: Float64Array | undefined, length: number): boolean =>
    column === undefined || column.length === length;
  const columns = [[sessions, stocks], [prices.length], [indicators.length]];
  requireShape(sessions > 1 && stocks > 0 && fits(prices, sessions * stocks), 'trade a market of', columns);
  requireShape(Number.isInteger(indicatorCount(market)), 'give a market indicators of', columns);
  requireShape(fits(predictions, sessions * stocks), 'give a market predictions of', [
    ...columns,
    [predictions?.length ?? 0],
  ]);
  requireShape(fits(turbulence, sessions), 'give a market turbulence of', [...columns, [turbulence?.length ?? 0]]);
  const price = prices.find((value) => !(value > 0 && value < Infinity));
  if (price !== undefined) throw new RangeError(`no price: ${price}`);
  for (const [name, column] of Object.entries({ indicators, predictions, turbulence })) {
    const found = column?.find((value) => !Number.isFinite(value));
    if (found !== undefined) throw new RangeError(`${name} of a market hold ${found}`);
  }
}
