import { Failure } from '#domain/failure.ts';
import type { PortfolioConstraints } from './constraints.ts';
import type { OptimalWeights } from './meanVariance.ts';

/** Weights nearer to zero than this are none. */
const weightMin = 1e-9;
/** Part of the assets over the limit that is given up before weights are sought again. */
const stepFraction = 0.25;

/**
 * Weights of at most so many assets, by a heuristic: weights are sought without the limit, a quarter of the assets too
 * many are given up (those of least weight), and weights are sought again among the rest. Choosing the best assets of n
 * exactly takes time that doubles with every asset; this takes a few searches and may miss the best choice.
 * @param solve weights under constraints
 * @throws Failure PORTFOLIO_INFEASIBLE when more assets than that must be held by their lower bounds, or by what the
 *   others' upper bounds leave
 */
export function withFewAssets(
  solve: (constraints: PortfolioConstraints) => OptimalWeights,
  constraints: PortfolioConstraints,
): OptimalWeights {
  const { assetsMax } = constraints;
  let [lower, upper] = [constraints.lower.slice(), constraints.upper.slice()];
  let found = solve(constraints);
  if (assetsMax === undefined) return found;
  for (;;) {
    const held = heldAssets(found.weights);
    const over = held.length - assetsMax;
    if (over <= 0) return found;
    const free = held.filter((asset) => lower[asset]! <= 0 && upper[asset]! >= 0);
    const given = free.slice(0, Math.ceil(over * stepFraction));
    if (given.length === 0) throw tooFew(assetsMax, held.length);
    [lower, upper] = [lower.slice(), upper.slice()];
    for (const asset of given) [lower[asset], upper[asset]] = [0, 0];
    found = solveOrSay(solve, { ...constraints, lower, upper });
  }
}

function solveOrSay(
  solve: (constraints: PortfolioConstraints) => OptimalWeights,
  constraints: PortfolioConstraints,
): OptimalWeights {
  try {
    return solve(constraints);
  } catch (error) {
    if (!(error instanceof Failure && error.code === 'PORTFOLIO_INFEASIBLE')) throw error;
    throw new Failure(
      'PORTFOLIO_INFEASIBLE',
      `assetsMax ${constraints.assetsMax}: among the assets left by weight, ${error.message}`,
      { ...error.details, missed: ['assetsMax'] },
      { cause: error },
    );
  }
}

/** Places of assets with a weight, the lightest first. */
function heldAssets(weights: Float64Array): readonly number[] {
  return Array.from(weights.keys())
    .filter((asset) => Math.abs(weights[asset]!) > weightMin)
    .sort((one, other) => Math.abs(weights[one]!) - Math.abs(weights[other]!));
}

function tooFew(assetsMax: number, held: number): Failure {
  return new Failure('PORTFOLIO_INFEASIBLE', `no weights keep assetsMax ${assetsMax}: bounds hold ${held} assets`, {
    missed: ['assetsMax'],
    held,
  });
}
