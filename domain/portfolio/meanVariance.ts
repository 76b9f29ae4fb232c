import { Failure } from '#domain/failure.ts';
import { bracketedRoot } from './bracketedRoot.ts';
import type { PortfolioConstraints } from './constraints.ts';
import { returnRow } from './constraintRows.ts';
import { Frontier, type EfficientPortfolio, type Moments } from './frontier.ts';
import type { OptimalityResiduals } from './optimality.ts';
import { diagonal } from './symmetricMatrix.ts';

/** What is sought in mean and variance; figures are a year's, fractions. */
export type MeanVarianceObjective =
  /** Least variance, plus the cost of trading where one is given. */
  | { readonly kind: 'min-variance' }
  /** Largest expected return after costs and over the risk-free rate, per volatility. */
  | { readonly kind: 'max-sharpe'; readonly riskFreeRate: number }
  /** Largest expected return after costs at no more than a volatility. */
  | { readonly kind: 'efficient-risk'; readonly volatilityMax: number }
  /** Least variance at no less than an expected return after costs. */
  | { readonly kind: 'efficient-return'; readonly returnMin: number };

/** Weights and how they were found. */
export interface OptimalWeights {
  /** Shape [assets]. */
  readonly weights: Float64Array;
  readonly solver: SolverReport;
}

/** What a solver says of its answer. */
export interface SolverReport {
  readonly method: string;
  readonly iterations: number;
  /** Programs solved on the way. */
  readonly programs: number;
  readonly residuals: OptimalityResiduals;
}

/** Values of functions nearer to zero than this part of their scale are zero. */
const rootFraction = 1e-13;
/** Expected returns under this are none. */
const returnMin = 1e-9;
/** Trade-off at which risk only decides between portfolios of the same return. */
const returnOnly = 1e7;

/**
 * Weights of least variance for a return, or most return for a risk.
 * @throws Failure PORTFOLIO_INFEASIBLE naming the constraints or the target that cannot be met, PORTFOLIO_NO_EXCESS_RETURN,
 *   and as of `Frontier` and `solveProgram`
 */
export function meanVariance(
  objective: MeanVarianceObjective,
  moments: Moments,
  constraints: PortfolioConstraints,
): OptimalWeights {
  const more =
    objective.kind === 'efficient-return' ? [returnRow(objective.returnMin, moments.expected, constraints)] : [];
  const frontier = new Frontier(moments, constraints, more);
  const { weights, solution } = found(objective, frontier, constraints.budget);
  const { programs, iterations } = frontier;
  return {
    weights,
    solver: { method: 'primal active set', iterations, programs, residuals: solution.residuals },
  };
}

function found(objective: MeanVarianceObjective, frontier: Frontier, budget: number): EfficientPortfolio {
  // Half the variance is weighed, so half the cost is.
  if (objective.kind === 'min-variance') return frontier.at({ returns: 0, costs: 0.5 });
  if (objective.kind === 'efficient-return') return frontier.at({ returns: 0, costs: 0 });
  if (objective.kind === 'max-sharpe') return bestSharpe(frontier, objective.riskFreeRate * budget);
  return mostReturn(frontier, objective.volatilityMax);
}

const weighing = (returns: number): { readonly returns: number; readonly costs: number } => ({
  returns,
  costs: returns,
});

/**
 * The portfolio of best Sharpe ratio is the one whose trade-off is its own variance over its own excess return; along
 * the frontier the difference of the two is a line between the places where assets come and go.
 * @param riskFree return of the capital in use at the risk-free rate
 */
function bestSharpe(frontier: Frontier, riskFree: number): EfficientPortfolio {
  const calmest = frontier.at(weighing(0));
  const boldest = frontier.at(weighing(returnOnly * scaleOf(frontier)));
  if (!(boldest.netReturn - riskFree > 0)) {
    throw new Failure(
      'PORTFOLIO_NO_EXCESS_RETURN',
      `the most any allowed portfolio is expected to earn is ${boldest.netReturn.toPrecision(4)}, the risk-free rate ${riskFree}`,
      { returnMax: boldest.netReturn, riskFree },
    );
  }
  const over = ({ variance, netReturn }: EfficientPortfolio, tradeOff: number): number =>
    variance - tradeOff * (netReturn - riskFree);
  const difference = (tradeOff: number): number => over(frontier.at(weighing(tradeOff)), tradeOff);
  let high = boldest.variance / (boldest.netReturn - riskFree);
  while (difference(high) > rootFraction * calmest.variance) high *= 2;
  const tradeOff = bracketedRoot(difference, {
    low: { at: 0, value: calmest.variance },
    high: { at: high, value: difference(high) },
    valueMax: rootFraction * calmest.variance,
  });
  return frontier.at(weighing(tradeOff));
}

function mostReturn(frontier: Frontier, volatilityMax: number): EfficientPortfolio {
  const limit = volatilityMax ** 2;
  const calmest = frontier.at({ returns: 0, costs: 0 });
  if (calmest.variance > limit) {
    const least = Math.sqrt(calmest.variance);
    throw new Failure(
      'PORTFOLIO_INFEASIBLE',
      `no weights keep volatilityMax ${volatilityMax}: with the other constraints ${least.toPrecision(4)} is least`,
      { missed: ['volatilityMax'], least },
    );
  }
  const top = (returnOnly * scaleOf(frontier)) ** 2;
  const boldest = frontier.at(weighing(Math.sqrt(top)));
  if (boldest.variance <= limit) return boldest;
  // Variance is a line in the squared trade-off between the places where assets come and go.
  const room = (squared: number): number => limit - frontier.at(weighing(Math.sqrt(squared))).variance;
  let high = scaleOf(frontier) ** 2;
  while (high < top && room(high) > 0) high *= 4;
  const squared = bracketedRoot(room, {
    low: { at: 0, value: limit - calmest.variance },
    high: { at: high, value: room(high) },
    valueMax: rootFraction * limit,
  });
  return frontier.at(weighing(Math.sqrt(squared)));
}

/** A trade-off at which return and risk weigh about the same. */
function scaleOf({ moments: { covariance, expected } }: Frontier): number {
  const variance = diagonal(covariance).reduce((sum, value) => sum + value, 0) / covariance.size;
  const steepest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return variance / Math.max(steepest, returnMin);
}
