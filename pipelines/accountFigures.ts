import type { PlayedAccount } from '#models/environment/marketWalk.ts';
import { annualTurnover } from './metrics/activity.ts';
import { returnFigures } from './metrics.ts';

/** What is said of an account that was played; null is undefined, as in `ReturnFigures`. */
export interface AccountFigures {
  readonly totalReturn: number | null;
  readonly sharpe: number | null;
  readonly maximumDrawdown: number | null;
  /** One way, a year, fractions of assets. */
  readonly turnover: number | null;
  /** Paid to trade, a fraction of the first cash. */
  readonly costs: number | null;
}

/** Figures of a played account. */
export function accountFigures({ assets, traded, paidCosts }: PlayedAccount): AccountFigures {
  const returns = assets.slice(1).map((value, session) => value / assets[session]! - 1);
  const { totalReturn, sharpe, maximumDrawdown } = returnFigures(returns);
  const turnover = annualTurnover(Float64Array.from(traded, (value, session) => value / 2 / assets[session]!));
  return { totalReturn, sharpe, maximumDrawdown, turnover, costs: paidCosts / assets[0]! };
}
