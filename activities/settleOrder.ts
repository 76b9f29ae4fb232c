import type { Broker, BrokerOrder } from '#activities/ports/broker.ts';
import type { Ledger, OrderNews, OrderRow } from '#activities/ports/ledger.ts';
import { Failure } from '#domain/failure.ts';
import { isOrderOf, type OrderIntent } from '#domain/order.ts';
import { warn } from './warn.ts';

/** What the activities of orders need of the world. */
export interface OrderWorld {
  readonly ledger: Ledger;
  /** The broker of an account. */
  readonly brokerOf: (account: string) => Broker;
}

/**
 * Asks the venue about an order and writes what it says. An answer that contradicts the row is refused by the ledger;
 * the venue is then asked once more, since the two answers may have crossed. One that contradicts it again is logged and
 * counted as an incident, and the row stays: reconciliation will show the difference.
 * @returns our row as it stands now; undefined when the venue does not know the order
 * @throws Failure CLIENT_ORDER_ID_TAKEN when the venue holds another order under the id
 */
export async function settleByAsking(
  { ledger, brokerOf }: OrderWorld,
  intent: OrderIntent,
): Promise<OrderRow | undefined> {
  const { clientOrderId } = intent;
  const broker = brokerOf(intent.account);
  for (let lookAgain = true; ; lookAgain = false) {
    const shown = await broker.orderByClientOrderId(clientOrderId);
    if (!shown) return undefined;
    if (!isOrderOf(intent, shown)) {
      throw new Failure('CLIENT_ORDER_ID_TAKEN', `another order bears ${clientOrderId} at the venue`, {
        clientOrderId,
        brokerOrderId: shown.brokerOrderId,
      });
    }
    const { order, refusal } = await ledger.settle(clientOrderId, newsOf(shown, 'asked'));
    if (refusal === undefined) return order;
    if (lookAgain) continue;
    warn(`the venue contradicts the ledger about ${clientOrderId}`, { clientOrderId, refusal });
    const key = `newsRefused:${clientOrderId}:${order.state}:${shown.state}`;
    await ledger.recordIncident({ ...identity(intent), key, kind: 'newsRefused', detail: refusal });
    return order;
  }
}

/** What an order the venue shows tells the ledger. */
export function newsOf(
  { state, brokerOrderId, filledQuantity }: BrokerOrder,
  evidence: OrderNews['evidence'],
): OrderNews {
  return { state, evidence, brokerOrderId, filledQuantity };
}

/** The account and session that an incident of an order belongs to. */
export function identity({ account, session }: OrderIntent): Pick<OrderIntent, 'account' | 'session'> {
  return { account, session };
}
