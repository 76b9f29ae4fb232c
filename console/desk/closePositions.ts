import { createOrderActivities } from '#activities/orderActivities.ts';
import { planLiquidation } from '#activities/planLiquidation.ts';
import type { OrderWorld } from '#activities/settleOrder.ts';
import { Failure } from '#domain/failure.ts';
import type { ClosingOrder } from './desk.ts';

/**
 * Closes every position of a halted account from this process, by the very activities that the escalation runs: each
 * order is written, claimed and sent once, and what the escalation sends meanwhile is the same order.
 * @throws Failure MARKET_CLOSED, before anything is written
 */
export async function closePositions(world: OrderWorld, account: string): Promise<readonly ClosingOrder[]> {
  const { phase, session } = await world.brokerOf(account).clock();
  if (phase !== 'open') {
    const stands = phase === 'closed' ? 'over' : 'not open yet';
    throw new Failure('MARKET_CLOSED', `session ${session} is ${stands}: positions of ${account} stay open`, {
      account,
      session,
      phase,
    });
  }
  const orders = createOrderActivities(world);
  const sent: ClosingOrder[] = [];
  for (const intent of await planLiquidation(world, account)) {
    const { clientOrderId, symbol, side, quantity } = intent;
    const { state } = await orders.submitOrder(intent);
    sent.push({ clientOrderId, symbol, side, quantity, state });
  }
  return sent;
}
