import { Failure } from '#domain/failure.ts';
import type { AssetReturns } from './assetReturns.ts';
import { withFewAssets } from './cardinality.ts';
import type { Moments } from './frontier.ts';
import { hierarchicalEqualRiskContribution } from './hierarchicalEqualRiskContribution.ts';
import { hierarchicalRiskParity, type LeafOrder } from './hierarchicalRiskParity.ts';
import { meanConditionalValueAtRisk } from './meanConditionalValueAtRisk.ts';
import { meanVariance, type MeanVarianceObjective, type OptimalWeights } from './meanVariance.ts';
import { constraintsOf, valuesOf, type NamedConstraints } from './namedConstraints.ts';
import { riskParity } from './riskParity.ts';

/** What a portfolio is made for. */
export type PortfolioObjective =
  | MeanVarianceObjective
  /** Least mean loss of the worst periods, at no less than an expected return where one is given. */
  | { readonly kind: 'mean-cvar'; readonly confidence: number; readonly returnMin?: number }
  /** Every asset brings its part of the variance. */
  | { readonly kind: 'risk-parity' }
  /** Capital halved along a tree of alike assets. */
  | { readonly kind: 'hrp'; readonly leafOrder: LeafOrder }
  /** Capital split along a tree that is cut into groups of alike assets; how many is found where absent. */
  | { readonly kind: 'herc'; readonly groups?: number }
  /** The same of each. */
  | { readonly kind: 'equal-weight' };

/** Everything weights are found from. */
export interface PortfolioProblem {
  readonly moments: Moments;
  /** Returns that mean losses are taken of. */
  readonly history: AssetReturns;
  readonly constraints: NamedConstraints;
}

/**
 * Weights for an objective under constraints.
 * @throws Failure PORTFOLIO_INPUT_INVALID, PORTFOLIO_INFEASIBLE, PORTFOLIO_NO_EXCESS_RETURN, PORTFOLIO_ILL_CONDITIONED or
 *   PORTFOLIO_NOT_SOLVED as of the solvers; PORTFOLIO_CONSTRAINT_UNSUPPORTED naming a constraint that the objective has
 *   no place for
 */
export function optimisePortfolio(objective: PortfolioObjective, problem: PortfolioProblem): OptimalWeights {
  const { moments, history, constraints } = problem;
  refuse(constraints, objective.kind);
  const { assets, covariance } = moments;
  if (objective.kind === 'hrp') return hierarchicalRiskParity(covariance, objective.leafOrder);
  if (objective.kind === 'herc') return hierarchicalEqualRiskContribution(covariance, objective.groups);
  if (objective.kind === 'equal-weight') return equalWeights(assets.length);
  if (objective.kind === 'risk-parity') {
    const { riskBudgets } = constraints;
    return riskParity(covariance, riskBudgets && valuesOf(riskBudgets, assets, 'riskBudgets'));
  }
  return withFewAssets(
    (kept) =>
      objective.kind === 'mean-cvar'
        ? meanConditionalValueAtRisk(objective, { moments, history }, kept)
        : meanVariance(objective, moments, kept),
    constraintsOf(constraints, assets),
  );
}

function equalWeights(assets: number): OptimalWeights {
  const residuals = { breach: 0, descent: 0, slackness: 0 };
  return {
    weights: new Float64Array(assets).fill(1 / assets),
    solver: { method: 'none', iterations: 0, programs: 0, residuals },
  };
}

const everyConstraint: readonly (keyof NamedConstraints)[] = [
  'bounds',
  'assets',
  'budget',
  'sectors',
  'held',
  'turnoverMax',
  'costs',
  'leverageMax',
  'trackingErrorMax',
  'benchmark',
  'assetsMax',
  'riskBudgets',
];

/** Whether an objective has a place for a constraint. */
const places: Readonly<Record<PortfolioObjective['kind'], (constraint: keyof NamedConstraints) => boolean>> = {
  'min-variance': (constraint) => constraint !== 'riskBudgets',
  'max-sharpe': (constraint) => constraint !== 'riskBudgets',
  'efficient-risk': (constraint) => constraint !== 'riskBudgets',
  'efficient-return': (constraint) => constraint !== 'riskBudgets',
  'mean-cvar': (constraint) => !['riskBudgets', 'benchmark', 'trackingErrorMax'].includes(constraint),
  'risk-parity': (constraint) => constraint === 'riskBudgets',
  hrp: () => false,
  herc: () => false,
  'equal-weight': () => false,
};

function refuse(constraints: NamedConstraints, objective: PortfolioObjective['kind']): void {
  const given = everyConstraint.find((name) => constraints[name] !== undefined && !places[objective](name));
  if (given === undefined) return;
  throw new Failure('PORTFOLIO_CONSTRAINT_UNSUPPORTED', `${objective} has no place for ${given}`, {
    objective,
    constraint: given,
  });
}
