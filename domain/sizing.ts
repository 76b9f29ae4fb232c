import type { BreakerState } from './breaker.ts';
import { withinSectors, type SectorLimits } from './sectorLimits.ts';

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
  /** Absent: sectors are not looked at. */
  readonly sectors?: SectorLimits;
}

/** Sessions in a year, for annualising. */
export const sessionsPerYear = 252;

/**
 * Long-only target weights from forecasts: each weight is proportional to mean over variance (the growth-optimal
 * direction of Kelly 1956 under independent returns), scaled so that the portfolio's volatility, with correlations taken
 * as one, is at most the target; then capped per position, sector and leverage. What a cap cuts off stays in cash.
 * @returns weight by symbol, fractions of equity, each >= 0; symbols without a tradable forecast at 0
 * @throws RangeError when a mean is not finite, a standard deviation is not finite and positive, a symbol comes twice, or a
 *   limit is not positive (the confidence: not at least 0)
 */
export function sizeForecasts(
  forecasts: readonly ReturnForecast[],
  limits: SizingLimits,
): Readonly<Record<string, number>> {
  checkLimits(limits);
  if (new Set(forecasts.map(({ symbol }) => symbol)).size < forecasts.length) {
    throw new RangeError('a symbol has more than one forecast');
  }
  const ratios = forecasts.map(({ symbol, mean, standardDeviation }) => {
    const ratio = mean / standardDeviation;
    if (!(standardDeviation > 0 && Number.isFinite(standardDeviation) && Number.isFinite(ratio))) {
      throw new RangeError(`forecast of ${symbol}: mean ${mean}, standard deviation ${standardDeviation}`);
    }
    return { symbol, standardDeviation, ratio: ratio > 0 && ratio >= limits.confidenceMin ? ratio : 0 };
  });
  const largest = ratios.reduce((most, { ratio }) => Math.max(most, ratio), 0);
  if (largest === 0) return Object.fromEntries(ratios.map(({ symbol }) => [symbol, 0]));
  // Mean over variance is ratio over deviation. With correlations of one the portfolio's volatility is the weighted sum
  // of the single ones, hence the sum of ratios: an upper bound. Taken relative to the largest, nothing overflows.
  const volatility = ratios.reduce((sum, { ratio }) => sum + ratio / largest, 0);
  const scale = limits.volatilityTargetFraction / Math.sqrt(sessionsPerYear) / volatility;
  const capped = ratios.map(({ symbol, ratio, standardDeviation }): [string, number] => [
    symbol,
    Math.min(((ratio / largest) * scale) / standardDeviation, limits.positionFractionMax),
  ]);
  const weights = Object.entries(withinSectors(Object.fromEntries(capped), limits.sectors));
  const gross = weights.reduce((sum, [, weight]) => sum + weight, 0);
  const fit = gross > limits.leverageMax ? limits.leverageMax / gross : 1;
  return Object.fromEntries(weights.map(([symbol, weight]) => [symbol, weight * fit]));
}

/** The same weight for every symbol, fully invested: a baseline, so no position cap. */
export function equalWeights(symbols: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(symbols.map((symbol) => [symbol, 1 / symbols.length]));
}

function checkLimits({
  positionFractionMax,
  leverageMax,
  volatilityTargetFraction,
  confidenceMin,
}: SizingLimits): void {
  const positive = [positionFractionMax, leverageMax, volatilityTargetFraction];
  if (!positive.every((limit) => limit > 0) || !(confidenceMin >= 0)) {
    throw new RangeError(`not limits to size by: ${[...positive, confidenceMin].join(', ')}`);
  }
}

/** A reducing account halves its targets, a halted one holds nothing. */
export function targetsUnder(
  state: BreakerState,
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
 * @returns fraction of capital; 0 for under 30 trades or a win or loss that is zero or unknown
 * @throws RangeError when the probability of winning lies outside [0, 1]
 */
export function kellyFraction(record: {
  readonly trades: number;
  readonly winProbability: number;
  readonly averageWin: number;
  /** Positive. */
  readonly averageLoss: number;
  /** The cap, 0.25 unless an account is more careful. */
  readonly fractionMax: number;
}): number {
  const { trades, winProbability, averageWin, averageLoss, fractionMax } = record;
  const known = [trades, winProbability, averageWin, averageLoss].every(Number.isFinite);
  if (!known || trades < kellyTradesMin || averageLoss <= 0 || averageWin <= 0) return 0;
  if (winProbability < 0 || winProbability > 1) throw new RangeError(`not a probability: ${winProbability}`);
  const fraction = winProbability - (1 - winProbability) / (averageWin / averageLoss);
  return Math.min(Math.max(0, fraction), fractionMax);
}
