import type { SessionDate } from './sessionDate.ts';

/**
 * Daily bars of one symbol as columns of equal length, oldest first, one row a session.
 * Prices are US dollars a share as the venue printed them, adjusted for splits but not for dividends unless the
 * provider says otherwise; `adjustedClose` also takes dividends back. `volume` is in shares.
 */
export interface DailyBars {
  readonly symbol: string;
  readonly sessions: readonly SessionDate[];
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly adjustedClose: Float64Array;
  readonly volume: Float64Array;
}

/** The bars whose session lies in [from, to], both inclusive; columns are views, not copies. */
export function barsBetween(bars: DailyBars, from: SessionDate, to: SessionDate): DailyBars {
  const start = bars.sessions.findIndex((session) => session >= from);
  const firstAfter = bars.sessions.findIndex((session) => session > to);
  const first = start === -1 ? bars.sessions.length : start;
  const end = Math.max(first, firstAfter === -1 ? bars.sessions.length : firstAfter);
  return {
    symbol: bars.symbol,
    sessions: bars.sessions.slice(first, end),
    open: bars.open.subarray(first, end),
    high: bars.high.subarray(first, end),
    low: bars.low.subarray(first, end),
    close: bars.close.subarray(first, end),
    adjustedClose: bars.adjustedClose.subarray(first, end),
    volume: bars.volume.subarray(first, end),
  };
}
