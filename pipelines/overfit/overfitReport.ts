import { weighGate, type Gate, type WeighedGate } from '#domain/promotion.ts';
import { backtestOverfitting, defaultBlocks, type BacktestOverfitting } from './backtestOverfitting.ts';
import { defaultCombinatorialPlan, type CombinatorialPlan } from './combinatorialSplits.ts';
import { deflatedSharpe, effectiveTrials, expectedMaximumSharpe } from './deflatedSharpe.ts';
import { automaticLags } from './neweyWest.ts';
import { minimumTrackRecord, probabilisticSharpe } from './probabilisticSharpe.ts';
import { selectionPaths, type SelectionPaths } from './selectionPaths.ts';
import { dependentSharpeError, estimateSharpe, sharpeError, type SharpeEstimate } from './sharpeEstimate.ts';
import { averageCorrelation, indexOfGreatest, type TrialMatrix } from './trialMatrix.ts';

/** How a choice among trials is weighed. */
export interface OverfitPlan {
  readonly periodsPerYear: number;
  /** Strategies that were tried in all, where more were than the matrix holds. */
  readonly trialCount?: number;
  /** Blocks of the symmetric cross-validation. */
  readonly blocks: number;
  readonly splits: CombinatorialPlan;
  /** Of the minimum track record. */
  readonly confidence: number;
  /** What the choice must meet. */
  readonly gate: Gate;
}

/** What the best of many must meet to be taken for more than the best of many. */
export const overfitGate: Gate = {
  name: 'more than the best of many',
  criteria: [
    {
      metric: 'deflatedSharpe',
      comparison: 'atLeast',
      threshold: 0.95,
      reason: 'the best of as many worthless strategies would hardly ever show as much',
    },
    {
      metric: 'overfittingProbability',
      comparison: 'atMost',
      threshold: 0.2,
      reason: 'what is best in one half of the time is seldom below the median in the other',
    },
    {
      metric: 'trackRecordFraction',
      comparison: 'atLeast',
      threshold: 1,
      reason: 'the record is as long as it takes to tell the Sharpe ratio from zero',
    },
  ],
};

/** Days, blocks and splits as the papers have them. */
export const defaultOverfitPlan: OverfitPlan = {
  periodsPerYear: 252,
  blocks: defaultBlocks,
  splits: defaultCombinatorialPlan,
  confidence: 0.95,
  gate: overfitGate,
};

/** A choice among trials, weighed; plain JSON. Sharpe ratios are a year's unless their name says otherwise. */
export interface OverfitReport {
  readonly selected: SharpeEstimate & {
    readonly name: string;
    readonly annualSharpe: number;
    /** Standard errors of the ratio a year: of independent returns, and of such as depend on those before them. */
    readonly standardErrors: { readonly independent: number; readonly neweyWest: number; readonly lags: number };
  };
  readonly trials: {
    /** Tried in all: what the deflation counts. */
    readonly count: number;
    /** Whose returns do not vary; counted as tried, left out of the mean and the deviation. */
    readonly undefined: number;
    readonly meanSharpe: number;
    readonly sharpeDeviation: number;
    readonly averageCorrelation: number | null;
    /** Independent ones that so many alike ones count for; for reading, not for the verdict. */
    readonly effective: number;
    /** What the best of `count` worthless ones is expected to show. */
    readonly expectedMaximumSharpe: number;
  };
  /** That the true ratio exceeds zero. */
  readonly probabilisticSharpe: number;
  /** That it exceeds the expected maximum. */
  readonly deflatedSharpe: number;
  /** The same, counting alike trials once. */
  readonly deflatedSharpeOfEffectiveTrials: number;
  /** Sessions of such returns that it takes to tell the ratio from zero, and from the expected maximum; null: never. */
  readonly minimumTrackRecord: { readonly zero: number | null; readonly expectedMaximum: number | null };
  readonly overfitting: BacktestOverfitting;
  readonly paths: SelectionPaths;
  readonly verdict: 'accepted' | 'refused';
  readonly gate: WeighedGate;
}

/**
 * Weighs the best of a number of trials: would as many worthless ones have shown one like it?
 * @param matrix at least two trials whose returns vary, sessions of all of them
 * @throws RangeError for fewer trials, too few sessions for the plan, or a trial count below the matrix's
 */
export function overfitReport(matrix: TrialMatrix, plan: OverfitPlan = defaultOverfitPlan): OverfitReport {
  const { periodsPerYear, confidence } = plan;
  const annual = Math.sqrt(periodsPerYear);
  const estimates = matrix.returns.map(estimateSharpe);
  const defined = Float64Array.from(estimates.flatMap((estimate) => (estimate ? [estimate.sharpe] : [])));
  const best = indexOfGreatest(
    Float64Array.from(estimates, (estimate) => estimate?.sharpe ?? Number.NEGATIVE_INFINITY),
  );
  const selected = estimates[best];
  if (!selected || defined.length < 2) throw new RangeError('fewer than two trials have returns that vary');
  const count = plan.trialCount ?? matrix.returns.length;
  if (!Number.isSafeInteger(count) || count < matrix.returns.length) {
    throw new RangeError(`${matrix.returns.length} trials are given, so ${count} cannot be all that were tried`);
  }
  const meanSharpe = defined.reduce((sum, sharpe) => sum + sharpe, 0) / defined.length;
  const variance = defined.reduce((sum, sharpe) => sum + (sharpe - meanSharpe) ** 2, 0) / (defined.length - 1);
  const correlation = averageCorrelation(matrix);
  const effective = effectiveTrials(count, correlation ?? 0);
  const hurdle = expectedMaximumSharpe({ trials: count, variance });
  const lags = automaticLags(selected.observations);
  const deflated = deflatedSharpe(selected, { trials: count, variance });
  const againstZero = minimumTrackRecord(selected, { reference: 0, confidence });
  const overfitting = backtestOverfitting(matrix, plan.blocks);
  const gate = weighGate(plan.gate, {
    deflatedSharpe: deflated,
    overfittingProbability: overfitting.probability,
    trackRecordFraction: againstZero === null ? null : selected.observations / againstZero,
  });
  return {
    selected: {
      ...selected,
      name: matrix.names[best]!,
      annualSharpe: selected.sharpe * annual,
      standardErrors: {
        independent: sharpeError(selected) * annual,
        neweyWest: dependentSharpeError(matrix.returns[best]!, lags)! * annual,
        lags,
      },
    },
    trials: {
      count,
      undefined: estimates.length - defined.length,
      meanSharpe: meanSharpe * annual,
      sharpeDeviation: Math.sqrt(variance) * annual,
      averageCorrelation: correlation,
      effective,
      expectedMaximumSharpe: hurdle * annual,
    },
    probabilisticSharpe: probabilisticSharpe(selected, 0),
    deflatedSharpe: deflated,
    deflatedSharpeOfEffectiveTrials: deflatedSharpe(selected, { trials: effective, variance }),
    minimumTrackRecord: {
      zero: againstZero,
      expectedMaximum: minimumTrackRecord(selected, { reference: hurdle, confidence }),
    },
    overfitting,
    paths: selectionPaths(matrix, plan.splits, periodsPerYear),
    verdict: gate.verdict === 'passed' ? 'accepted' : 'refused',
    gate,
  };
}
