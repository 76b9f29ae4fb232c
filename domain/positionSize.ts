import { shares, type Money, type Shares } from './money.ts';
import { stopDistance, type StopTerms } from './stopDistance.ts';
import { sessionsPerYear } from './sessionsPerYear.ts';

/** Trades under which a Kelly fraction says nothing. */
export const kellyTradesMin = 30;

/** What closed trades were like. */
export interface TradeRecord {
  readonly trades: number;
  readonly winProbability: number;
  readonly averageWin: number;
  /** Positive. */
  readonly averageLoss: number;
}

/** What is known of a symbol before it is sized. */
export interface SizedEstimate {
  /** Expected return of the next session, a fraction. */
  readonly mean: number;
  /** Of its daily returns, > 0. */
  readonly standardDeviation: number;
  /** Symbols that are held together: what risk parity divides by. */
  readonly symbols: number;
  /** Average true range over the price, > 0; absent: no stop follows from it. */
  readonly trueRangeFraction?: number;
  /** Of trades like the one to come; absent: the mean and deviation stand for it. */
  readonly record?: TradeRecord;
}

/** Rules that each say how much may be held at most; what is absent says nothing. */
export interface SizingRules {
  readonly kelly?: {
    /** Part of the full fraction that is held: 1 full, 0.5 half. */
    readonly multiple: number;
    readonly fractionMax: number;
    /** Part of an expected return that is believed, in [0, 1]: estimates of means are mostly noise. */
    readonly meanShrinkage: number;
  };
  /** Of each position alone; a year. */
  readonly volatilityTargetFraction?: number;
  /** Of all positions together, in equal parts, with correlations taken as one; a year. */
  readonly riskParityVolatilityFraction?: number;
  /** What may be lost when the price runs to its stop. */
  readonly fixedFractional?: {
    readonly fractionMax: number;
    /** Where no average true range is known, or none is asked of it. */
    readonly stopLossFraction: number;
    /** Stops by the symbol's own volatility, where its average true range is known; absent: all at one distance. */
    readonly byTrueRange?: StopTerms;
  };
}

/** One of the rules. */
export type SizingRule = 'kelly' | 'volatilityTarget' | 'riskParity' | 'fixedFractional';

/** The most that may be held, with what each rule says. */
export interface PositionSize {
  /** Of equity, in [0, 1]: the smallest of all. */
  readonly fraction: number;
  /** The rule that says it; absent where no rule is set. */
  readonly boundBy?: SizingRule;
  readonly fractions: Readonly<Partial<Record<SizingRule, number>>>;
}

/**
 * The most of equity that a position may be, by the strictest of the rules: Kelly 1956; a target of volatility (Moskowitz,
 * Ooi and Pedersen 2012), capped at 1; risk parity (Qian 2005) in equal parts; a fixed fraction lost at the stop (Vince 1990).
 * @throws RangeError for a mean that is not finite, a deviation, number of symbols or rule that is not positive
 */
export function positionSize(estimate: SizedEstimate, rules: SizingRules): PositionSize {
  const { mean, standardDeviation, symbols } = estimate;
  if (!(Number.isFinite(mean) && standardDeviation > 0 && Number.isFinite(standardDeviation) && symbols > 0)) {
    throw new RangeError(`cannot size: mean ${mean}, deviation ${standardDeviation}, ${symbols} symbols`);
  }
  checkRules(rules);
  const { kelly, volatilityTargetFraction: target, riskParityVolatilityFraction: parity, fixedFractional } = rules;
  const yearly = standardDeviation * Math.sqrt(sessionsPerYear);
  const fractions: Partial<Record<SizingRule, number>> = {
    ...(kelly && { kelly: kellyOf(estimate, kelly) }),
    ...(target !== undefined && { volatilityTarget: Math.min(1, target / yearly) }),
    ...(parity !== undefined && { riskParity: Math.min(1, parity / symbols / yearly) }),
    ...(fixedFractional && {
      fixedFractional: Math.min(1, fixedFractional.fractionMax / stopOf(estimate, fixedFractional)),
    }),
  };
  const said = Object.entries(fractions) as readonly (readonly [SizingRule, number])[];
  const [boundBy, fraction] = said.reduce<readonly [SizingRule | undefined, number]>(
    (least, one) => (one[1] < least[1] || least[0] === undefined ? one : least),
    [undefined, 1],
  );
  return { fraction, ...(boundBy && { boundBy }), fractions };
}

/**
 * Whole lots that a fraction of equity buys, rounded down; shares.
 * @throws RangeError for a negative equity or fraction, or a price or lot that is not positive
 */
export function wholeLots(
  fraction: number,
  { equity, price, lotShares }: { readonly equity: Money; readonly price: Money; readonly lotShares: Shares },
): Shares {
  if (!(fraction >= 0 && equity >= 0 && price > 0 && lotShares > 0)) {
    throw new RangeError(`no lots: ${fraction} of ${equity} at ${price}, lots of ${lotShares}`);
  }
  return shares(Math.floor((fraction * equity) / price / lotShares) * lotShares);
}

/**
 * Kelly's fraction p - (1 - p)/b with b the average win over the average loss (Kelly 1956), never negative, capped.
 * Used as a fraction of notional: deliberately conservative.
 * @param record with the cap, 0.25 unless an account is more careful
 * @returns fraction of capital; 0 for under 30 trades or a win or loss that is zero or unknown
 * @throws RangeError when the probability of winning lies outside [0, 1]
 */
export function kellyFraction(record: TradeRecord & { readonly fractionMax: number }): number {
  const { trades, winProbability, averageWin, averageLoss, fractionMax } = record;
  const known = [trades, winProbability, averageWin, averageLoss].every(Number.isFinite);
  if (!known || trades < kellyTradesMin || averageLoss <= 0 || averageWin <= 0) return 0;
  if (winProbability < 0 || winProbability > 1) throw new RangeError(`not a probability: ${winProbability}`);
  const fraction = winProbability - (1 - winProbability) / (averageWin / averageLoss);
  return Math.min(Math.max(0, fraction), fractionMax);
}

/** By the record of trades where there is one, else mean over variance, the mean shrunk; part of it, then capped. */
function kellyOf(
  { mean, standardDeviation, record }: SizedEstimate,
  { multiple, fractionMax, meanShrinkage }: NonNullable<SizingRules['kelly']>,
): number {
  const full = record
    ? kellyFraction({ ...record, fractionMax: 1 })
    : Math.max(0, (mean * meanShrinkage) / standardDeviation ** 2);
  return Math.min(full * multiple, fractionMax);
}

function stopOf(
  { trueRangeFraction }: SizedEstimate,
  { stopLossFraction, byTrueRange }: NonNullable<SizingRules['fixedFractional']>,
): number {
  if (trueRangeFraction === undefined || !byTrueRange) return stopLossFraction;
  return stopDistance(trueRangeFraction, byTrueRange).stopLossFraction;
}

function checkRules(rules: SizingRules): void {
  const { kelly, volatilityTargetFraction = 1, riskParityVolatilityFraction = 1, fixedFractional } = rules;
  const positive = [
    volatilityTargetFraction,
    riskParityVolatilityFraction,
    ...(kelly ? [kelly.multiple, kelly.fractionMax] : []),
    ...(fixedFractional ? [fixedFractional.fractionMax, fixedFractional.stopLossFraction] : []),
  ];
  const shrinkage = kelly?.meanShrinkage ?? 0;
  if (positive.every((value) => value > 0) && shrinkage >= 0 && shrinkage <= 1) return;
  throw new RangeError(`not rules to size by: ${JSON.stringify(rules)}`);
}
