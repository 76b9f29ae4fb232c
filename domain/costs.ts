import { money, type Money, type Shares } from './money.ts';
import type { OrderSide } from './order.ts';

/** What trading costs, in basis points of the price: one schedule for backtest and paper. */
export interface CostRates {
  /** Half of the quoted spread, paid by whoever crosses it. */
  readonly halfSpreadBasisPoints: number;
  /** Commission on the notional. */
  readonly commissionBasisPoints: number;
}

/** Liquid US large caps: a spread of two basis points, no commission, as retail brokers charge in the sample's years. */
export const defaultCostRates: CostRates = { halfSpreadBasisPoints: 1, commissionBasisPoints: 0 };

/** Price at which a market order fills: the printed price moved against it by half the spread, rounded against it. */
export function executionPrice(side: OrderSide, printed: Money, rates: CostRates): Money {
  const slip = roundedAgainstUs((printed * rates.halfSpreadBasisPoints) / 10_000);
  return money(side === 'buy' ? printed + slip : Math.max(1, printed - slip));
}

/** Commission of one execution, rounded up to a ten-thousandth of a dollar. */
export function commission(price: Money, quantity: Shares, rates: CostRates): Money {
  return money(roundedAgainstUs((price * quantity * rates.commissionBasisPoints) / 10_000));
}

function roundedAgainstUs(tenThousandths: number): number {
  return Math.ceil(tenThousandths);
}
