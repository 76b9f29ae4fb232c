import type { OrderSide } from '../order.ts';

/** An order as it was executed, and what its shares were worth before. */
export interface ExecutedOrder {
  readonly side: OrderSide;
  /** Shares executed, > 0. */
  readonly quantity: number;
  /** Mean price of the executions, weighted by shares; dollars, > 0. */
  readonly averagePrice: number;
  /** Charged for all executions, dollars. */
  readonly commission: number;
  /** Price when it was decided on, dollars, > 0. */
  readonly decisionPrice: number;
  /** Price when it came to the market, dollars, > 0. */
  readonly arrivalPrice: number;
}

/** What an order cost; dollars, negative where the market came to it. */
export interface TransactionCosts {
  /** From the decision to the arrival: what waiting cost. */
  readonly delay: number;
  /** From the arrival to the executions: spread, impact and what the market moved meanwhile. */
  readonly trading: number;
  readonly commission: number;
  /** Their sum: what the paper portfolio of the decision earned more. Shares that were not executed are not in it. */
  readonly implementationShortfall: number;
  /** Of the value at the decision price. */
  readonly shortfallFraction: number;
  /** Trading over the value at the arrival price. */
  readonly slippageFraction: number;
}

/**
 * What an order cost against the prices before it, part by part.
 * Source: Perold, The Implementation Shortfall: Paper versus Reality, Journal of Portfolio Management 14 (1988).
 * @throws RangeError when a quantity or price is not finite and positive, or the commission is not finite
 */
export function transactionCosts(order: ExecutedOrder): TransactionCosts {
  const { side, quantity, averagePrice, commission, decisionPrice, arrivalPrice } = order;
  const positive = [quantity, averagePrice, decisionPrice, arrivalPrice];
  if (!positive.every((value) => value > 0 && Number.isFinite(value)) || !Number.isFinite(commission)) {
    throw new RangeError(`no executed order: ${JSON.stringify(order)}`);
  }
  const against = (side === 'buy' ? 1 : -1) * quantity;
  const delay = against * (arrivalPrice - decisionPrice);
  const trading = against * (averagePrice - arrivalPrice);
  const implementationShortfall = delay + trading + commission;
  return {
    delay,
    trading,
    commission,
    implementationShortfall,
    shortfallFraction: implementationShortfall / (quantity * decisionPrice),
    slippageFraction: trading / (quantity * arrivalPrice),
  };
}
