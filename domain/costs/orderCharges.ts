import { Failure } from '../failure.ts';
import { money, sumMoney, type Money, type Shares } from '../money.ts';
import type { OrderSide } from '../order.ts';
import type { SessionDate } from '../sessionDate.ts';
import type { BrokerSchedule, ChargeKind, PassedOnFee, PerShareCommission } from './brokerSchedule.ts';
import { rateOn } from './datedRates.ts';
import {
  basisPointsCharge,
  bookedCharge,
  exactly,
  lesserCharge,
  partOfCharge,
  perMillionCharge,
  perShareCharge,
  type ExactCharge,
} from './exactCharge.ts';

/** What a broker looks at when it charges an order. */
export interface ChargedOrder {
  readonly side: OrderSide;
  /** Shares executed, >= 0. */
  readonly quantity: Shares;
  /** What they traded for, over all executions. */
  readonly value: Money;
  readonly session: SessionDate;
  /** False for executions of an order that rested. */
  readonly takesLiquidity: boolean;
  /** Shares of earlier orders in the calendar month, >= 0; 0 is the dearest. */
  readonly monthShares: number;
}

/** One thing that is charged. */
export interface Charge {
  readonly kind: ChargeKind;
  readonly amount: Money;
}

/**
 * What a broker charges for an order, each charge rounded as the broker rounds it; nothing for no shares.
 * @returns charges that are not zero, in the schedule's order
 * @throws Failure COST_RATE_UNKNOWN for a session outside the schedule
 * @throws RangeError for a quantity, value or month's shares that is negative, or an amount too large to hold exactly
 */
export function chargesOfOrder(schedule: BrokerSchedule, order: ChargedOrder): readonly Charge[] {
  const { quantity, value, monthShares, session } = order;
  if (!(quantity >= 0 && value >= 0 && monthShares >= 0 && Number.isSafeInteger(monthShares))) {
    throw new RangeError(`no order to charge: ${quantity} for ${value}, ${monthShares} shares before`);
  }
  if (session < schedule.from || session > schedule.through) {
    const { name, from, through } = schedule;
    throw new Failure(
      'COST_RATE_UNKNOWN',
      `the schedule ${name} is not known of ${session}: it holds ${from} to ${through}`,
      { name, session, from, through },
    );
  }
  const commission = schedule.commission === undefined ? 0n : commissionOf(schedule.commission, order);
  const exact: readonly (readonly [ChargeKind, ExactCharge])[] = [
    ['commission', commission],
    ...schedule.passedOn.map((fee) => [fee.kind, feeOf(fee, order, commission)] as const),
  ];
  return exact
    .map(([kind, charge]) => ({ kind, amount: bookedCharge(charge, schedule.rounding) }))
    .filter(({ amount }) => amount > 0);
}

/** What a broker charges for an order, all together: see `chargesOfOrder`. */
export function chargeOfOrder(schedule: BrokerSchedule, order: ChargedOrder): Money {
  return sumMoney(chargesOfOrder(schedule, order).map(({ amount }) => amount));
}

/**
 * What an execution adds to the charge of its order, so that a minimum is paid once and a maximum is of the whole order.
 * @param before the order's executions before it
 * @param after with it: at least as many shares, for at least as much
 */
export function chargeOfExecution(schedule: BrokerSchedule, before: ChargedOrder, after: ChargedOrder): Money {
  return money(chargeOfOrder(schedule, after) - chargeOfOrder(schedule, before));
}

function commissionOf({ tiers, orderMin, orderMaxBasisPoints }: PerShareCommission, order: ChargedOrder): ExactCharge {
  const { quantity, value, monthShares } = order;
  if (quantity === 0) return 0n;
  let priced = monthShares;
  let charge = 0n;
  const last = monthShares + quantity;
  for (const { monthSharesMax, shareBillionths } of tiers) {
    const until = Math.min(last, monthSharesMax ?? last);
    if (until <= priced) continue;
    charge += perShareCharge(until - priced, shareBillionths);
    priced = until;
  }
  const min = exactly(orderMin);
  return lesserCharge(charge > min ? charge : min, basisPointsCharge(value, orderMaxBasisPoints));
}

function feeOf(fee: PassedOnFee, order: ChargedOrder, commission: ExactCharge): ExactCharge {
  const { quantity, value, session } = order;
  const isSale = order.side === 'sell';
  switch (fee.kind) {
    case 'section31':
      return isSale ? perMillionCharge(value, rateOn(fee.rates, session, 'the fee of Section 31')) : 0n;
    case 'tradingActivity': {
      if (!isSale) return 0n;
      const { shareBillionths, tradeMax } = rateOn(fee.rates, session, 'the Trading Activity Fee');
      return lesserCharge(perShareCharge(quantity, shareBillionths), exactly(tradeMax));
    }
    case 'auditTrail':
      return perShareCharge(quantity, rateOn(fee.rates, session, 'the fee of the Consolidated Audit Trail'));
    case 'clearing':
      return lesserCharge(perShareCharge(quantity, fee.shareBillionths), basisPointsCharge(value, fee.maxBasisPoints));
    case 'exchange':
      if (!order.takesLiquidity) return 0n;
      // Below a dollar the fee is of the value, which there is the lesser of the two.
      return lesserCharge(
        perShareCharge(quantity, fee.shareBillionths),
        basisPointsCharge(value, fee.belowDollarBasisPoints),
      );
    case 'nysePassThrough':
    case 'finraPassThrough':
      break;
  }
  return partOfCharge(commission, rateOn(fee.rates, session, `the part of ${fee.kind}`));
}
