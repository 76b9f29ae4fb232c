import type { BreakerState } from './breaker.ts';
import { positionSize, type PositionSize, type SizingRules } from './positionSize.ts';
import { withinSectors, type SectorLimits } from './sectorLimits.ts';
import { sessionsPerYear } from './sessionsPerYear.ts';

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
  /** Rules of which the strictest caps every weight; absent: none does. */
  readonly rules?: SizingRules;
}

/**
 * Long-only target weights from forecasts: each weight is proportional to mean over variance (the growth-optimal
 * direction of Kelly 1956 under independent returns), scaled so that the portfolio's volatility, with correlations taken
 * as one, is at most the target; then capped per position, by the strictest of the rules, per sector and leverage. What a
 * cap cuts off stays in cash.
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
  const sizes = explainSizes(forecasts, limits);
  const capped = ratios.map(({ symbol, ratio, standardDeviation }): [string, number] => [
    symbol,
    Math.min(
      ((ratio / largest) * scale) / standardDeviation,
      limits.positionFractionMax,
      sizes[symbol]?.fraction ?? Number.POSITIVE_INFINITY,
    ),
  ]);
  const weights = Object.entries(withinSectors(Object.fromEntries(capped), limits.sectors));
  const gross = weights.reduce((sum, [, weight]) => sum + weight, 0);
  const fit = gross > limits.leverageMax ? limits.leverageMax / gross : 1;
  return Object.fromEntries(weights.map(([symbol, weight]) => [symbol, weight * fit]));
}

/**
 * What the rules say of each forecast, with their figures; nothing where none is set.
 * @throws RangeError as `positionSize`
 */
export function explainSizes(
  forecasts: readonly ReturnForecast[],
  { rules }: Pick<SizingLimits, 'rules'>,
): Readonly<Record<string, PositionSize>> {
  if (!rules) return {};
  const symbols = forecasts.length;
  return Object.fromEntries(
    forecasts.map(({ symbol, mean, standardDeviation }) => [
      symbol,
      positionSize({ mean, standardDeviation, symbols }, rules),
    ]),
  );
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
