import type { SessionDate } from '#domain/sessionDate.ts';
import { outOfSampleSlices, type TestFold } from './folds.ts';
import { mean, quotient, sampleDeviation } from './metrics/moments.ts';
import { longRunVariance } from './overfit/neweyWest.ts';

/**
 * What the windows of a walk-forward say together. Windows overlap where the step is shorter than the test, so these
 * figures count sessions more than once: they stand beside the stitched curve, labelled, and no gate reads them.
 */
export interface WindowStatistics {
  readonly windows: number;
  /** Windows without a Sharpe ratio, e.g. in which nothing was traded; left out of mean, deviation and minimum. */
  readonly undefinedWindows: number;
  readonly meanSharpe: number | null;
  /**
   * Standard error of the mean that admits the overlap: Newey and West 1987 over as many lags as windows reach over; null
   * where there are fewer than two windows' worth of sessions that share nothing.
   */
  readonly meanSharpeError: number | null;
  /** Windows after a window whose tests share sessions with it: the lags of the error. */
  readonly overlappingWindows: number;
  /** Sample standard deviation; null under two windows. Overlap makes it look smaller than it is. */
  readonly stdSharpe: number | null;
  readonly minSharpe: number | null;
  /**
   * Part of all windows whose Sharpe ratio is positive. Unlike mean over deviation it is safe when the mean is near
   * zero; a window without a Sharpe ratio is not counted as positive.
   */
  readonly consistency: number | null;
}

/** What statistics over windows are made of. */
export interface WindowSharpe {
  /** Null where it is undefined. */
  readonly sharpe: number | null;
  /** First and last session of its test. */
  readonly testFrom: string;
  readonly testTo: string;
}

/**
 * Statistics over the Sharpe ratios of test windows.
 * @param windows ascending
 */
export function windowStatistics(windows: readonly WindowSharpe[]): WindowStatistics {
  const sharpes = windows.map(({ sharpe }) => sharpe);
  const defined = Float64Array.from(sharpes.filter((sharpe) => sharpe !== null));
  const overlappingWindows = overlapOf(windows);
  return {
    windows: sharpes.length,
    undefinedWindows: sharpes.length - defined.length,
    meanSharpe: mean(defined),
    meanSharpeError: errorOfMean(defined, overlappingWindows),
    overlappingWindows,
    stdSharpe: sampleDeviation(defined),
    minSharpe: defined.length > 0 ? defined.reduce((least, sharpe) => Math.min(least, sharpe)) : null,
    consistency: quotient(defined.filter((sharpe) => sharpe > 0).length, sharpes.length),
  };
}

/** Most windows after one that begin before its test ends. */
function overlapOf(windows: readonly WindowSharpe[]): number {
  return windows.reduce(
    (most, { testTo }, row) =>
      Math.max(most, windows.slice(row + 1).filter(({ testFrom }) => testFrom <= testTo).length),
    0,
  );
}

function errorOfMean(sharpes: Float64Array, lags: number): number | null {
  // The first window and the first that shares nothing with it are two.
  if (sharpes.length < lags + 2) return null;
  return Math.sqrt(longRunVariance(sharpes, lags) / sharpes.length);
}

/** Rows of one judged window, oldest first: daily results, or decisions by the session they trade in. */
export interface JudgedWindow<Row extends { readonly session: SessionDate }> {
  readonly fold: TestFold;
  readonly rows: readonly Row[];
}

/**
 * Stitches windows into the one out-of-sample history: each window's first step of sessions and the last window whole,
 * so that no session counts twice. This history is what a gate reads.
 *
 * What is stitched are decisions, not returns: played by one backtest they are one account that passes from window to
 * window, while stitched returns would let every window begin in cash and pay for entries nobody makes.
 * @param sessions ascending, those the folds were laid over
 * @param windows consecutive, oldest first
 * @returns a row for each session, ascending
 * @throws RangeError when windows are not consecutive, or a session of a slice has no row or two
 */
export function stitchWindows<Row extends { readonly session: SessionDate }>(
  sessions: readonly SessionDate[],
  windows: readonly JudgedWindow<Row>[],
): readonly Row[] {
  const slices = outOfSampleSlices(
    sessions,
    windows.map(({ fold }) => fold),
  );
  return windows.flatMap(({ fold, rows }, position) => {
    const { from, to } = slices[position]!;
    const expected = sessions.filter((session) => session >= from && session <= to);
    const found = rows.filter(({ session }) => session >= from && session <= to);
    if (found.map(({ session }) => session).join() !== expected.join()) {
      throw new RangeError(`window ${fold.index} does not have one row for each session from ${from} to ${to}`);
    }
    return found;
  });
}
