import type { Ledger } from '#activities/ports/ledger.ts';
import { Failure } from '#domain/failure.ts';
import type { Fill } from '#domain/order.ts';
import type { Database, Queryable } from '../database.ts';
import { lockTradingState } from './tradingStates.ts';

const fillColumns = `execution_id AS "executionId", client_order_id AS "clientOrderId", symbol, side, quantity, price,
  commission, market_time_ms AS "marketTimeMs"`;

/** Executions, each once. */
export function createFills(database: Database): Pick<Ledger, 'recordFills' | 'fills'> {
  return {
    recordFills: (account, fills) =>
      database.transaction(async (transaction) => {
        await lockTradingState(transaction, account, 'FOR SHARE');
        const written = await insertFills(transaction, account, fills);
        await noteForeign(transaction, account, fills);
        await refuseDiffering(transaction, account, fills);
        await raiseCommissions(transaction, account, fills);
        return written;
      }),

    fills: (account, session) =>
      database.query<FillTableRow>(
        `SELECT ${fillColumns} FROM fills WHERE account = $1 AND session = coalesce($2, session)
         ORDER BY market_time_ms, execution_id`,
        [account, session],
      ),
  };
}

type FillTableRow = Fill & Readonly<Record<string, unknown>>;

// One parameter whatever the number of fills; keys are the fields of Fill.
const givenFills = `jsonb_to_recordset($2::jsonb) AS given ("executionId" text, "clientOrderId" text, symbol text,
  side text, quantity bigint, price bigint, commission bigint, "marketTimeMs" bigint)`;

async function insertFills(transaction: Queryable, account: string, fills: readonly Fill[]): Promise<number> {
  const inserted = await transaction.query(
    `INSERT INTO fills (account, execution_id, client_order_id, symbol, side, quantity, price, commission,
       market_time_ms, session)
     SELECT $1, "executionId", "clientOrderId", given.symbol, given.side, given.quantity, price, commission,
       "marketTimeMs",
       coalesce(orders.session,
         (to_timestamp("marketTimeMs" / 1000.0) AT TIME ZONE 'America/New_York')::date)
     FROM ${givenFills} LEFT JOIN orders ON orders.client_order_id = "clientOrderId" AND orders.account = $1
     ORDER BY "executionId"
     ON CONFLICT (account, execution_id) DO NOTHING RETURNING true AS written`,
    [account, JSON.stringify(fills)],
  );
  return inserted.length;
}

/** Every order of ours is claimed, and that committed, before it is sent: what no claim stands for is not ours. */
async function noteForeign(transaction: Queryable, account: string, fills: readonly Fill[]): Promise<void> {
  await transaction.query(
    `INSERT INTO incidents (key, account, session, kind, detail)
     SELECT 'foreignFill:' || $1 || ':' || execution_id, $1, session, 'foreignFill',
       format('%s %s %s at %s dollars by order %s, which we never sent', side, quantity, symbol,
         trim_scale(price / 10000.0), client_order_id)
     FROM fills JOIN (SELECT "executionId" FROM ${givenFills}) AS named ON execution_id = "executionId"
     WHERE account = $1 AND NOT EXISTS (SELECT FROM orders
       WHERE orders.account = $1 AND orders.client_order_id = fills.client_order_id AND claims > 0)
     ON CONFLICT (key) DO NOTHING`,
    [account, JSON.stringify(fills)],
  );
}

/** A venue may book a commission after the execution it is for; it is never taken back. */
async function raiseCommissions(transaction: Queryable, account: string, fills: readonly Fill[]): Promise<void> {
  await transaction.query(
    `UPDATE fills SET commission = given.commission FROM ${givenFills}
     WHERE account = $1 AND execution_id = "executionId" AND given.commission > fills.commission`,
    [account, JSON.stringify(fills)],
  );
}

async function refuseDiffering(transaction: Queryable, account: string, fills: readonly Fill[]): Promise<void> {
  const [differing] = await transaction.query<{ executionId: string }>(
    `SELECT "executionId" FROM ${givenFills} JOIN fills ON fills.account = $1 AND fills.execution_id = "executionId"
     WHERE (client_order_id, fills.symbol, fills.side, fills.quantity, fills.price, market_time_ms)
       IS DISTINCT FROM ("clientOrderId", given.symbol, given.side, given.quantity, given.price, "marketTimeMs")
     LIMIT 1`,
    [account, JSON.stringify(fills)],
  );
  if (!differing) return;
  throw new Failure('ROW_CONFLICT', `execution ${differing.executionId} of ${account} stands with other contents`, {
    account,
    executionId: differing.executionId,
  });
}
