import type { Broker } from '#activities/ports/broker.ts';
import type { ClaimAnswer, OrderNews, OrderRow } from '#activities/ports/ledger.ts';
import { isFailure } from '#domain/failure.ts';
import type { OrderIntent, OrderState } from '#domain/order.ts';
import { isEndState } from '#domain/orderState.ts';
import { identity, newsOf, settleByAsking, type OrderWorld } from './settleOrder.ts';

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
  /**
   * Withdraws an order that was never sent; cancels at the venue what is still open of any other, and writes what the
   * venue says. An order that the venue does not show is answered as `unknown`.
   */
  cancelOrder(intent: OrderIntent): Promise<OrderProgress>;
  /** Ends an order as `cancelled`; only after absence was proven by two asks. */
  giveUpAbsentOrder(intent: OrderIntent): Promise<OrderProgress>;
}

/** The activities of orders over a world. */
export function createOrderActivities(world: OrderWorld): OrderActivities {
  const { ledger, brokerOf } = world;
  return {
    async submitOrder(intent) {
      return sendIfClaimed(world, intent, await ledger.claim(intent));
    },

    async askOrder(intent) {
      const row = await ledger.order(intent.clientOrderId);
      if (!row || row.state === 'intended') return { kind: 'neverSent' };
      if (isEndState(row.state)) return { kind: 'known', progress: progressOf(row) };
      const order = await settleByAsking(world, intent);
      if (order) return { kind: 'known', progress: progressOf(order) };
      return { kind: 'absent', absenceProvable: brokerOf(intent.account).refusesDuplicateClientOrderIds };
    },

    async resendAbsentOrder(intent) {
      return sendIfClaimed(world, intent, await ledger.reclaim(intent.clientOrderId));
    },

    async cancelOrder(intent) {
      const withdrawn = await ledger.withdraw(intent, 'ours');
      if (isEndState(withdrawn.state)) return progressOf(withdrawn);
      const broker = brokerOf(intent.account);
      const order = await broker.orderByClientOrderId(intent.clientOrderId);
      if (order) await broker.cancel(order.brokerOrderId);
      const settled = await settleByAsking(world, intent);
      if (settled) return progressOf(settled);
      return { clientOrderId: intent.clientOrderId, state: 'unknown', filledQuantity: withdrawn.filledQuantity };
    },

    async giveUpAbsentOrder(intent) {
      return standing(await ledger.withdraw(intent, 'absenceProven'));
    },
  };
}

/** Only the one caller whose claim holds sends, and only while no later claim or answer has overtaken it. */
async function sendIfClaimed(world: OrderWorld, intent: OrderIntent, claim: ClaimAnswer): Promise<OrderProgress> {
  const { clientOrderId } = intent;
  if (claim.kind === 'denied') return { clientOrderId, state: 'denied', filledQuantity: 0, reason: claim.code };
  if (claim.kind === 'alreadyClaimed') return standing(claim.order);
  const answer = await world.ledger.sendClaimed(clientOrderId, claim.claim, () =>
    newsOfSending(world.brokerOf(intent.account), intent),
  );
  if (answer.kind === 'overtaken') return standing(answer.order);
  if (answer.order.state === 'unknown') {
    const detail = answer.order.reason ?? 'no answer';
    await world.ledger.recordIncident({
      ...identity(intent),
      key: `answerLost:${clientOrderId}:${claim.claim}`,
      kind: 'answerLost',
      detail,
    });
  }
  return progressOf(answer.order);
}

/** What sending once told; a lost answer is `unknown`, to be settled by asking. */
async function newsOfSending(broker: Broker, intent: OrderIntent): Promise<OrderNews> {
  try {
    const answer = await broker.submit(intent);
    if (answer.kind === 'accepted') return newsOf(answer.order, 'answer');
    return { state: 'rejected', evidence: 'answer', reason: answer.reason };
  } catch (error) {
    if (!isFailure(error) || error.code !== 'BROKER_ANSWER_LOST') throw error;
    return { state: 'unknown', evidence: 'answer', reason: error.message };
  }
}

/** Somebody sent it, or died about to: only asking tells. */
function standing(order: OrderRow): OrderProgress {
  return { ...progressOf(order), state: order.state === 'sent' ? 'unknown' : order.state };
}

function progressOf({ clientOrderId, state, filledQuantity, reason }: OrderRow): OrderProgress {
  return { clientOrderId, state, filledQuantity, ...(reason !== undefined && { reason }) };
}
