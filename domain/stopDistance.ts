import { money, type Money } from './money.ts';
import type { OrderSide } from './order.ts';

/** How far stop and take-profit lie from an entry, in average true ranges. */
export interface StopTerms {
  /** Average true ranges between entry and stop, > 0: two to three as a rule (Wilder 1978 took three). */
  readonly stopRanges: number;
  /** Gain aimed at over the loss at the stop, > 0. */
  readonly rewardMultiple: number;
  /** Stops are never nearer nor farther than these, fractions of the price in (0, 1). */
  readonly stopFractionMin: number;
  readonly stopFractionMax: number;
}

/** Distances from an entry, fractions of its price. */
export interface StopDistance {
  readonly stopLossFraction: number;
  readonly takeProfitFraction: number;
  /** Which bound the stop met; absent where the ranges alone say it. */
  readonly boundBy?: 'stopFractionMin' | 'stopFractionMax';
}

/**
 * Distances of stop and take-profit by an instrument's own volatility: so many average true ranges, within bounds, and a
 * multiple of it for the gain. Source: Wilder, New Concepts in Technical Trading Systems (1978).
 * @param trueRangeFraction average true range over the price, > 0
 * @throws RangeError for a range or term that is not finite and positive, or bounds that are none
 */
export function stopDistance(trueRangeFraction: number, terms: StopTerms): StopDistance {
  const { stopRanges, rewardMultiple, stopFractionMin, stopFractionMax } = terms;
  const positive = [trueRangeFraction, stopRanges, rewardMultiple, stopFractionMin].every(
    (value) => value > 0 && Number.isFinite(value),
  );
  if (!positive || !(stopFractionMin <= stopFractionMax && stopFractionMax < 1)) {
    throw new RangeError(`no stop at a range of ${trueRangeFraction} by ${JSON.stringify(terms)}`);
  }
  const asked = trueRangeFraction * stopRanges;
  const stopLossFraction = Math.min(stopFractionMax, Math.max(stopFractionMin, asked));
  const boundBy = asked < stopFractionMin ? 'stopFractionMin' : 'stopFractionMax';
  return {
    stopLossFraction,
    takeProfitFraction: stopLossFraction * rewardMultiple,
    ...(asked !== stopLossFraction && { boundBy }),
  } as const;
}

/**
 * Prices of stop and take-profit beside an entry, each rounded toward the entry: the loss is never larger than it was
 * sized for. Neither passes the entry; a stop of what is sold short lies above it.
 * @param entry positive
 */
export function stopPrices(
  side: OrderSide,
  entry: Money,
  { stopLossFraction, takeProfitFraction }: StopDistance,
): { readonly stop: Money; readonly takeProfit: Money } {
  const [loss, gain] = [Math.floor(entry * stopLossFraction), Math.floor(entry * takeProfitFraction)];
  if (side === 'buy') return { stop: money(entry - loss), takeProfit: money(entry + gain) };
  return { stop: money(entry + loss), takeProfit: money(Math.max(1, entry - gain)) };
}
