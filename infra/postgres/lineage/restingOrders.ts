import type { SessionDate } from '#domain/sessionDate.ts';
import type { Database } from '../database.ts';

/** An order that rests on something, and what became of it. */
export interface RestingOrder {
  readonly clientOrderId: string;
  readonly account: string;
  readonly session: SessionDate;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly filledQuantity: number;
}

// Who asks about a snapshot that thousands of orders rest on wants to know that, not all of them.
const restingMax = 1_000;

/** The client order id that is meant: one itself, or an execution of ours; undefined when it is neither. */
export async function orderMeant(database: Database, asked: string): Promise<string | undefined> {
  const [row] = await database.query<{ clientOrderId: string }>(
    `SELECT client_order_id AS "clientOrderId" FROM orders
     WHERE client_order_id = $1 OR client_order_id IN (SELECT client_order_id FROM fills WHERE execution_id = $1)
     ORDER BY sequence LIMIT 1`,
    [asked],
  );
  return row?.clientOrderId;
}

/**
 * Orders that rest on an artifact, a snapshot (trained on, or decided from), a feature set, an MLflow run, a
 * `model:version`, or the approval of a person by name; newest first, a thousand at most.
 */
export function restingOrders(database: Database, asked: string): Promise<readonly RestingOrder[]> {
  return database.query<RestingOrder & Readonly<Record<string, unknown>>>(
    `SELECT o.client_order_id AS "clientOrderId", o.account, o.session, o.symbol, o.side,
       o.filled_quantity AS "filledQuantity"
     FROM orders o
     LEFT JOIN decisions d USING (decision_id)
     LEFT JOIN artifacts a ON a.digest = o.artifact_digest
     WHERE $1 IN (a.digest, a.snapshot_digest, a.feature_digest, a.mlflow_run_id, a.model || ':' || a.model_version,
         d.body ->> 'snapshotDigest')
       OR EXISTS (
         SELECT FROM approvals p, jsonb_array_elements(p.reviews) AS review
         WHERE p.artifact_digest = o.artifact_digest AND p.decision = 'approved'
           AND review #>> '{statement,reviewer}' = $1 AND review #>> '{statement,verdict}' = 'approve')
     ORDER BY o.sequence DESC LIMIT ${restingMax}`,
    [asked],
  );
}
