import { Failure } from '#domain/failure.ts';
import type { AssetReturns } from './assetReturns.ts';
import { denoisedCovariance } from './denoisedCovariance.ts';
import { shrunkToConstantCorrelation, shrunkToIdentity } from './ledoitWolf.ts';
import { positiveDefinite, type CovarianceRepair } from './positiveDefinite.ts';
import { exponentialCovariance, sampleCovariance } from './sampleCovariance.ts';
import { scaled, type SymmetricMatrix } from './symmetricMatrix.ts';

/** Ways to estimate covariances; `ledoit-wolf` draws toward constant correlation. */
export const covarianceMethods = ['sample', 'ledoit-wolf', 'ledoit-wolf-identity', 'exponential', 'denoised'] as const;

/** One of them. */
export type CovarianceMethod = (typeof covarianceMethods)[number];

/** How covariances and expected returns are estimated. */
export interface EstimateTerms {
  /** Periods of the returns in a year: 252 for days. */
  readonly periodsPerYear: number;
  /** Span of exponential weights, periods. */
  readonly span: number;
}

/** Days, and three quarters of a year of weight. */
export const dailyTerms: EstimateTerms = { periodsPerYear: 252, span: 180 };

/** A covariance and how it came about. */
export interface CovarianceEstimate {
  /** A year's, positive definite. */
  readonly matrix: SymmetricMatrix;
  readonly report: CovarianceReport;
}

/** What an estimate of covariances says of itself. */
export interface CovarianceReport {
  readonly method: CovarianceMethod;
  readonly periods: number;
  /** Weight of the simpler matrix, of the Ledoit-Wolf methods. */
  readonly shrinkage?: number;
  /** Factors kept, of the denoised method. */
  readonly factors?: number;
  readonly repair: CovarianceRepair;
}

/**
 * Covariance of assets over a year, always positive definite; what it took is reported.
 * @throws Failure PORTFOLIO_INPUT_INVALID for an asset whose return never changes: it has no correlation with others
 */
export function estimateCovariance(
  { assets, returns }: AssetReturns,
  method: CovarianceMethod,
  { periodsPerYear, span }: EstimateTerms = dailyTerms,
): CovarianceEstimate {
  const still = returns.findIndex((series) => series.every((value) => value === series[0]));
  if (still >= 0) {
    throw new Failure('PORTFOLIO_INPUT_INVALID', `${assets[still]} never moves: it has no risk to weigh`, {
      asset: assets[still]!,
    });
  }
  const { matrix, ...facts } = estimators[method](returns, span);
  const { matrix: definite, repair } = positiveDefinite(scaled(matrix, periodsPerYear));
  return { matrix: definite, report: { method, periods: returns[0]!.length, ...facts, repair } };
}

interface RawEstimate {
  readonly matrix: SymmetricMatrix;
  readonly shrinkage?: number;
  readonly factors?: number;
}

const estimators: Readonly<Record<CovarianceMethod, (returns: readonly Float64Array[], span: number) => RawEstimate>> =
  {
    sample: (returns) => ({ matrix: sampleCovariance(returns) }),
    'ledoit-wolf': shrunkToConstantCorrelation,
    'ledoit-wolf-identity': shrunkToIdentity,
    exponential: (returns, span) => ({ matrix: exponentialCovariance(returns, span) }),
    denoised: (returns) => {
      const { matrix, factors } = denoisedCovariance(returns);
      return { matrix, factors };
    },
  };
