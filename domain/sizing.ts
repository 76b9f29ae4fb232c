/** A forecast of one symbol's next-session return, fractions. */
export interface ReturnForecast {
  readonly symbol: string;
  readonly mean: number;
  /** Standard deviation of the return around the mean, > 0. */
  readonly standardDeviation: number;
}

/** What sizing may do; fractions of equity. */
export interface SizingLimits {
  readonly positionFractionMax: number;
  readonly leverageMax: number;
  /** Volatility aimed at, a year. */
  readonly volatilityTargetFraction: number;
  /** Ratio of mean to standard deviation under which a forecast is not traded. */
  readonly confidenceMin: number;
}

/** Sessions in a year, for annualising. */
export const sessionsPerYear = 252;

/**
 * Long-only target weights from forecasts: each weight is proportional to mean over variance (the growth-optimal
 * direction of Kelly 1956 under independent returns), scaled so that the portfolio's volatility, with correlations taken
 * as one, is at most the target; then capped per position and by leverage. What a cap cuts off stays in cash.
 * @returns weight by symbol, fractions of equity, each >= 0; symbols without a tradable forecast at 0
 * @throws RangeError when a mean is not finite or a standard deviation is not positive
 */
export function sizeForecasts(
  forecasts: readonly ReturnForecast[],
  limits: SizingLimits,
): Readonly<Record<string, number>> {
  const appetites = forecasts.map(({ symbol, mean, standardDeviation }) => {
    if (!Number.isFinite(mean) || !(standardDeviation > 0)) {
      throw new RangeError(`forecast of ${symbol}: mean ${mean}, standard deviation ${standardDeviation}`);
    }
    const traded = mean > 0 && mean / standardDeviation >= limits.confidenceMin;
    return { symbol, standardDeviation, appetite: traded ? mean / standardDeviation ** 2 : 0 };
  });
  // With correlations of one the portfolio's volatility is the weighted sum of the single ones: an upper bound.
  const volatility = appetites.reduce((sum, { appetite, standardDeviation }) => sum + appetite * standardDeviation, 0);
  if (volatility === 0) return Object.fromEntries(appetites.map(({ symbol }) => [symbol, 0]));
  const scale = limits.volatilityTargetFraction / Math.sqrt(sessionsPerYear) / volatility;
  const capped = appetites.map(({ symbol, appetite }) => ({
    symbol,
    weight: Math.min(appetite * scale, limits.positionFractionMax),
  }));
  const gross = capped.reduce((sum, { weight }) => sum + weight, 0);
  const fit = gross > limits.leverageMax ? limits.leverageMax / gross : 1;
  return Object.fromEntries(capped.map(({ symbol, weight }) => [symbol, weight * fit]));
}

/** The same weight for every symbol, fully invested: a baseline, so no position cap. */
export function equalWeights(symbols: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(symbols.map((symbol) => [symbol, 1 / symbols.length]));
}

/** A reducing account halves its targets, a halted one holds nothing. */
export function targetsUnder(
  state: 'active' | 'reducing' | 'halted',
  targets: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const factor = { active: 1, reducing: 0.5, halted: 0 }[state];
  return Object.fromEntries(Object.entries(targets).map(([symbol, weight]) => [symbol, weight * factor]));
}

/** Trades under which a Kelly fraction says nothing. */
export const kellyTradesMin = 30;

/**
 * Kelly's fraction p - (1 - p)/b with b the average win over the average loss (Kelly 1956), never negative, capped.
 * Used as a fraction of notional: deliberately conservative.
 * @returns fraction of capital; 0 for under 30 trades or a loss that is zero or unknown
 */
export function kellyFraction(record: {
  readonly trades: number;
  readonly winProbability: number;
  readonly averageWin: number;
  /** Positive. */
  readonly averageLoss: number;
  readonly fractionMax: number;
}): number {
  const { trades, winProbability, averageWin, averageLoss, fractionMax } = record;
  if (trades < kellyTradesMin || !(averageLoss > 0) || !(averageWin > 0) || !Number.isFinite(winProbability)) return 0;
  const fraction = winProbability - (1 - winProbability) / (averageWin / averageLoss);
  return Math.min(Math.max(0, fraction), fractionMax);
}
