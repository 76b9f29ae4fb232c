import { pickRows, type ActionColumns, type DailyBars } from '#domain/bars.ts';

/** Names of the numeric columns of bars, in the order of the canonical schema. */
export const barColumns = ['open', 'high', 'low', 'close', 'adjustedClose', 'volume'] as const;

/**
 * The bars without some rows. What a lost row said of splits and dividends takes effect on the next row kept: a
 * split does not unhappen because its session's prices were unusable.
 * @param kept rows that stay, ascending
 */
export function keepRows(bars: DailyBars, kept: readonly number[]): DailyBars {
  const picked = pickRows(bars, kept);
  return bars.actions ? { ...picked, actions: carriedActions(bars.actions, kept) } : picked;
}

/**
 * The bars without the given rows, as `keepRows` leaves them; the same bars where none is given.
 * @param lost ascending
 */
export function dropRows(bars: DailyBars, lost: readonly number[]): DailyBars {
  if (lost.length === 0) return bars;
  const gone = new Set(lost);
  const kept: number[] = [];
  for (let row = 0; row < bars.sessions.length; row += 1) if (!gone.has(row)) kept.push(row);
  return keepRows(bars, kept);
}

function carriedActions({ dividend, splitRatio }: ActionColumns, kept: readonly number[]): ActionColumns {
  const carried = { dividend: new Float64Array(kept.length), splitRatio: new Float64Array(kept.length) };
  for (const [at, row] of kept.entries()) {
    let [paid, ratio] = [0, 1];
    for (let lost = at === 0 ? row : kept[at - 1]! + 1; lost <= row; lost += 1) {
      // A dividend is told for a share of its own day; splits since then made more shares of each.
      paid = paid / splitRatio[lost]! + dividend[lost]!;
      ratio *= splitRatio[lost]!;
    }
    carried.dividend[at] = paid;
    carried.splitRatio[at] = ratio;
  }
  return carried;
}
