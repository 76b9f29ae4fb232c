import type { Adjustment, AdjustmentKind } from '#domain/adjustment.ts';
import { money, shares, sumMoney } from '#domain/money.ts';
import type { Money } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { exactMoney, wholeShares } from './decimalText.ts';
import type { AlpacaBooking } from './alpacaWire.ts';

// ActivityType of Alpaca's specification; what is not named here is kept as `other`, with its cash.
const kinds: Readonly<Record<string, AdjustmentKind>> = {
  DIV: 'dividend',
  DIVCGL: 'dividend',
  DIVCGS: 'dividend',
  DIVFEE: 'fee',
  DIVFT: 'dividend',
  DIVNRA: 'dividend',
  DIVROC: 'dividend',
  DIVTW: 'dividend',
  DIVTXEX: 'dividend',
  CGD: 'dividend',
  SPLIT: 'split',
  FEE: 'fee',
  CFEE: 'fee',
  PTC: 'fee',
  INT: 'interest',
  INTNRA: 'interest',
  INTTW: 'interest',
  CSD: 'transfer',
  CSW: 'transfer',
  JNLC: 'transfer',
};

// Only these change shares by their `qty`; a dividend's `qty` counts the shares it was paid on.
const changesShares = new Set(['SPLIT', 'SPIN', 'ACATS', 'JNLS', 'FOPT']);

/** Whether a booking is the commission of an execution, not a change of its own. */
export function isCommissionOf(booking: AlpacaBooking, executionIds: ReadonlySet<string>): boolean {
  const { activity_type: type, activity_sub_type: subType, group_id: group } = booking;
  return type === 'FEE' && subType === 'COM' && group !== undefined && executionIds.has(group);
}

/**
 * What an execution was charged: its commissions, as a positive amount.
 * @throws RangeError for an amount that integers cannot hold, or one that is paid to us
 */
export function commissionOf(executionId: string, bookings: readonly AlpacaBooking[]): Money {
  const own = bookings.filter((booking) => isCommissionOf(booking, new Set([executionId])));
  const charged = money(0 - sumMoney(own.map(({ net_amount: amount = '0' }) => exactMoney(amount))));
  if (charged < 0) throw new RangeError(`a commission of ${charged} is paid to us`);
  return charged;
}

/**
 * A booking as the port knows it; one that Alpaca cancelled changes nothing.
 * @throws RangeError for an amount or a quantity that integers cannot hold exactly
 */
export function adjustmentOf(booking: AlpacaBooking): Adjustment {
  const { id, activity_type: type, symbol, net_amount: amount = '0', qty = '0', date, status } = booking;
  const counts = status !== 'canceled';
  return {
    adjustmentId: id,
    kind: kinds[type] ?? 'other',
    ...(symbol !== undefined && { symbol }),
    cash: counts ? exactMoney(amount) : money(0),
    shares: counts && changesShares.has(type) ? wholeShares(qty) : shares(0),
    session: sessionDate(date.slice(0, 10)),
  };
}
