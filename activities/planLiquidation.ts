import type { OrderRow } from '#activities/ports/ledger.ts';
import type { BrokerPosition } from '#activities/ports/broker.ts';
import { Failure } from '#domain/failure.ts';
import { shares } from '#domain/money.ts';
import type { OrderIntent } from '#domain/order.ts';
import { clientOrderId } from '#domain/orderState.ts';
import { settleByAsking, type OrderWorld } from './settleOrder.ts';

const strategy = 'liquidation';

/**
 * Reduce-only market orders that close every position of a halted account. The escalation and the kill switch both plan
 * by it, at the same time if it must be: orders bear the number of the halt, so the same closing is the same order, and
 * the ledger lets only one of them send it. A closing order that still works is answered as it was written.
 * @throws Failure ACCOUNT_UNKNOWN
 */
export async function planLiquidation(world: OrderWorld, account: string): Promise<readonly OrderIntent[]> {
  const { ledger, brokerOf } = world;
  const row = await ledger.account(account);
  if (!row) throw new Failure('ACCOUNT_UNKNOWN', `no account ${account} was opened`, { account });
  const broker = brokerOf(account);
  const { session } = await broker.clock();
  for (const open of (await ledger.openOrders(account)).filter(isClosing)) await settleByAsking(world, open);
  // Our orders are read before the broker's positions: a closing that ends in between shows as an order of the same id,
  // which nobody sends twice, and never as a position to be closed once more.
  const working = (await ledger.openOrders(account)).filter(isClosing);
  const earlier = (await ledger.orders(account, session)).filter(isClosing);
  const positions = await broker.positions();
  const idOf = (symbol: string, sequence: number): string =>
    clientOrderId({ account, session, strategy: `close${row.changes}`, symbol, sequence });
  const closings = positions
    .filter(({ symbol }) => working.every((order) => order.symbol !== symbol))
    .map((position): OrderIntent => {
      const known = new Set(earlier.map((order) => order.clientOrderId));
      let sequence = 0;
      while (known.has(idOf(position.symbol, sequence))) sequence += 1;
      const id = idOf(position.symbol, sequence);
      return { clientOrderId: id, account, session, ...closing(position) };
    });
  return [...working.map(intentOf), ...closings];
}

function isClosing(order: OrderRow): boolean {
  return order.strategy === strategy;
}

function closing({ symbol, quantity }: BrokerPosition): Omit<OrderIntent, 'clientOrderId' | 'account' | 'session'> {
  return {
    strategy,
    symbol,
    side: quantity > 0 ? 'sell' : 'buy',
    quantity: shares(Math.abs(quantity)),
    kind: { kind: 'market' },
    timeInForce: 'day',
    reduceOnly: true,
  };
}

/** The intent of a row, without what became of it. */
function intentOf({ clientOrderId: id, account, session, side, symbol, quantity, ...row }: OrderRow): OrderIntent {
  const { kind, timeInForce, reduceOnly } = row;
  return { clientOrderId: id, account, session, strategy, symbol, side, quantity, kind, timeInForce, reduceOnly };
}
