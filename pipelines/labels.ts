import type { DailyBars } from '#domain/bars.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { adjustedPrices } from './adjustment.ts';
import { unionOfSessions } from './sessionSpan.ts';

/** What happened after each decision. */
export interface LabelTable {
  /** Sorted. */
  readonly symbols: readonly string[];
  /** Ascending: every session any symbol has. */
  readonly sessions: readonly SessionDate[];
  /** Shape [symbols, sessions], simple returns as fractions; NaN where an open is not known. */
  readonly values: Float64Array;
  /** Sessions past its own that a label looks at: 1 to trade at the next open, and the horizon. */
  readonly reachSessions: number;
}

/**
 * Returns from open to open: a decision made after the close of t trades at the open of t + 1 and is judged at the open
 * of t + 1 + horizon. Opens are adjusted for splits and dividends. Sessions are those of the whole table, so a symbol
 * that lacks a bar has no label there rather than a longer one.
 * @param horizonSessions sessions the position is held, at least 1
 * @throws RangeError when the horizon is no whole number of at least 1
 */
export function openToOpenLabels(bars: readonly DailyBars[], horizonSessions = 1): LabelTable {
  if (!Number.isSafeInteger(horizonSessions) || horizonSessions < 1) {
    throw new RangeError(`a label's horizon must be a whole number of sessions, not ${horizonSessions}`);
  }
  const sorted = bars.toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1));
  const sessions = unionOfSessions(sorted);
  const values = new Float64Array(sorted.length * sessions.length).fill(Number.NaN);
  const reachSessions = 1 + horizonSessions;
  for (const [symbolIndex, symbolBars] of sorted.entries()) {
    const { open } = adjustedPrices(symbolBars);
    const openOf = new Map(symbolBars.sessions.map((session, row) => [session, open[row]!]));
    for (let row = 0; row + reachSessions < sessions.length; row += 1) {
      // A decision needs a close to be made after.
      if (!openOf.has(sessions[row]!)) continue;
      const entry = openOf.get(sessions[row + 1]!) ?? Number.NaN;
      const exit = openOf.get(sessions[row + reachSessions]!) ?? Number.NaN;
      values[symbolIndex * sessions.length + row] = exit / entry - 1;
    }
  }
  return { symbols: sorted.map(({ symbol }) => symbol), sessions, values, reachSessions };
}
