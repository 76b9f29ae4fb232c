import { isEndState } from '#domain/orderState.ts';
import { comparePositions } from '#domain/reconcile.ts';
import type { Broker } from '#activities/ports/broker.ts';
import type { Ledger } from '#activities/ports/ledger.ts';
import type { Reconciliation } from './sessionActivities.ts';

/**
 * Settles our open orders by asking the broker, takes the fills we missed, then compares positions symbol by symbol.
 * An order still unknown counts as a difference: silence is never taken for a rejection.
 */
export async function reconcileBooks(
  account: string,
  { ledger, broker }: { readonly ledger: Ledger; readonly broker: Broker },
): Promise<Reconciliation> {
  const { session } = await broker.clock();
  await ledger.recordFills(account, await broker.fills(session));
  const unsettled: string[] = [];
  for (const row of await ledger.openOrders(account)) {
    const order = await broker.orderByClientOrderId(row.clientOrderId);
    if (order) {
      const { state, brokerOrderId, filledQuantity } = order;
      await ledger.settle(row.clientOrderId, { state, brokerOrderId, filledQuantity });
      if (row.session !== session && isEndState(state))
        await ledger.recordFills(account, await broker.fills(row.session));
    } else {
      unsettled.push(`order ${row.clientOrderId} is ${row.state} here and not known at the broker`);
    }
  }
  const atBroker = Object.fromEntries((await broker.positions()).map(({ symbol, quantity }) => [symbol, quantity]));
  const differences = [...unsettled, ...comparePositions(await ledger.positions(account), atBroker)];
  return { agreed: differences.length === 0, differences };
}
