/** Money and prices in ten-thousandths of a US dollar: a safe integer. */
export type Money = number & { readonly __brand: 'Money' };

/** A number of shares: a safe integer; negative where a short position or a sale is meant. */
export type Shares = number & { readonly __brand: 'Shares' };

/** Ten-thousandths in a dollar. */
export const moneyPerDollar = 10_000;

/**
 * Checks and brands ten-thousandths of a dollar.
 * @throws RangeError when the amount is not a safe integer
 */
export function money(tenThousandths: number): Money {
  if (!Number.isSafeInteger(tenThousandths)) throw new RangeError(`money must be a safe integer: ${tenThousandths}`);
  return (tenThousandths === 0 ? 0 : tenThousandths) as Money;
}

/**
 * Checks and brands a number of shares.
 * @throws RangeError when it is not a safe integer
 */
export function shares(count: number): Shares {
  if (!Number.isSafeInteger(count)) throw new RangeError(`shares must be a safe integer: ${count}`);
  return (count === 0 ? 0 : count) as Shares;
}

/**
 * Dollars, as a vendor or a statistic gives them, rounded half away from zero to ten-thousandths.
 * @throws RangeError when the amount is not finite or too large to hold exactly
 */
export function moneyFromDollars(dollars: number): Money {
  return money(Math.sign(dollars) * Math.round(Math.abs(dollars) * moneyPerDollar));
}

/** An amount in dollars, for screens, statistics and vendors' wires. */
export function dollars(amount: Money): number {
  return amount / moneyPerDollar;
}

/** What a number of shares costs at a price: exact. */
export function notional(price: Money, quantity: Shares): Money {
  return money(price * quantity);
}

/** Sum of amounts: exact. */
export function sumMoney(amounts: readonly Money[]): Money {
  return money(amounts.reduce((total, amount) => total + amount, 0));
}
