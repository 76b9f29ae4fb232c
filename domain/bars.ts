import type { SessionDate } from './sessionDate.ts';

/** Corporate actions by the session they take effect on, the ex-date; columns as long as the bars'. */
export interface ActionColumns {
  /** Cash paid for a share as it is after that session's split, US dollars; 0 where none is. */
  readonly dividend: Float64Array;
  /** New shares for each old one: 2 for a two-for-one split, 0.05 for one-for-twenty; 1 where none is. */
  readonly splitRatio: Float64Array;
}

/**
 * Daily bars of one symbol as columns of equal length, oldest first, one row a session.
 * Prices are US dollars a share. With `actions` they are raw, as the venue printed them that day; without, they are
 * adjusted for splits but not for dividends. `adjustedClose` takes both back. `volume` is in shares.
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
  /** Absent where the provider names none: its prices are then adjusted for splits. */
  readonly actions?: ActionColumns;
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
    ...(bars.actions && {
      actions: {
        dividend: bars.actions.dividend.subarray(first, end),
        splitRatio: bars.actions.splitRatio.subarray(first, end),
      },
    }),
  };
}

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
    ...(bars.actions && {
      actions: { dividend: pick(bars.actions.dividend), splitRatio: pick(bars.actions.splitRatio) },
    }),
  };
}
