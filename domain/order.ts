import type { Digest } from './digest.ts';
import type { Money, Shares } from './money.ts';
import type { SessionDate } from './sessionDate.ts';

/** Side of an order. */
export type OrderSide = 'buy' | 'sell';

/** When the venue may fill the order: the session, the opening auction or the closing auction. */
export type TimeInForce = 'day' | 'opening' | 'closing';

/** Every state of an order; `unknown` says that the venue's answer was lost: silence never means rejected. */
export type OrderState =
  | 'intended'
  | 'denied'
  | 'sent'
  | 'acknowledged'
  | 'partiallyFilled'
  | 'filled'
  | 'cancelled'
  | 'rejected'
  | 'expired'
  | 'unknown';

/** What we want of a venue, before anything is written or sent. */
export interface OrderIntent {
  /** `{account}-{session}-{strategy}-{symbol}-{sequence}`, at most 48 characters: the identity at us and at the venue. */
  readonly clientOrderId: string;
  readonly account: string;
  readonly session: SessionDate;
  readonly strategy: string;
  readonly symbol: string;
  readonly side: OrderSide;
  /** Always positive. */
  readonly quantity: Shares;
  readonly kind: { readonly kind: 'market' } | { readonly kind: 'limit'; readonly limitPrice: Money };
  readonly timeInForce: TimeInForce;
  /** True when the order can only bring the position nearer to zero. */
  readonly reduceOnly: boolean;
  /** The decision this order came from; absent for orders of a person or of the breaker. */
  readonly decisionId?: string;
  readonly artifactDigest?: Digest;
}

/** Whether an order that the venue shows is the one we meant, not another under the same client order id. */
export function isOrderOf(
  intent: OrderIntent,
  shown: { readonly symbol: string; readonly side: OrderSide; readonly quantity?: Shares },
): boolean {
  return shown.symbol === intent.symbol && shown.side === intent.side && shown.quantity === intent.quantity;
}

/** One execution as the venue reports it; `executionId` is the venue's and unique per account. */
export interface Fill {
  readonly executionId: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly quantity: Shares;
  readonly price: Money;
  /** What the venue charged for this execution, beside its price; never negative. Fees it books apart are adjustments. */
  readonly commission: Money;
  /** Market time at the venue, milliseconds since 1970 UTC. */
  readonly marketTimeMs: number;
}
