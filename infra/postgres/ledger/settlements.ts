import type { Ledger, OrderNews, SendAnswer, SettleAnswer } from '#activities/ports/ledger.ts';
import { shares } from '#domain/money.ts';
import { isLateNews, transition } from '#domain/orderState.ts';
import type { Database, Queryable } from '../database.ts';
import { lockOrder, orderColumns, orderOf } from './orderRows.ts';
import type { OrderTableRow } from './orderRows.ts';

/** Order states and what the venue said of them. */
export function createSettlements(
  database: Database,
): Pick<
  Ledger,
  'order' | 'settle' | 'sendClaimed' | 'orders' | 'ordersClaimedWithin' | 'openOrders' | 'ordersOverfilled'
> {
  return {
    async order(clientOrderId) {
      const [row] = await database.query<OrderTableRow>(
        `SELECT ${orderColumns} FROM orders WHERE client_order_id = $1`,
        [clientOrderId],
      );
      return row && orderOf(row);
    },

    settle: (clientOrderId, news) =>
      database.transaction(async (transaction) =>
        settle(transaction, await lockOrder(transaction, clientOrderId), news),
      ),

    sendClaimed: (clientOrderId, claim, send) =>
      database.transaction(
        async (transaction) => {
          await transaction.query(`SET LOCAL idle_in_transaction_session_timeout = '${sendingFor}'`);
          return sendUnderLock(transaction, await lockOrder(transaction, clientOrderId), { claim, send });
        },
        // Sending is no database work: it never runs a second time.
        { attemptsMax: 1 },
      ),

    async orders(account, session) {
      const rows = await database.query<OrderTableRow>(
        `SELECT ${orderColumns} FROM orders WHERE account = $1 AND session = $2 ORDER BY sequence`,
        [account, session],
      );
      return rows.map(orderOf);
    },

    async ordersClaimedWithin(account, periodMs) {
      const [row] = await database.query<{ claimed: number }>(
        `SELECT count(*)::int AS claimed FROM orders
         WHERE account = $1 AND claimed_at > clock_timestamp() - make_interval(secs => $2 / 1000.0)`,
        [account, periodMs],
      );
      return row?.claimed ?? 0;
    },

    async ordersOverfilled(account) {
      const rows = await database.query<OrderTableRow>(
        `SELECT ${orderColumns} FROM orders
         WHERE account = $1 AND state NOT IN ('sent', 'acknowledged', 'partiallyFilled', 'unknown')
           AND filled_quantity < (SELECT sum(fills.quantity) FROM fills
             WHERE fills.account = orders.account AND fills.client_order_id = orders.client_order_id)
         ORDER BY sequence`,
        [account],
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

// A sender that froze keeps its order to itself this long; then nobody can tell any more what it sent.
const sendingFor = '10min';

async function sendUnderLock(
  transaction: Queryable,
  row: OrderTableRow,
  { claim, send }: { readonly claim: number; readonly send: () => Promise<OrderNews> },
): Promise<SendAnswer> {
  if (row.state !== 'sent' || row.claims !== claim) return { kind: 'overtaken', order: orderOf(row) };
  return { kind: 'sent', ...(await settle(transaction, row, await send())) };
}

async function settle(transaction: Queryable, row: OrderTableRow, news: OrderNews): Promise<SettleAnswer> {
  const refusal = refusalOf(row, news);
  if (refusal !== undefined) return { order: orderOf(row), refusal };
  // Late news leaves the state and still names the broker's id.
  const { state } = transition(row.state, news.state, news.evidence);
  const [settled] = await transaction.query<OrderTableRow>(
    `UPDATE orders SET state = $2, broker_order_id = coalesce(broker_order_id, $3),
       filled_quantity = greatest(filled_quantity, $4), reason = coalesce($5, reason), changed_at = clock_timestamp()
     WHERE client_order_id = $1 RETURNING ${orderColumns}`,
    [row.client_order_id, state, news.brokerOrderId, news.filledQuantity ?? 0, news.reason],
  );
  return { order: orderOf(settled ?? row) };
}

/** Why news contradicts the row; undefined for what moves it, repeats it or comes late. */
function refusalOf(
  row: OrderTableRow,
  { state, evidence, brokerOrderId, filledQuantity = shares(0) }: OrderNews,
): string | undefined {
  const before = row.broker_order_id;
  if (brokerOrderId !== undefined && before !== null && before !== brokerOrderId) {
    return `the broker calls it ${brokerOrderId}, and called it ${before} before`;
  }
  if (filledQuantity > row.quantity) return `${filledQuantity} shares filled of ${row.quantity}`;
  const news = transition(row.state, state, evidence);
  if (news.kind !== 'refused') return undefined;
  return isLateNews(row.state, state, evidence) && filledQuantity <= row.filled_quantity ? undefined : news.reason;
}
