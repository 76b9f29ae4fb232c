import type { ClaimAnswer, Ledger, TradingState } from '#activities/ports/ledger.ts';
import type { DenialCode } from '#domain/denials.ts';
import { Failure } from '#domain/failure.ts';
import { transition } from '#domain/orderState.ts';
import type { OrderEvidence } from '#domain/orderState.ts';
import type { Database, Queryable } from '../database.ts';
import { lockTradingState } from './tradingStates.ts';
import { insertIntent, lockOrder, lockOrderOf, orderColumns, orderOf } from './orderRows.ts';
import type { OrderTableRow } from './orderRows.ts';

/**
 * Claims of orders. Lock order everywhere: the account's row first, then the order's. A claim holds the account FOR
 * SHARE until it commits, so a halt (FOR UPDATE) waits for claims under way and every later claim sees it.
 */
export function createClaims(database: Database): Pick<Ledger, 'claim' | 'reclaim' | 'withdraw' | 'deny'> {
  return {
    claim: (intent) =>
      database.transaction(async (transaction): Promise<ClaimAnswer> => {
        const tradingState = await lockTradingState(transaction, intent.account, 'FOR SHARE');
        const written = await insertIntent(transaction, intent);
        const row = written ?? (await lockOrderOf(transaction, intent));
        if (row.state === 'intended')
          return claimUnderLock(transaction, { row, state: tradingState, evidence: 'ours' });
        return standing(row, tradingState);
      }),

    reclaim: (clientOrderId) =>
      database.transaction(async (transaction): Promise<ClaimAnswer> => {
        const tradingState = await lockStateOfOrder(transaction, clientOrderId);
        const row = await lockOrder(transaction, clientOrderId);
        if (isAtVenue(row) || (row.state !== 'sent' && row.state !== 'unknown')) return standing(row, tradingState);
        return claimUnderLock(transaction, { row, state: tradingState, evidence: 'absenceProven' });
      }),

    withdraw: (intent, evidence) =>
      database.transaction(async (transaction) => {
        await lockTradingState(transaction, intent.account, 'FOR SHARE');
        const row = (await insertIntent(transaction, intent)) ?? (await lockOrderOf(transaction, intent));
        if (transition(row.state, 'cancelled', evidence).kind !== 'moved' || isAtVenue(row)) return orderOf(row);
        const reason = evidence === 'ours' ? 'withdrawn before it was sent' : 'given up, absent at the venue';
        return orderOf(await update(transaction, row, { to: 'cancelled', claims: 0, reason }));
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

/** A claim under the account's lock and the order's. */
interface ClaimRequest {
  readonly row: OrderTableRow;
  readonly state: TradingState;
  readonly evidence: Extract<OrderEvidence, 'ours' | 'absenceProven'>;
}

async function claimUnderLock(transaction: Queryable, { row, state, evidence }: ClaimRequest): Promise<ClaimAnswer> {
  const denial = await denialOf(transaction, row, state);
  if (denial && evidence === 'ours') {
    await denyOrder(transaction, row.client_order_id, denial);
    return { kind: 'denied', code: denial.code, state };
  }
  const to = denial ? 'cancelled' : 'sent';
  const news = transition(row.state, to, evidence);
  if (news.kind === 'refused') return standing(row, state);
  const reason = denial && `given up, absent at the venue: ${denial.code}`;
  const claimed = await update(transaction, row, { to, claims: denial ? 0 : 1, reason });
  return denial ? standing(claimed, state) : { kind: 'claimed', claim: claimed.claims };
}

/** An id from the broker, or a fill, proves that the venue has it, whatever the state says. */
function isAtVenue(row: OrderTableRow): boolean {
  return row.broker_order_id !== null || row.filled_quantity > 0;
}

async function update(
  transaction: Queryable,
  row: OrderTableRow,
  {
    to,
    claims,
    reason,
  }: { readonly to: 'sent' | 'cancelled'; readonly claims: 0 | 1; readonly reason: string | undefined },
): Promise<OrderTableRow> {
  const [updated] = await transaction.query<OrderTableRow>(
    `UPDATE orders SET state = $2, claims = claims + $3, reason = coalesce($4, reason), changed_at = clock_timestamp(),
       claimed_at = CASE WHEN $3 > 0 THEN clock_timestamp() ELSE claimed_at END
     WHERE client_order_id = $1 RETURNING ${orderColumns}`,
    [row.client_order_id, to, claims, reason],
  );
  if (!updated) throw new Error(`order ${row.client_order_id} vanished under its lock`);
  return updated;
}

/** Why the order may not be claimed; orders that only reduce always may. */
async function denialOf(
  transaction: Queryable,
  { account, session, symbol, reduce_only: reduceOnly }: OrderTableRow,
  state: TradingState,
): Promise<{ readonly code: DenialCode; readonly limit: string; readonly actual: string } | undefined> {
  if (reduceOnly) return undefined;
  const code = refusals[state];
  if (code !== undefined) return { code, limit: 'active', actual: state };
  const [row] = await transaction.query<{ current_session: string | null }>(
    'SELECT current_session FROM accounts WHERE account = $1',
    [account],
  );
  const current = row?.current_session ?? session;
  if (session < current) return { code: 'SESSION_PAST', limit: current, actual: session };
  const [word] = await transaction.query<{ status: string; reason: string }>(
    `SELECT status, reason FROM trading_statuses WHERE symbol = $1 AND status <> 'trading'`,
    [symbol],
  );
  return word && { code: 'SYMBOL_HALTED', limit: 'trading', actual: `${word.status} ${word.reason}`.trim() };
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
