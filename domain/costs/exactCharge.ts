import { money, type Money } from '../money.ts';

/**
 * An amount charged before it is rounded, in millionths of a millionth of a dollar: every published rate times shares or
 * ten-thousandths of a dollar is a whole number of them, so that nothing is lost before the rounding that has a name.
 */
export type ExactCharge = bigint;

/** How an amount becomes one that is booked: up to a cent, or up to the ten-thousandth of a dollar that money is held in. */
export type ChargeRounding = 'upToCent' | 'upToTenThousandth';

const perTenThousandth = 10n ** 8n;
const perCent = 10n ** 10n;

/** Shares at a rate in billionths of a dollar each (0.000195 dollars is 195,000). */
export function perShareCharge(count: number, billionths: number): ExactCharge {
  return BigInt(count) * BigInt(billionths) * 1_000n;
}

/** Value at a rate in cents for each million dollars (20.60 dollars for a million is 2,060). */
export function perMillionCharge(value: Money, cents: number): ExactCharge {
  return BigInt(value) * BigInt(cents);
}

/** A whole number of basis points of a value. */
export function basisPointsCharge(value: Money, basisPoints: number): ExactCharge {
  return BigInt(value) * BigInt(basisPoints) * 10_000n;
}

/** Millionths of another charge, rounded up to what an exact charge can hold. */
export function partOfCharge(charge: ExactCharge, millionths: number): ExactCharge {
  return quotientUp(charge * BigInt(millionths), 1_000_000n);
}

/** An amount of money as it is. */
export function exactly(amount: Money): ExactCharge {
  return BigInt(amount) * perTenThousandth;
}

/** The lesser of two charges. */
export function lesserCharge(first: ExactCharge, second: ExactCharge): ExactCharge {
  return first < second ? first : second;
}

/**
 * What is booked of a charge, rounded against us.
 * @throws RangeError when it is too large to hold exactly
 */
export function bookedCharge(charge: ExactCharge, rounding: ChargeRounding): Money {
  if (rounding === 'upToCent') return money(Number(quotientUp(charge, perCent)) * 100);
  return money(Number(quotientUp(charge, perTenThousandth)));
}

function quotientUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}
