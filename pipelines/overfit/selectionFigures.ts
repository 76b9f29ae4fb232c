import { sampleMin } from '../metrics.ts';
import { dailyTerms } from '../metrics/terms.ts';
import { deflatedSharpe, expectedMaximumSharpe, worthlessVariance } from './deflatedSharpe.ts';
import { automaticLags } from './neweyWest.ts';
import { minimumTrackRecord, probabilisticSharpe } from './probabilisticSharpe.ts';
import { dependentSharpeError, estimateSharpe } from './sharpeEstimate.ts';

/** How far a curve stands above what choosing among many shows by chance; plain JSON. Sharpe ratios are a year's. */
export interface SelectionFigures {
  /** Specifications that the search tried; 1 where nobody searched. */
  readonly trials: number;
  /** Standard error of the Sharpe ratio, returns taken to depend on those before them. */
  readonly sharpeError: number | null;
  readonly probabilisticSharpe: number | null;
  /** Sharpe ratio that the best of as many worthless ones is expected to show. */
  readonly expectedMaximumSharpe: number | null;
  readonly deflatedSharpe: number | null;
  /** Sessions it takes to tell the ratio from zero with 95 % confidence; null where none are enough. */
  readonly minimumTrackRecordSessions: number | null;
}

const confidence = 0.95;

/**
 * Weighs a chosen curve by the number of trials alone: their returns are not kept, so they are taken to spread as worthless
 * strategies of as many sessions do.
 * @param returns shape [sessions], daily simple returns as fractions
 * @param trials whole, at least 1
 * @returns null figures for under 20 sessions or returns that do not vary
 * @throws RangeError for fewer than one trial
 */
export function selectionFigures(returns: ArrayLike<number>, trials: number): SelectionFigures {
  const sample = Float64Array.from(returns);
  const estimate = sample.length < sampleMin ? null : estimateSharpe(sample);
  if (!estimate) {
    return {
      trials,
      sharpeError: null,
      probabilisticSharpe: null,
      expectedMaximumSharpe: null,
      deflatedSharpe: null,
      minimumTrackRecordSessions: null,
    };
  }
  const annual = Math.sqrt(dailyTerms.periodsPerYear);
  const spread = { trials, variance: worthlessVariance(sample.length) };
  return {
    trials,
    sharpeError: dependentSharpeError(sample, automaticLags(sample.length))! * annual,
    probabilisticSharpe: probabilisticSharpe(estimate, 0),
    expectedMaximumSharpe: expectedMaximumSharpe(spread) * annual,
    deflatedSharpe: deflatedSharpe(estimate, spread),
    minimumTrackRecordSessions: minimumTrackRecord(estimate, { reference: 0, confidence }),
  };
}
