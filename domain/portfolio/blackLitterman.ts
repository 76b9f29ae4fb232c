import { Failure } from '#domain/failure.ts';
import { choleskyFactor, choleskySolve } from './cholesky.ts';
import type { Moments } from './frontier.ts';
import { dot, product, type SymmetricMatrix } from './symmetricMatrix.ts';

/** What somebody expects of a combination of assets over a year. */
export interface View {
  /** Weight of each asset in it, shape [assets]: 1 for an asset itself, 1 and -1 for one ahead of another. */
  readonly combination: Float64Array;
  /** Return expected of the combination, fraction. */
  readonly expected: number;
  /** From 0, which says nothing, to 1, which is certain; half gives the view the doubt that the prior has of it. */
  readonly confidence: number;
}

/** What is believed before views are heard. */
export interface Prior {
  readonly assets: readonly string[];
  /** A year's, positive definite. */
  readonly covariance: SymmetricMatrix;
  /** Weights of the market, shape [assets]; they are scaled to sum 1. */
  readonly market: Float64Array;
  /** Excess return that the market asks for a unit of variance. */
  readonly riskAversion: number;
  /** Variance of the prior's mean as a part of the covariance. */
  readonly doubt: number;
  /** A year's, fraction. */
  readonly riskFreeRate: number;
}

/** Risk aversion and doubt that the literature uses. */
export const usualPrior = { riskAversion: 2.5, doubt: 0.05 } as const;

/**
 * Expected returns and covariance after views: the market's weights are what an investor holds who expects the prior;
 * views pull away from it, more the surer they are.
 * Source: He and Litterman, "The Intuition Behind Black-Litterman Model Portfolios" (1999); doubt of a view from its
 * confidence by Idzorek (2005) in the closed form of Walters (2014): (1 - c) / c times what the prior doubts of it.
 * @throws Failure PORTFOLIO_INPUT_INVALID for a confidence outside 0 to 1, a view of nothing, views that are certain and
 *   contradict or repeat each other, or market weights that do not sum to something positive
 */
export function blackLitterman(prior: Prior, views: readonly View[]): Moments {
  const { assets, covariance, riskAversion, doubt, riskFreeRate } = prior;
  const market = checkedMarket(prior);
  const equilibrium = product(covariance, market).map((value) => riskFreeRate + riskAversion * value);
  const heard = checkedViews(views).filter(({ confidence }) => confidence > 0);
  const { size } = covariance;
  const reaches = heard.map(({ combination }) => product(covariance, combination).map((value) => doubt * value));
  const values = new Float64Array(heard.length ** 2);
  heard.forEach((view, row) => {
    heard.forEach(({ combination }, column) => {
      values[row * heard.length + column] = dot(reaches[row]!, combination);
    });
    const own = values[row * (heard.length + 1)]!;
    values[row * (heard.length + 1)] = own + (own * (1 - view.confidence)) / view.confidence;
  });
  const factor = choleskyFactor({ size: heard.length, values }, 1e-12);
  if (!factor)
    throw invalid('certain views repeat or contradict each other: leave one out, or give it less confidence');
  const surprise = Float64Array.from(heard, ({ combination, expected }) => expected - dot(combination, equilibrium));
  const pull = choleskySolve(factor, surprise);
  const expected = equilibrium.map((value, asset) =>
    reaches.reduce((sum, reach, view) => sum + reach[asset]! * pull[view]!, value),
  );
  const posterior = covariance.values.map((value) => (1 + doubt) * value);
  for (let asset = 0; asset < size; asset += 1) {
    const removed = choleskySolve(
      factor,
      Float64Array.from(reaches, (reach) => reach[asset]!),
    );
    reaches.forEach((reach, view) => {
      for (let other = 0; other < size; other += 1) posterior[asset * size + other]! -= removed[view]! * reach[other]!;
    });
  }
  return { assets, expected, covariance: { size, values: posterior } };
}

function checkedMarket({ market, assets }: Prior): Float64Array {
  const total = market.reduce((sum, weight) => sum + weight, 0);
  if (!(total > 0 && Number.isFinite(total)) || market.length !== assets.length) {
    throw invalid(`market weights of ${market.length} assets sum to ${total}`);
  }
  return market.map((weight) => weight / total);
}

function checkedViews(views: readonly View[]): readonly View[] {
  views.forEach(({ combination, expected, confidence }, index) => {
    if (!(confidence >= 0 && confidence <= 1)) throw invalid(`view ${index + 1} has a confidence of ${confidence}`);
    if (!Number.isFinite(expected)) throw invalid(`view ${index + 1} expects ${expected}`);
    if (combination.every((weight) => weight === 0)) throw invalid(`view ${index + 1} is of no asset`);
    if (combination.some((weight) => !Number.isFinite(weight)))
      throw invalid(`view ${index + 1} has no finite weights`);
  });
  return views;
}

function invalid(message: string): Failure {
  return new Failure('PORTFOLIO_INPUT_INVALID', message, { constraint: 'views' });
}
