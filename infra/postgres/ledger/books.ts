import type { Ledger } from '#activities/ports/ledger.ts';
import type { Money, Shares } from '#domain/money.ts';
import type { Fill } from '#domain/order.ts';
import type { PositionAdjustment } from '#domain/positions.ts';
import type { Database } from '../database.ts';
import { insertOnce } from '../insertOnce.ts';
import { lockTradingState } from './tradingStates.ts';

/** Positions and cash, as fills and adjustments add up to them. */
export function createBooks(
  database: Database,
): Pick<Ledger, 'recordAdjustments' | 'bookEntries' | 'positions' | 'cash'> {
  return {
    recordAdjustments: (account, adjustments) =>
      database.transaction(async (transaction) => {
        await lockTradingState(transaction, account, 'FOR SHARE');
        let written = 0;
        for (const { adjustmentId, kind, symbol, cash, shares, session } of adjustments) {
          const columns = { account, adjustment_id: adjustmentId, kind, symbol, cash, shares, session };
          const once = { table: 'adjustments', key: ['account', 'adjustment_id'], columns };
          if (await insertOnce(transaction, once)) written += 1;
        }
        return written;
      }),

    async bookEntries(account) {
      const rows = await database.query<EntryRow>(
        `SELECT day, moment, execution_id AS "executionId", client_order_id AS "clientOrderId", symbol, side, quantity,
           price, commission, market_time_ms AS "marketTimeMs", shares
         FROM (
           SELECT (to_timestamp(market_time_ms / 1000.0) AT TIME ZONE 'America/New_York')::date AS day,
             market_time_ms AS moment, execution_id, client_order_id, symbol, side, quantity, price, commission,
             market_time_ms, NULL::bigint AS shares, execution_id AS name
           FROM fills WHERE account = $1
           UNION ALL
           -- Shares are adjusted before the open of their day.
           SELECT session, 0, NULL, NULL, symbol, NULL, NULL, NULL, NULL, NULL, shares, adjustment_id
           FROM adjustments WHERE account = $1 AND shares <> 0) AS entries
         ORDER BY day, moment, name`,
        [account],
      );
      return rows.map(entryOf);
    },

    async positions(account) {
      const rows = await database.query<{ symbol: string; held: Shares }>(
        `SELECT symbol, sum(change)::bigint AS held FROM (
           SELECT symbol, CASE side WHEN 'buy' THEN quantity ELSE -quantity END AS change FROM fills WHERE account = $1
           UNION ALL
           SELECT symbol, shares FROM adjustments WHERE account = $1 AND shares <> 0) AS changes
         GROUP BY symbol HAVING sum(change) <> 0 ORDER BY symbol`,
        [account],
      );
      return Object.fromEntries(rows.map(({ symbol, held }) => [symbol, held]));
    },

    async cash(account) {
      const [row] = await database.query<{ cash: Money | null }>(
        `SELECT (opening_cash
           + coalesce((SELECT sum(CASE side WHEN 'buy' THEN -quantity ELSE quantity END * price - commission)
               FROM fills WHERE fills.account = accounts.account), 0)
           + coalesce((SELECT sum(cash) FROM adjustments WHERE adjustments.account = accounts.account), 0)
         )::bigint AS cash FROM accounts WHERE account = $1`,
        [account],
      );
      return row?.cash ?? undefined;
    },
  };
}

type EntryRow = Record<string, unknown> &
  (Fill | { readonly executionId: null; readonly symbol: string; readonly shares: Shares });

function entryOf(row: EntryRow): Fill | PositionAdjustment {
  if (row.executionId === null) return { symbol: row.symbol, shares: row.shares };
  const { executionId, clientOrderId, symbol, side, quantity, price, commission, marketTimeMs } = row;
  return { executionId, clientOrderId, symbol, side, quantity, price, commission, marketTimeMs };
}
