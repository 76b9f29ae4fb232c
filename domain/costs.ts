import { money, notional, type Money, type Shares } from './money.ts';
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

/** Price at which a market order fills: the printed price moved against it by half the spread, rounded against it; never 0. */
export function executionPrice(side: OrderSide, printed: Money, rates: CostRates): Money {
  const slip = roundedAgainstUs((printed * rates.halfSpreadBasisPoints) / 10_000);
  return money(side === 'buy' ? printed + slip : Math.max(1, printed - slip));
}

/** Commission of one execution, rounded up to a ten-thousandth of a dollar. */
export function commission(price: Money, quantity: Shares, rates: CostRates): Money {
  return money(roundedAgainstUs((price * quantity * rates.commissionBasisPoints) / 10_000));
}

/** What one execution cost beside its printed notional. */
export interface FillCost {
  /** Price of the execution. */
  readonly price: Money;
  readonly commission: Money;
  /** Printed price to execution price, over all shares; never negative. */
  readonly slippage: Money;
  /** Cash into the account, negative for a purchase, commission taken off. */
  readonly cashChange: Money;
}

/**
 * Price, commission, slippage and cash of an execution at the market: the one calculation of backtest and paper.
 * @param execution `quantity` positive
 * @throws RangeError for a price or quantity that is not positive, a negative rate, or an amount too large to hold exactly
 */
export function costOfFill(
  execution: { readonly side: OrderSide; readonly printed: Money; readonly quantity: Shares },
  rates: CostRates,
): FillCost {
  const { side, printed, quantity } = execution;
  const { halfSpreadBasisPoints, commissionBasisPoints } = rates;
  if (!(printed > 0 && quantity > 0 && halfSpreadBasisPoints >= 0 && commissionBasisPoints >= 0)) {
    throw new RangeError(`no execution: ${quantity} at ${printed}, rates ${JSON.stringify(rates)}`);
  }
  const price = executionPrice(side, printed, rates);
  const fee = commission(price, quantity, rates);
  const paid = notional(price, quantity);
  return {
    price,
    commission: fee,
    slippage: money(Math.abs(price - printed) * quantity),
    cashChange: money((side === 'buy' ? -1 : 1) * paid - fee),
  };
}

function roundedAgainstUs(tenThousandths: number): number {
  return Math.ceil(tenThousandths);
}
