import { beta } from './againstBenchmark.ts';
import { rollingSharpeSessions } from './rollingSharpe.ts';

/**
 * Beta of the last half year at each session.
 * @param returns shape [sessions], simple returns as fractions
 * @param benchmark shape [sessions], of the same sessions
 * @returns shape [sessions]; null until there are enough sessions, and where the benchmark does not vary
 * @throws RangeError when the two differ in length
 */
export function rollingBeta(returns: Float64Array, benchmark: Float64Array): readonly (number | null)[] {
  return Array.from(returns, (_, row) => {
    const from = row + 1 - rollingSharpeSessions;
    return from < 0 ? null : beta(returns.subarray(from, row + 1), benchmark.subarray(from, row + 1));
  });
}
