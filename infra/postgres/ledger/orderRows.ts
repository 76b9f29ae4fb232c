import type { OrderRow } from '#activities/ports/ledger.ts';
import { canonicalJson } from '#domain/canonicalJson.ts';
import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import type { Money, Shares } from '#domain/money.ts';
import type { OrderIntent } from '#domain/order.ts';
import type { Queryable } from '../database.ts';

/** Columns of an order as `orderOf` reads them. */
export const orderColumns = `client_order_id, account, session, strategy, symbol, side, quantity, kind, limit_price,
  time_in_force, reduce_only, decision_id, artifact_digest, state, broker_order_id, filled_quantity, reason, denial, claims`;

/** A row of the table `orders`. */
export interface OrderTableRow extends Record<string, unknown> {
  readonly client_order_id: string;
  readonly account: string;
  readonly session: OrderRow['session'];
  readonly strategy: string;
  readonly symbol: string;
  readonly side: OrderRow['side'];
  readonly quantity: Shares;
  readonly kind: 'market' | 'limit';
  readonly limit_price: Money | null;
  readonly time_in_force: OrderRow['timeInForce'];
  readonly reduce_only: boolean;
  readonly decision_id: string | null;
  readonly artifact_digest: Digest | null;
  readonly state: OrderRow['state'];
  readonly broker_order_id: string | null;
  readonly filled_quantity: Shares;
  readonly reason: string | null;
  readonly denial: OrderRow['denial'] | null;
  /** Times the order was claimed: the latest claim's number. */
  readonly claims: number;
}

/** The order of a row. */
export function orderOf(row: OrderTableRow): OrderRow {
  return {
    ...intentOf(row),
    state: row.state,
    filledQuantity: row.filled_quantity,
    ...(row.broker_order_id !== null && { brokerOrderId: row.broker_order_id }),
    ...(row.reason !== null && { reason: row.reason }),
    ...(row.denial && { denial: row.denial }),
  };
}

function intentOf(row: OrderTableRow): OrderIntent {
  return {
    clientOrderId: row.client_order_id,
    account: row.account,
    session: row.session,
    strategy: row.strategy,
    symbol: row.symbol,
    side: row.side,
    quantity: row.quantity,
    kind: row.limit_price === null ? { kind: 'market' } : { kind: 'limit', limitPrice: row.limit_price },
    timeInForce: row.time_in_force,
    reduceOnly: row.reduce_only,
    ...(row.decision_id !== null && { decisionId: row.decision_id }),
    ...(row.artifact_digest !== null && { artifactDigest: row.artifact_digest }),
  };
}

/**
 * Writes an intent as `intended` unless its client order id is taken.
 * @returns the row when this call wrote it
 */
export async function insertIntent(transaction: Queryable, intent: OrderIntent): Promise<OrderTableRow | undefined> {
  const [inserted] = await transaction.query<OrderTableRow>(
    `INSERT INTO orders (client_order_id, account, session, strategy, symbol, side, quantity, kind, limit_price,
       time_in_force, reduce_only, decision_id, artifact_digest, state)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'intended')
     ON CONFLICT (client_order_id) DO NOTHING RETURNING ${orderColumns}`,
    [
      intent.clientOrderId,
      intent.account,
      intent.session,
      intent.strategy,
      intent.symbol,
      intent.side,
      intent.quantity,
      intent.kind.kind,
      intent.kind.kind === 'limit' ? intent.kind.limitPrice : null,
      intent.timeInForce,
      intent.reduceOnly,
      intent.decisionId,
      intent.artifactDigest,
    ],
  );
  return inserted;
}

/**
 * The order under an intent's client order id, locked until the transaction ends.
 * @throws Failure ROW_CONFLICT when it was written for another intent
 */
export async function lockOrderOf(transaction: Queryable, intent: OrderIntent): Promise<OrderTableRow> {
  const row = await lockOrder(transaction, intent.clientOrderId);
  if (canonicalJson(intentOf(row)) !== canonicalJson(intent)) {
    throw new Failure('ROW_CONFLICT', `order ${intent.clientOrderId} was written for another intent`, {
      clientOrderId: intent.clientOrderId,
      state: row.state,
    });
  }
  return row;
}

/**
 * An order, locked until the transaction ends.
 * @throws Failure ORDER_UNKNOWN when no order has the id
 */
export async function lockOrder(transaction: Queryable, clientOrderId: string): Promise<OrderTableRow> {
  const [row] = await transaction.query<OrderTableRow>(
    `SELECT ${orderColumns} FROM orders WHERE client_order_id = $1 FOR UPDATE`,
    [clientOrderId],
  );
  if (!row) throw new Failure('ORDER_UNKNOWN', `no order ${clientOrderId} was written`, { clientOrderId });
  return row;
}
