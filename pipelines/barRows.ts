import type { DailyBars } from '#domain/bars.ts';

/** Names of the numeric columns of bars, in the order of the canonical schema. */
export const barColumns = ['open', 'high', 'low', 'close', 'adjustedClose', 'volume'] as const;

/** The bars at the given rows, in that order, as copies. */
export function pickRows(bars: DailyBars, rows: readonly number[]): DailyBars {
  const pick = (column: Float64Array): Float64Array => Float64Array.from(rows, (row) => column[row]!);
  return {
    symbol: bars.symbol,
    sessions: rows.map((row) => bars.sessions[row]!),
    open: pick(bars.open),
    high: pick(bars.high),
    low: pick(bars.low),
    close: pick(bars.close),
    adjustedClose: pick(bars.adjustedClose),
    volume: pick(bars.volume),
  };
}
