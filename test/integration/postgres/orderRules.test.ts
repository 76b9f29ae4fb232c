import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Ledger } from '#activities/ports/ledger.ts';
import { money, shares } from '#domain/money.ts';
import type { OrderState } from '#domain/order.ts';
import { mayBecome } from '#domain/orderState.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { createLedger } from '#infra/postgres/ledger/ledger.ts';
import { failureCode } from '../failureCode.ts';
import { intent } from './orderIntents.ts';
import { createTemporaryDatabase } from './temporaryDatabase.ts';
import type { TemporaryDatabase } from './temporaryDatabase.ts';

const states = [
  'intended',
  'denied',
  'sent',
  'acknowledged',
  'partiallyFilled',
  'filled',
  'cancelled',
  'rejected',
  'expired',
  'unknown',
] as const satisfies readonly OrderState[];
const session = sessionDate('2023-06-26');

let temporary: TemporaryDatabase;
let ledger: Ledger;
beforeAll(async () => {
  temporary = await createTemporaryDatabase(inject('stack').postgres.url);
  ledger = createLedger(temporary.database);
  await ledger.openAccount({ account: 'rules', broker: 'paper', equity: money(1_000_000_000) });
});
afterAll(() => temporary.drop());

const run = (statement: string): Promise<readonly unknown[]> => temporary.database.query(statement);

describe('the rules of orders in PostgreSQL', () => {
  test('allow exactly the transitions that the domain allows', async () => {
    const rows = await temporary.database.query<{ from_state: string; to_state: string }>(
      'SELECT from_state, to_state FROM order_transitions',
    );
    const inSql = rows.map((row) => `${row.from_state} ${row.to_state}`);
    const inDomain = states.flatMap((from) =>
      states.filter((to) => from !== to && mayBecome(from, to)).map((to) => `${from} ${to}`),
    );
    expect(inSql.sort()).toEqual(inDomain.sort());
  });

  test('refuse what anybody else writes: another beginning, an illegal step, fewer fills, another intent', async () => {
    const order = intent({ account: 'rules' });
    await ledger.claim(order);
    await ledger.settle(order.clientOrderId, {
      state: 'partiallyFilled',
      evidence: 'answer',
      filledQuantity: shares(4),
    });
    const where = `WHERE client_order_id = '${order.clientOrderId}'`;
    await expect(run(`UPDATE orders SET state = 'sent' ${where}`)).rejects.toThrow(
      'partiallyFilled never becomes sent',
    );
    await expect(run(`UPDATE orders SET filled_quantity = 3 ${where}`)).rejects.toThrow('fills and claims only grow');
    await expect(run(`UPDATE orders SET filled_quantity = 11 ${where}`)).rejects.toThrow('orders_filled_at_most');
    await expect(run(`UPDATE orders SET quantity = 11 ${where}`)).rejects.toThrow('an intent never changes');
    await expect(
      run(`INSERT INTO orders (client_order_id, account, session, strategy, symbol, side, quantity, kind,
             time_in_force, reduce_only, state, claims)
           VALUES ('forged', 'rules', '${session}', 's', 'A', 'buy', 1, 'market', 'day', false, 'filled', 1)`),
    ).rejects.toThrow('begins as filled');
  });

  test('keep a withdrawn order from ever being claimed, and leave one that was claimed alone', async () => {
    const early = intent({ account: 'rules', sequence: 1 });
    expect((await ledger.withdraw(early, 'ours')).state).toBe('cancelled');
    expect(await ledger.claim(early)).toMatchObject({ kind: 'alreadyClaimed', order: { state: 'cancelled' } });
    const claimed = intent({ account: 'rules', sequence: 2 });
    await ledger.claim(claimed);
    expect((await ledger.withdraw(claimed, 'ours')).state).toBe('sent');
    expect((await ledger.withdraw(claimed, 'absenceProven')).state).toBe('cancelled');
    const atVenue = intent({ account: 'rules', sequence: 3 });
    await ledger.claim(atVenue);
    await ledger.settle(atVenue.clientOrderId, { state: 'acknowledged', evidence: 'answer', brokerOrderId: 'b' });
    expect((await ledger.withdraw(atVenue, 'absenceProven')).state).toBe('acknowledged');
  });
});

describe('the books in PostgreSQL', () => {
  test('add fills, commissions, splits and dividends up exactly', async () => {
    await ledger.openAccount({ account: 'sums', broker: 'paper', equity: money(1_000_000) });
    const about = { clientOrderId: 'o', symbol: 'AAPL', marketTimeMs: Date.parse('2023-06-26T13:30:00Z') };
    const bought = { ...about, executionId: 'e-1', side: 'buy', quantity: shares(10), price: money(40_000) } as const;
    const sold = { ...about, executionId: 'e-2', side: 'sell', quantity: shares(5), price: money(12_345) } as const;
    await ledger.recordFills('sums', [
      { ...bought, commission: money(7) },
      { ...sold, commission: money(0) },
    ]);
    // A commission booked later is added, and never taken back.
    await ledger.recordFills('sums', [{ ...sold, commission: money(3) }]);
    await ledger.recordFills('sums', [{ ...sold, commission: money(0) }]);
    const adjustments = [
      { adjustmentId: 'd', kind: 'dividend', symbol: 'AAPL', cash: money(1_111), shares: shares(0), session },
      { adjustmentId: 's', kind: 'split', symbol: 'AAPL', cash: money(5), shares: shares(15), session },
    ] as const;
    expect(await ledger.recordAdjustments('sums', adjustments)).toBe(2);
    expect(await ledger.recordAdjustments('sums', adjustments)).toBe(0);
    expect(await ledger.positions('sums')).toEqual({ AAPL: 20 });
    expect(await ledger.cash('sums')).toBe(1_000_000 - 400_000 + 61_725 - 10 + 1_116);
    expect(await ledger.bookEntries('sums')).toEqual([
      { symbol: 'AAPL', shares: 15 },
      { ...bought, commission: 7 },
      { ...sold, commission: 3 },
    ]);
    const changed = ledger.recordAdjustments('sums', [{ ...adjustments[0], cash: money(2) }]);
    expect(await failureCode(changed)).toBe('ROW_CONFLICT');
  });

  test('count an incident once under its key', async () => {
    const incident = { key: 'k', account: 'rules', session, kind: 'answerLost', detail: 'no answer' } as const;
    await ledger.recordIncident(incident);
    await ledger.recordIncident({ ...incident, detail: 'again' });
    expect(await ledger.incidents('rules', session)).toEqual([incident]);
    expect(await ledger.incidents('rules', sessionDate('2023-06-27'))).toEqual([]);
  });
});
