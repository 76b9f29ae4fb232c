import { isFailure } from '#domain/failure.ts';
import type { Broker, BrokerOrder, SubmitAnswer } from '#activities/ports/broker.ts';
import { isEndState } from '#domain/orderState.ts';
import type { ClaimAnswer, Ledger, OrderRow } from '#activities/ports/ledger.ts';
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

/** What the activities of orders need of the world. */
export interface OrderWorld {
  readonly ledger: Ledger;
  /** The broker of an account. */
  readonly brokerOf: (account: string) => Broker;
}

/** The activities of orders over a world. */
export function createOrderActivities({ ledger, brokerOf }: OrderWorld): OrderActivities {
  /** Sends once and writes the answer; a lost one leaves the order `unknown`, to be settled by asking. */
  async function send(intent: OrderIntent): Promise<OrderProgress> {
    let answer: SubmitAnswer;
    try {
      answer = await brokerOf(intent.account).submit(intent);
    } catch (error) {
      if (!isFailure(error) || error.code !== 'BROKER_ANSWER_LOST') throw error;
      return progressOf(await ledger.settle(intent.clientOrderId, { state: 'unknown', reason: error.message }));
    }
    if (answer.kind === 'rejected') {
      return progressOf(
        await ledger.settle(intent.clientOrderId, { state: 'rejected', reason: answer.reason }),
        answer.reason,
      );
    }
    return settled(answer.order);
  }

  /** Only the one caller whose claim holds sends. */
  function sendIfClaimed(intent: OrderIntent, claim: ClaimAnswer): OrderProgress | Promise<OrderProgress> {
    if (claim.kind === 'claimed') return send(intent);
    if (claim.kind === 'denied') {
      return { clientOrderId: intent.clientOrderId, state: 'denied', filledQuantity: 0, reason: claim.code };
    }
    // Somebody sent it, or died about to: only asking tells.
    const { order } = claim;
    return { ...progressOf(order), state: order.state === 'sent' ? 'unknown' : order.state };
  }

  const settled = async (order: BrokerOrder): Promise<OrderProgress> => {
    const { clientOrderId, state, brokerOrderId, filledQuantity } = order;
    return progressOf(await ledger.settle(clientOrderId, { state, brokerOrderId, filledQuantity }));
  };

  return {
    async submitOrder(intent) {
      return sendIfClaimed(intent, await ledger.claim(intent));
    },

    async askOrder(intent) {
      const row = await ledger.order(intent.clientOrderId);
      if (!row || row.state === 'intended') return { kind: 'neverSent' };
      if (isEndState(row.state)) return { kind: 'known', progress: progressOf(row) };
      const broker = brokerOf(intent.account);
      const order = await broker.orderByClientOrderId(intent.clientOrderId);
      if (order) return { kind: 'known', progress: await settled(order) };
      return { kind: 'absent', absenceProvable: broker.refusesDuplicateClientOrderIds };
    },

    async resendAbsentOrder(intent) {
      return sendIfClaimed(intent, await ledger.reclaim(intent.clientOrderId));
    },

    async cancelOrder(intent) {
      const broker = brokerOf(intent.account);
      const order = await broker.orderByClientOrderId(intent.clientOrderId);
      if (!order) return { clientOrderId: intent.clientOrderId, state: 'unknown', filledQuantity: 0 };
      await broker.cancel(order.brokerOrderId);
      const after = await broker.orderByClientOrderId(intent.clientOrderId);
      return settled(after ?? order);
    },
  };
}

function progressOf(row: OrderRow, reason?: string): OrderProgress {
  const { clientOrderId, state, filledQuantity } = row;
  return { clientOrderId, state, filledQuantity, ...(reason !== undefined && { reason }) };
}
