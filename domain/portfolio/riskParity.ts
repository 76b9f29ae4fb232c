import { Failure } from '#domain/failure.ts';
import type { OptimalWeights } from './meanVariance.ts';
import { dot, product, type SymmetricMatrix } from './symmetricMatrix.ts';

/** Contributions to risk further than this from their budgets are not met. */
const contributionErrorMax = 1e-12;
const sweepsMax = 10_000;

/**
 * Positive weights of which each contributes its part of the variance. They are those of least
 * x' Q x / 2 - sum of b log x, scaled to sum 1; each is found in turn with the others fixed, which is a quadratic
 * equation, until all agree.
 * Source: Griveau-Billion, Richard and Roncalli, "A Fast Algorithm for Computing High-dimensional Risk Parity Portfolios"
 * (2013); Spinu, "An Algorithm for Computing Risk Parity Weights" (2013).
 * @param covariance positive definite, shape [assets, assets]
 * @param budgets parts of the variance, positive, shape [assets]; they are scaled to sum 1, and equal when absent
 * @throws Failure PORTFOLIO_INPUT_INVALID for a budget that is not positive, PORTFOLIO_NOT_SOLVED when weights do not settle
 */
export function riskParity(
  covariance: SymmetricMatrix,
  budgets: Float64Array = new Float64Array(covariance.size).fill(1),
): OptimalWeights {
  const { size, values } = covariance;
  const wrong = budgets.findIndex((budget) => !(budget > 0 && Number.isFinite(budget)));
  if (wrong >= 0 || budgets.length !== size) {
    throw new Failure('PORTFOLIO_INPUT_INVALID', `risk budget ${wrong + 1} of ${size} is ${budgets[wrong]}`, {
      constraint: 'risk budgets',
    });
  }
  const total = budgets.reduce((sum, budget) => sum + budget, 0);
  const parts = budgets.map((budget) => budget / total);
  const point = parts.map((part, asset) => Math.sqrt(part / values[asset * (size + 1)]!));
  const gradient = product(covariance, point);
  for (let sweep = 1; sweep <= sweepsMax; sweep += 1) {
    sweepOnce(covariance, { parts, point, gradient });
    const error = point.reduce((most, x, asset) => Math.max(most, Math.abs(x * gradient[asset]! - parts[asset]!)), 0);
    if (error > contributionErrorMax) continue;
    const sum = point.reduce((all, value) => all + value, 0);
    const weights = point.map((value) => value / sum);
    const residuals = { breach: 0, descent: budgetError(covariance, weights, parts), slackness: 0 };
    return { weights, solver: { method: 'cyclical coordinate descent', iterations: sweep, programs: 1, residuals } };
  }
  throw new Failure('PORTFOLIO_NOT_SOLVED', `risk contributions did not settle in ${sweepsMax} rounds`, {
    rounds: sweepsMax,
  });
}

/** Part of the variance that each weight brings, shape [assets], summing to 1. */
export function riskContributions(covariance: SymmetricMatrix, weights: Float64Array): Float64Array {
  const gradient = product(covariance, weights);
  const variance = dot(gradient, weights);
  return weights.map((weight, asset) => (weight * gradient[asset]!) / variance);
}

function budgetError(covariance: SymmetricMatrix, weights: Float64Array, parts: Float64Array): number {
  return riskContributions(covariance, weights).reduce(
    (most, part, asset) => Math.max(most, Math.abs(part - parts[asset]!)),
    0,
  );
}

function sweepOnce(
  { size, values }: SymmetricMatrix,
  { parts, point, gradient }: Readonly<Record<'parts' | 'point' | 'gradient', Float64Array>>,
): void {
  for (let asset = 0; asset < size; asset += 1) {
    const at = asset * size;
    const variance = values[at + asset]!;
    const others = gradient[asset]! - variance * point[asset]!;
    const next = (Math.sqrt(others * others + 4 * variance * parts[asset]!) - others) / (2 * variance);
    const change = next - point[asset]!;
    point[asset] = next;
    for (let other = 0; other < size; other += 1) gradient[other]! += change * values[at + other]!;
  }
}
