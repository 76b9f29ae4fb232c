import { dollars, moneyFromDollars, notional, sumMoney, type Money, type Shares } from '../money.ts';
import type { OrderSide } from '../order.ts';
import type { SessionDate } from '../sessionDate.ts';
import type { BrokerSchedule } from './brokerSchedule.ts';
import { marketImpact, type ImpactModel } from './marketImpact.ts';
import { chargesOfOrder, type Charge } from './orderCharges.ts';

/** An order whose cost is asked before it is sent. */
export interface EstimatedOrder {
  readonly side: OrderSide;
  /** Positive. */
  readonly quantity: Shares;
  /** Middle of the market when it is decided on, positive. */
  readonly price: Money;
  readonly session: SessionDate;
}

/** What the market is like, as far as costs go. */
export interface EstimatedMarket {
  /** Shares a day, > 0. */
  readonly averageDailyVolume: number;
  /** Standard deviation of a day's return, a fraction, >= 0. */
  readonly dailyVolatility: number;
  /** Quoted spread over the price, a fraction, >= 0. */
  readonly spreadFraction: number;
  /** Fraction of the price that the market is expected to move against the order in a day; negative where it comes to it. */
  readonly adverseDriftPerDay: number;
}

/** How the order is to be executed. */
export interface EstimatedExecution {
  readonly schedule: BrokerSchedule;
  /** Shares of the calendar month before the order, >= 0. */
  readonly monthShares: number;
  readonly impact: ImpactModel;
  /** From the first share to the last, at an even rate; sessions, > 0. */
  readonly durationSessions: number;
  /** From the decision to the first share; sessions, >= 0. */
  readonly delaySessions: number;
}

/** What an order is expected to cost; money in ten-thousandths of a dollar, rounded to the nearest. */
export interface CostEstimate {
  readonly notional: Money;
  /** The broker's commission and everything it passes on. */
  readonly commission: Money;
  readonly charges: readonly Charge[];
  /** Half the quoted spread on every share: as if every share took liquidity. */
  readonly spread: Money;
  readonly marketImpact: Money;
  readonly permanentImpact: Money;
  readonly temporaryImpact: Money;
  /** Expected move of the market from the decision on; negative where the market comes to the order. */
  readonly slippage: Money;
  readonly total: Money;
  /** Total over notional. */
  readonly totalFraction: number;
  /** One standard deviation of what the market may move meanwhile, either way: no cost, but the uncertainty of it. */
  readonly slippageStandardDeviation: Money;
  /** Shares of the order over those of the market while it trades. */
  readonly participationFraction: number;
}

/**
 * What an order is expected to cost, part by part. Drift and volatility act from the decision on, on the delay in whole
 * and on an even execution by half (its variance by a third).
 * @throws Failure COST_RATE_UNKNOWN for a session outside the broker's schedule
 * @throws RangeError when a figure is not finite, or out of the range its docstring names
 */
export function estimateCost(
  order: EstimatedOrder,
  market: EstimatedMarket,
  execution: EstimatedExecution,
): CostEstimate {
  const { side, quantity, price, session } = order;
  const { averageDailyVolume, dailyVolatility, spreadFraction, adverseDriftPerDay } = market;
  const { schedule, monthShares, impact, durationSessions, delaySessions } = execution;
  if (!(spreadFraction >= 0 && delaySessions >= 0 && Number.isFinite(adverseDriftPerDay))) {
    throw new RangeError(`no estimate of ${JSON.stringify({ spreadFraction, delaySessions, adverseDriftPerDay })}`);
  }
  const value = notional(price, quantity);
  const traded = { quantity, price: dollars(price), averageDailyVolume, dailyVolatility, durationSessions };
  const { temporary, permanent } = marketImpact(impact, traded);
  const charges = chargesOfOrder(schedule, { side, quantity, value, session, takesLiquidity: true, monthShares });
  const ofValue = (fraction: number): Money => moneyFromDollars(dollars(value) * fraction);
  const commission = sumMoney(charges.map(({ amount }) => amount));
  const spread = ofValue(spreadFraction / 2);
  const [temporaryImpact, permanentImpact] = [ofValue(temporary), ofValue(permanent)];
  const impactCost = sumMoney([temporaryImpact, permanentImpact]);
  const slippage = ofValue(adverseDriftPerDay * (delaySessions + durationSessions / 2));
  const total = sumMoney([commission, spread, impactCost, slippage]);
  return {
    notional: value,
    commission,
    charges,
    spread,
    marketImpact: impactCost,
    permanentImpact,
    temporaryImpact,
    slippage,
    total,
    totalFraction: total / value,
    slippageStandardDeviation: ofValue(dailyVolatility * Math.sqrt(delaySessions + durationSessions / 3)),
    participationFraction: quantity / (averageDailyVolume * durationSessions),
  };
}
