/** A pair whose correlation is not what it was. */
export interface CorrelationBreak {
  /** Places of the two assets. */
  readonly pair: readonly [number, number];
  readonly before: number;
  readonly now: number;
  /** Distance in deviations of what chance moves it by (Fisher 1921). */
  readonly deviations: number;
}

/**
 * Correlation over a window that moves (Pearson).
 * @param a shape [sessions], returns, finite
 * @param b shape [sessions]
 * @param windowSessions at least 2
 * @returns shape [sessions - window + 1], in [-1, 1]; NaN where a side does not vary in the window
 * @throws RangeError for other lengths, or a window that is no whole number in [2, sessions]
 */
export function rollingCorrelation(a: Float64Array, b: Float64Array, windowSessions: number): Float64Array {
  const fits = Number.isSafeInteger(windowSessions) && windowSessions >= 2 && windowSessions <= a.length;
  if (a.length !== b.length || !fits) {
    throw new RangeError(`no correlation over ${windowSessions} of ${a.length} and ${b.length} sessions`);
  }
  return Float64Array.from({ length: a.length - windowSessions + 1 }, (_, from) =>
    correlation(a.subarray(from, from + windowSessions), b.subarray(from, from + windowSessions)),
  );
}

/**
 * Correlation in which a session counts less by `decay` for each session since (RiskMetrics 1996), around zero.
 * @param decay in (0, 1)
 * @returns shape [sessions], in [-1, 1], each from the sessions up to it; NaN while a side has not moved
 * @throws RangeError for other lengths or a decay outside (0, 1)
 */
export function exponentialCorrelation(a: Float64Array, b: Float64Array, decay: number): Float64Array {
  if (a.length !== b.length || !(decay > 0 && decay < 1)) {
    throw new RangeError(`no correlation of ${a.length} and ${b.length} sessions with a decay of ${decay}`);
  }
  let [squaresA, squaresB, products] = [0, 0, 0];
  return a.map((value, session) => {
    squaresA = decay * squaresA + value ** 2;
    squaresB = decay * squaresB + b[session]! ** 2;
    products = decay * products + value * b[session]!;
    return products / Math.sqrt(squaresA * squaresB);
  });
}

/**
 * Pairs whose correlation over the newest sessions lies further from the one before than chance explains: the difference
 * of Fisher's transforms over its deviation (Fisher 1921).
 * @param returns shape [assets][sessions], oldest first
 * @param plan `recentSessions` at least 4, with as many left before them; `deviationsMax` over which a pair is told
 * @returns the widest break first
 * @throws RangeError for columns of other lengths or too few sessions
 */
export function correlationBreaks(
  returns: readonly Float64Array[],
  { recentSessions, deviationsMax }: { readonly recentSessions: number; readonly deviationsMax: number },
): readonly CorrelationBreak[] {
  const sessions = returns[0]?.length ?? 0;
  const earlier = sessions - recentSessions;
  if (!(recentSessions >= 4 && earlier >= 4) || returns.some(({ length }) => length !== sessions)) {
    throw new RangeError(`${recentSessions} of ${sessions} sessions: a break needs four on both sides`);
  }
  const error = Math.sqrt(1 / (recentSessions - 3) + 1 / (earlier - 3));
  const found: CorrelationBreak[] = [];
  for (let first = 0; first < returns.length; first += 1) {
    for (let second = first + 1; second < returns.length; second += 1) {
      const [a, b] = [returns[first]!, returns[second]!];
      const before = correlation(a.subarray(0, earlier), b.subarray(0, earlier));
      const now = correlation(a.subarray(earlier), b.subarray(earlier));
      const deviations = Math.abs(Math.atanh(now) - Math.atanh(before)) / error;
      if (deviations > deviationsMax) found.push({ pair: [first, second], before, now, deviations });
    }
  }
  return found.sort((one, other) => other.deviations - one.deviations);
}

/** NaN where a side does not vary. */
function correlation(a: Float64Array, b: Float64Array): number {
  let [meanA, meanB] = [0, 0];
  for (let index = 0; index < a.length; index += 1) {
    meanA += a[index]! / a.length;
    meanB += b[index]! / a.length;
  }
  let [squaresA, squaresB, products] = [0, 0, 0];
  for (let index = 0; index < a.length; index += 1) {
    const [fromA, fromB] = [a[index]! - meanA, b[index]! - meanB];
    squaresA += fromA ** 2;
    squaresB += fromB ** 2;
    products += fromA * fromB;
  }
  // Rounding must not take it over one.
  return Math.max(-1, Math.min(1, products / Math.sqrt(squaresA * squaresB)));
}
