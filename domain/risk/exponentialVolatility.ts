/** Decay of a day's weight in daily volatilities, by J.P. Morgan's RiskMetrics (1996). */
export const riskMetricsDecay = 0.94;

/** Volatility by session, as it was known before it. */
export interface ExponentialVolatility {
  /** Shape [sessions], daily standard deviations, fractions. */
  readonly volatility: Float64Array;
  /** Of the session that follows. */
  readonly next: number;
}

/**
 * Exponentially weighted volatility around zero: variance = decay x variance + (1 - decay) x return^2 (RiskMetrics 1996).
 * It begins at the mean square of the whole sample, so that the first sessions are filtered by something known.
 * @param returns shape [sessions], fractions, finite, not all zero
 * @param decay in (0, 1)
 * @throws RangeError for a decay outside (0, 1) or returns of which none differs from zero
 */
export function exponentialVolatility(returns: Float64Array, decay = riskMetricsDecay): ExponentialVolatility {
  if (!(decay > 0 && decay < 1)) throw new RangeError(`a decay lies in (0, 1), not ${decay}`);
  let variance = returns.reduce((sum, value) => sum + value ** 2, 0) / returns.length;
  if (!(variance > 0)) throw new RangeError('no return differs from zero');
  const volatility = returns.map((value) => {
    const before = Math.sqrt(variance);
    variance = decay * variance + (1 - decay) * value ** 2;
    return before;
  });
  return { volatility, next: Math.sqrt(variance) };
}
