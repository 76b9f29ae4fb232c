import { sharpeRatio } from './ratios.ts';

/** Half a year. */
export const rollingSharpeSessions = 126;

/**
 * Sharpe ratio of the last half year at each session.
 * @param returns shape [sessions], simple returns as fractions
 * @returns shape [sessions]; null until there are enough sessions, and where returns do not vary
 */
export function rollingSharpe(returns: Float64Array): readonly (number | null)[] {
  return Array.from(returns, (_, row) =>
    row + 1 < rollingSharpeSessions ? null : sharpeRatio(returns.subarray(row + 1 - rollingSharpeSessions, row + 1)),
  );
}
