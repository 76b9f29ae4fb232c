import type { DailyBars } from '#domain/bars.ts';

/** Prices of one symbol with splits and dividends taken back, and volume as it was; each shape [bars]. */
export interface AdjustedPrices {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/**
 * Moves all four prices of a bar by the factor between its adjusted and its plain close. A later dividend multiplies
 * every earlier factor by one constant, so what is free of the price's scale stays the same when it comes.
 * @param bars finite and positive, as the data contract leaves them
 */
export function adjustedPrices(bars: DailyBars): AdjustedPrices {
  const adjusted = (column: Float64Array): Float64Array =>
    column.map((price, row) => (price * bars.adjustedClose[row]!) / bars.close[row]!);
  return {
    open: adjusted(bars.open),
    high: adjusted(bars.high),
    low: adjusted(bars.low),
    close: bars.adjustedClose,
    volume: bars.volume,
  };
}
