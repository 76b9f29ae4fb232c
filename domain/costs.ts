import type { BrokerScheduleName } from './costs/brokerSchedule.ts';
import { brokerSchedules } from './costs/brokerSchedules.ts';
import { chargeOfExecution, type ChargedOrder } from './costs/orderCharges.ts';
import { money, notional, shares, type Money, type Shares } from './money.ts';
import type { OrderSide } from './order.ts';
import { sessionDate, type SessionDate } from './sessionDate.ts';

/** What trading costs: the same for backtest and paper. */
export interface CostRates {
  /** Half of the quoted spread, paid by whoever crosses it. */
  readonly halfSpreadBasisPoints: number;
  /** Commission on the notional. */
  readonly commissionBasisPoints: number;
  /** Schedule of a broker, charged beside the commission on the notional; absent or null: none. */
  readonly schedule?: BrokerScheduleName | null;
  /** Session whose rates the schedule charges whatever the session, `YYYY-MM-DD`; absent or null: each session's own. */
  readonly ratesAsOf?: string | null;
}

/** An execution as a commission is charged for it. */
export interface ChargedExecution {
  readonly side: OrderSide;
  readonly price: Money;
  readonly quantity: Shares;
  readonly session: SessionDate;
  /** What of the same order was executed before; absent: nothing. */
  readonly before?: { readonly quantity: number; readonly value: number };
}

/** Liquid US large caps: a spread of two basis points, no commission, as retail brokers charge in the sample's years. */
export const defaultCostRates: CostRates = { halfSpreadBasisPoints: 1, commissionBasisPoints: 0 };

/** Price at which a market order fills: the printed price moved against it by half the spread, rounded against it; never 0. */
export function executionPrice(side: OrderSide, printed: Money, rates: CostRates): Money {
  const slip = roundedAgainstUs((printed * rates.halfSpreadBasisPoints) / 10_000);
  return money(side === 'buy' ? printed + slip : Math.max(1, printed - slip));
}

/**
 * Commission of one execution, rounded up to a ten-thousandth of a dollar, and what it adds to the charge of its order by
 * the schedule: a minimum is paid once. Every share counts as taking liquidity, and as the first of its month.
 * @throws Failure COST_RATE_UNKNOWN for a session outside the schedule
 */
export function commission(execution: ChargedExecution, rates: CostRates): Money {
  const { price, quantity } = execution;
  const onNotional = roundedAgainstUs((price * quantity * rates.commissionBasisPoints) / 10_000);
  return money(onNotional + scheduledCharge(execution, rates));
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
  execution: Omit<ChargedExecution, 'price'> & { readonly printed: Money },
  rates: CostRates,
): FillCost {
  const { side, printed, quantity } = execution;
  const { halfSpreadBasisPoints, commissionBasisPoints } = rates;
  if (!(printed > 0 && quantity > 0 && halfSpreadBasisPoints >= 0 && commissionBasisPoints >= 0)) {
    throw new RangeError(`no execution: ${quantity} at ${printed}, rates ${JSON.stringify(rates)}`);
  }
  const price = executionPrice(side, printed, rates);
  const fee = commission({ ...execution, price }, rates);
  const paid = notional(price, quantity);
  return {
    price,
    commission: fee,
    slippage: money(Math.abs(price - printed) * quantity),
    cashChange: money((side === 'buy' ? -1 : 1) * paid - fee),
  };
}

function scheduledCharge(execution: ChargedExecution, { schedule, ratesAsOf }: CostRates): number {
  if (schedule === undefined || schedule === null) return 0;
  const { side, price, quantity, session, before = { quantity: 0, value: 0 } } = execution;
  const charged: ChargedOrder = {
    side,
    quantity: shares(before.quantity),
    value: money(before.value),
    session: typeof ratesAsOf === 'string' ? sessionDate(ratesAsOf) : session,
    takesLiquidity: true,
    monthShares: 0,
  };
  return chargeOfExecution(brokerSchedules[schedule], charged, {
    ...charged,
    quantity: shares(before.quantity + quantity),
    value: money(before.value + notional(price, quantity)),
  });
}

function roundedAgainstUs(tenThousandths: number): number {
  return Math.ceil(tenThousandths);
}
