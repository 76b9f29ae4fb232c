import type { FailureEntry } from './entry.ts';

/** Failures of the area: portfolio. */
export const portfolioFailures = {
  PORTFOLIO_INPUT_INVALID: {
    summary: 'Prices, returns, views or constraints are such that no portfolio can be computed from them.',
    action: 'Correct what the message names: a missing price, a series that never moves, an unknown asset, a bound.',
    retry: 'never',
  },
  PORTFOLIO_INFEASIBLE: {
    summary: 'No weights keep all constraints at once.',
    action: 'Loosen one of the constraints the message names; it says which are missed, and by how much.',
    retry: 'never',
  },
  PORTFOLIO_ILL_CONDITIONED: {
    summary: 'Assets are so alike that weights between them would be rounding.',
    action: 'Leave one of the twins out, or take --covariance ledoit-wolf or denoised.',
    retry: 'never',
  },
  PORTFOLIO_NO_EXCESS_RETURN: {
    summary: 'No allowed portfolio is expected to earn more than the risk-free rate, so none has a best Sharpe ratio.',
    action: 'Take min-variance or risk-parity, or look at the expected returns and the risk-free rate.',
    retry: 'never',
  },
  PORTFOLIO_NOT_SOLVED: {
    summary: 'The solver ended without an answer that holds its conditions of optimality; no weights are given.',
    action: 'Report it with the input; meanwhile loosen constraints that nearly contradict each other.',
    retry: 'never',
  },
  PORTFOLIO_CONSTRAINT_UNSUPPORTED: {
    summary: 'A constraint was given that the objective has no place for.',
    action: 'Leave it out, or take an objective that keeps it: docs/portfolio.md has the table.',
    retry: 'never',
  },
} as const satisfies Readonly<Record<string, FailureEntry>>;
