import type { ClaimAnswer, Ledger, TradingState } from '#activities/ports/ledger.ts';
import type { DenialCode } from '#domain/denials.ts';
import { Failure } from '#domain/failure.ts';
import type { Database, Queryable } from '../database.ts';
import { lockTradingState } from './tradingStates.ts';
import { insertIntent, lockOrder, lockOrderOf, orderOf } from './orderRows.ts';
import type { OrderTableRow } from './orderRows.ts';

/**
 * Claims of orders. Lock order everywhere: the account's row first, then the order's. A claim holds the account FOR
 * SHARE until it commits, so a halt (FOR UPDATE) waits for claims under way and every later claim sees it.
 */
export function createClaims(database: Database): Pick<Ledger, 'claim' | 'reclaim' | 'deny'> {
  return {
    claim: (intent) =>
      database.transaction(async (transaction): Promise<ClaimAnswer> => {
        const tradingState = await lockTradingState(transaction, intent.account, 'FOR SHARE');
        const written = await insertIntent(transaction, intent);
        if (written) return claimUnderLock(transaction, written, tradingState);
        return standing(await lockOrderOf(transaction, intent), tradingState);
      }),

    reclaim: (clientOrderId) =>
      database.transaction(async (transaction): Promise<ClaimAnswer> => {
        const tradingState = await lockStateOfOrder(transaction, clientOrderId);
        const row = await lockOrder(transaction, clientOrderId);
        // An id from the broker, or a fill, proves that the venue has it, whatever the state says.
        const knownAtVenue = row.broker_order_id !== null || row.filled_quantity > 0;
        if (knownAtVenue || (row.state !== 'sent' && row.state !== 'unknown')) return standing(row, tradingState);
        return claimUnderLock(transaction, row, tradingState);
      }),

    deny: (intent, denial) =>
      database.transaction(async (transaction) => {
        const written = await insertIntent(transaction, intent);
        if (written) return denyOrder(transaction, intent.clientOrderId, denial);
        const { state } = await lockOrderOf(transaction, intent);
        if (state === 'denied') return;
        throw new Failure('ORDER_STATE_CONFLICT', `order ${intent.clientOrderId} is ${state}: too late to deny it`, {
          clientOrderId: intent.clientOrderId,
          state,
        });
      }),
  };
}

// Why a trading state forbids an order that may add exposure.
const refusals: Readonly<Record<TradingState, DenialCode | undefined>> = {
  active: undefined,
  reducing: 'ACCOUNT_REDUCING',
  halted: 'ACCOUNT_HALTED',
};

async function claimUnderLock(
  transaction: Queryable,
  { client_order_id: clientOrderId, reduce_only: reduceOnly }: OrderTableRow,
  state: TradingState,
): Promise<ClaimAnswer> {
  const code = refusals[state];
  if (code !== undefined && !reduceOnly) {
    await denyOrder(transaction, clientOrderId, { code, limit: 'active', actual: state });
    return { kind: 'denied', code, state };
  }
  await transaction.query(
    `UPDATE orders SET state = 'sent', claims = claims + 1, claimed_at = clock_timestamp(),
       changed_at = clock_timestamp() WHERE client_order_id = $1`,
    [clientOrderId],
  );
  return { kind: 'claimed' };
}

function standing(row: OrderTableRow, state: TradingState): ClaimAnswer {
  const order = orderOf(row);
  return order.denial ? { kind: 'denied', code: order.denial.code, state } : { kind: 'alreadyClaimed', order };
}

async function denyOrder(
  transaction: Queryable,
  clientOrderId: string,
  denial: { readonly code: string; readonly limit: string; readonly actual: string },
): Promise<void> {
  await transaction.query(
    `UPDATE orders SET state = 'denied', denial = $2, changed_at = clock_timestamp() WHERE client_order_id = $1`,
    [clientOrderId, JSON.stringify(denial)],
  );
}

async function lockStateOfOrder(transaction: Queryable, clientOrderId: string): Promise<TradingState> {
  const [row] = await transaction.query<{ account: string }>('SELECT account FROM orders WHERE client_order_id = $1', [
    clientOrderId,
  ]);
  if (!row) throw new Failure('ORDER_UNKNOWN', `no order ${clientOrderId} was written`, { clientOrderId });
  return lockTradingState(transaction, row.account, 'FOR SHARE');
}
