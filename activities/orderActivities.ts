import type { OrderIntent, OrderState } from '#domain/order.ts';

/** An order as its executor follows it. */
export interface OrderProgress {
  readonly clientOrderId: string;
  readonly state: OrderState;
  readonly filledQuantity: number;
  /** Denial code, or the venue's reason. */
  readonly reason?: string;
}

/** What asking the venue about an order showed. */
export type AskAnswer =
  /** The venue knows it; our row says the same now. */
  | { readonly kind: 'known'; readonly progress: OrderProgress }
  /** We never claimed it: it was never sent and may be submitted. */
  | { readonly kind: 'neverSent' }
  /** We claimed it, and the venue, asked now, does not know it. */
  | { readonly kind: 'absent'; readonly absenceProvable: boolean };

/** Activities that touch one order. */
export interface OrderActivities {
  /** Check, intent, claim and send, once; a lost answer is the state `unknown`, not an error. Never retried. */
  submitOrder(intent: OrderIntent): Promise<OrderProgress>;
  /** Asks the venue and writes what it says; safe to repeat. */
  askOrder(intent: OrderIntent): Promise<AskAnswer>;
  /** Sends again under the same client order id; only after absence was proven by two asks. Never retried. */
  resendAbsentOrder(intent: OrderIntent): Promise<OrderProgress>;
  /** Cancels at the venue what is still open of the order, and writes what the venue says. */
  cancelOrder(intent: OrderIntent): Promise<OrderProgress>;
}
