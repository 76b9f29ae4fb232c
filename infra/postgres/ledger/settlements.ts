import type { Ledger, OrderRow } from '#activities/ports/ledger.ts';
import { Failure } from '#domain/failure.ts';
import type { OrderState } from '#domain/order.ts';
import { isEndState, mayBecome } from '#domain/orderState.ts';
import type { Database, Queryable } from '../database.ts';
import { lockOrder, orderColumns, orderOf } from './orderRows.ts';
import type { OrderTableRow } from './orderRows.ts';

/** Order states and what the venue said of them. */
export function createSettlements(database: Database): Pick<Ledger, 'order' | 'settle' | 'orders' | 'openOrders'> {
  return {
    async order(clientOrderId) {
      const [row] = await database.query<OrderTableRow>(
        `SELECT ${orderColumns} FROM orders WHERE client_order_id = $1`,
        [clientOrderId],
      );
      return row && orderOf(row);
    },

    settle: (clientOrderId, to) =>
      database.transaction(async (transaction) => settle(transaction, await lockOrder(transaction, clientOrderId), to)),

    async orders(account, session) {
      const rows = await database.query<OrderTableRow>(
        `SELECT ${orderColumns} FROM orders WHERE account = $1 AND session = $2 ORDER BY sequence`,
        [account, session],
      );
      return rows.map(orderOf);
    },

    async openOrders(account) {
      const rows = await database.query<OrderTableRow>(
        `SELECT ${orderColumns} FROM orders
         WHERE account = $1 AND state IN ('sent', 'acknowledged', 'partiallyFilled', 'unknown') ORDER BY sequence`,
        [account],
      );
      return rows.map(orderOf);
    },
  };
}

type Settlement = Parameters<Ledger['settle']>[1];

async function settle(transaction: Queryable, row: OrderTableRow, to: Settlement): Promise<OrderRow> {
  const state = stateAfter(row, to.state);
  if (to.brokerOrderId !== undefined && row.broker_order_id !== null && row.broker_order_id !== to.brokerOrderId) {
    throw conflict(row, `the broker calls it ${to.brokerOrderId}, and called it ${row.broker_order_id} before`);
  }
  const [settled] = await transaction.query<OrderTableRow>(
    `UPDATE orders SET state = $2, broker_order_id = coalesce(broker_order_id, $3),
       filled_quantity = greatest(filled_quantity, $4), reason = coalesce($5, reason), changed_at = clock_timestamp()
     WHERE client_order_id = $1 RETURNING ${orderColumns}`,
    [row.client_order_id, state, to.brokerOrderId, to.filledQuantity ?? 0, to.reason],
  );
  return orderOf(settled ?? row);
}

/**
 * The state after an answer of the venue. A late answer that says less than is known leaves the state as it is.
 * @throws Failure ORDER_STATE_CONFLICT when the order was never sent, or its end contradicts the answer
 */
function stateAfter(row: OrderTableRow, to: OrderState): OrderState {
  const from = row.state;
  const neverSent = from === 'intended' || from === 'denied';
  const ours = to === 'intended' || to === 'denied' || to === 'sent';
  if (neverSent || ours) throw conflict(row, `no answer of the venue makes it ${to}`);
  if (mayBecome(from, to)) return to;
  if (isEndState(to)) throw conflict(row, `the venue now says ${to}`);
  return from;
}

function conflict(row: OrderTableRow, problem: string): Failure {
  return new Failure('ORDER_STATE_CONFLICT', `order ${row.client_order_id} is ${row.state}: ${problem}`, {
    clientOrderId: row.client_order_id,
    state: row.state,
    problem,
  });
}
