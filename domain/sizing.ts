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
  requireOnce(forecasts);
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
  const aimed = ratios.map(({ symbol, ratio, standardDeviation }) => {
    return { symbol, weight: ((ratio / largest) * scale) / standardDeviation };
  });
  return withinCaps(aimed, explainSizes(forecasts, limits), limits);
}

/** A weight that somebody wants of a symbol without saying what it will return. */
export interface WantedWeight {
  readonly symbol: string;
  /** Fraction of equity, >= 0. */
  readonly weight: number;
  /** Of the symbol's daily returns, as measured; 0 or NaN where it is not known. */
  readonly standardDeviation: number;
}

/**
 * Long-only target weights of who forecasts nothing: those wanted, all made smaller until the portfolio's volatility, with
 * correlations taken as one, is at most the target; then capped as `sizeForecasts` caps. Kelly's rule and the confidence
 * need an expected return and bind nothing here. A symbol of unknown volatility is held at 0.
 * @returns weight by symbol, fractions of equity, each >= 0
 * @throws RangeError when a weight is negative or not finite, a symbol comes twice, or a limit is not positive
 */
export function sizeWeights(wanted: readonly WantedWeight[], limits: SizingLimits): Readonly<Record<string, number>> {
  checkLimits(limits);
  requireOnce(wanted);
  const faulty = wanted.find(({ weight }) => !(weight >= 0 && Number.isFinite(weight)));
  if (faulty) throw new RangeError(`${faulty.symbol} cannot be held at a weight of ${faulty.weight}`);
  const known = wanted.filter(({ standardDeviation }) => standardDeviation > 0 && Number.isFinite(standardDeviation));
  const volatility = known.reduce((sum, { weight, standardDeviation }) => sum + weight * standardDeviation, 0);
  const yearly = volatility * Math.sqrt(sessionsPerYear);
  const scale = yearly > limits.volatilityTargetFraction ? limits.volatilityTargetFraction / yearly : 1;
  const isKnown = new Set(known.map(({ symbol }) => symbol));
  const aimed = wanted.map(({ symbol, weight }) => ({ symbol, weight: isKnown.has(symbol) ? weight * scale : 0 }));
  return withinCaps(aimed, explainWeights(known, limits), limits);
}

/** What the rules say of each wanted weight, as far as they need no expected return; nothing where none is set. */
export function explainWeights(
  wanted: readonly WantedWeight[],
  { rules }: Pick<SizingLimits, 'rules'>,
): Readonly<Record<string, PositionSize>> {
  if (!rules) return {};
  const { kelly: _, ...measured } = rules;
  return explainSizes(
    wanted.map(({ symbol, standardDeviation }) => ({ symbol, standardDeviation, mean: 0 })),
    { rules: measured },
  );
}

/** Caps weights per position, by the rules, per sector and by leverage. */
function withinCaps(
  aimed: readonly { readonly symbol: string; readonly weight: number }[],
  sizes: Readonly<Record<string, PositionSize>>,
  limits: SizingLimits,
): Readonly<Record<string, number>> {
  const capped = aimed.map(({ symbol, weight }): [string, number] => [
    symbol,
    Math.min(weight, limits.positionFractionMax, sizes[symbol]?.fraction ?? Number.POSITIVE_INFINITY),
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

function requireOnce(symbols: readonly { readonly symbol: string }[]): void {
  if (new Set(symbols.map(({ symbol }) => symbol)).size === symbols.length) return;
  throw new RangeError('a symbol has more than one forecast or weight');
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
