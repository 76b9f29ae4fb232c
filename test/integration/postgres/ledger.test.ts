import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { DecisionRow, Ledger, OrderNews } from '#activities/ports/ledger.ts';
import { digest } from '#domain/digest.ts';
import { money, shares } from '#domain/money.ts';
import type { Fill } from '#domain/order.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { sha256 } from '#domain/sha256.ts';
import { createLedger } from '#infra/postgres/ledger/ledger.ts';
import { failureCode } from '../failureCode.ts';
import { intent } from './orderIntents.ts';
import { createTemporaryDatabase } from './temporaryDatabase.ts';
import type { TemporaryDatabase } from './temporaryDatabase.ts';

let temporary: TemporaryDatabase;
let ledger: Ledger;

beforeAll(async () => {
  temporary = await createTemporaryDatabase(inject('stack').postgres.url);
  ledger = createLedger(temporary.database);
});
afterAll(() => temporary.drop());

const session = sessionDate('2023-06-26');
const openAccount = (account: string): Promise<unknown> =>
  ledger.openAccount({ account, broker: 'paper', equity: money(1_000_000_000) });

function fill(executionId: string, changes: Partial<Fill> = {}): Fill {
  return {
    executionId,
    clientOrderId: 'a-2023-06-26-test-AAPL-0',
    symbol: 'AAPL',
    side: 'buy',
    quantity: shares(10),
    price: money(1_850_000),
    commission: money(0),
    marketTimeMs: Date.parse('2023-06-26T14:30:00Z'),
    ...changes,
  };
}

describe('accounts', () => {
  test('opening again changes nothing, at another broker is ROW_CONFLICT', async () => {
    await openAccount('a');
    await ledger.recordEquity({ account: 'a', session, equity: money(1_100_000_000), lossStreak: 2 });
    expect(await ledger.openAccount({ account: 'a', broker: 'paper', equity: money(5) })).toEqual({
      account: 'a',
      broker: 'paper',
      state: 'active',
      reason: 'opened',
      changedBy: 'plimsoll',
      highWaterMark: 1_100_000_000,
      lossStreak: 2,
      roundTripsAtRestart: 0,
      changes: 0,
    });
    const elsewhere = ledger.openAccount({ account: 'a', broker: 'alpaca', equity: money(5) });
    expect(await failureCode(elsewhere)).toBe('ROW_CONFLICT');
  });

  test('a state only tightens; equal or laxer changes nothing', async () => {
    await openAccount('tight');
    const tighten = (state: 'active' | 'reducing' | 'halted'): Promise<unknown> =>
      ledger.tighten({ account: 'tight', state, reason: state, by: 'guard' });
    expect(await tighten('halted')).toMatchObject({ state: 'halted', reason: 'halted', changes: 1 });
    expect(await tighten('halted')).toMatchObject({ changes: 1 });
    expect(await tighten('reducing')).toMatchObject({ state: 'halted', reason: 'halted', changes: 1 });
    expect(await tighten('active')).toMatchObject({ state: 'halted' });
  });

  test('of parallel tightenings to one state only one counts as a change', async () => {
    await openAccount('crowd');
    const rows = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        ledger.tighten({ account: 'crowd', state: 'halted', reason: `reason ${index}`, by: 'guard' }),
      ),
    );
    expect(new Set(rows.map(({ changes }) => changes))).toEqual(new Set([1]));
    expect(new Set(rows.map(({ reason }) => reason)).size).toBe(1);
  });

  test('a restart takes two people, a new high-water mark and a streak of zero, once', async () => {
    await openAccount('restart');
    await ledger.recordEquity({ account: 'restart', session, equity: money(900_000_000), lossStreak: 5 });
    await ledger.tighten({ account: 'restart', state: 'halted', reason: 'losses', by: 'guard' });
    const alone = ledger.restart({ account: 'restart', by: ['ada', 'ada'], highWaterMark: money(1), roundTrips: 0 });
    expect(await failureCode(alone)).toBe('RESTART_SAME_PERSON');
    const restart = (highWaterMark: number): Promise<unknown> =>
      ledger.restart({ account: 'restart', by: ['ada', 'grace'], highWaterMark: money(highWaterMark), roundTrips: 3 });
    const restarted = {
      state: 'active',
      changedBy: 'ada,grace',
      highWaterMark: 900_000_000,
      lossStreak: 0,
      roundTripsAtRestart: 3,
      changes: 2,
    };
    expect(await restart(900_000_000)).toMatchObject(restarted);
    expect(await restart(5)).toMatchObject(restarted);
  });

  test("a session's equity raises the high-water mark, never lowers it, and is written once", async () => {
    await openAccount('equity');
    const record = (equity: number): Promise<void> =>
      ledger.recordEquity({ account: 'equity', session, equity: money(equity), lossStreak: 1 });
    await record(999_000_000);
    await record(999_000_000);
    expect(await ledger.account('equity')).toMatchObject({ highWaterMark: 1_000_000_000, lossStreak: 1 });
    expect(await failureCode(record(998_000_000))).toBe('ROW_CONFLICT');
  });
});

describe('orders', () => {
  test('late news changes nothing, a contradiction is refused, and an end stays the end', async () => {
    await openAccount('orders');
    const order = intent({ account: 'orders' });
    await ledger.claim(order);
    const settle = (news: Omit<OrderNews, 'evidence'>, evidence: OrderNews['evidence'] = 'answer') =>
      ledger.settle(order.clientOrderId, { ...news, evidence });
    await settle({ state: 'partiallyFilled', brokerOrderId: 'b-7', filledQuantity: shares(4) });
    expect(await settle({ state: 'acknowledged', filledQuantity: shares(0) })).toEqual({
      order: { ...order, state: 'partiallyFilled', brokerOrderId: 'b-7', filledQuantity: 4 },
    });
    expect(await settle({ state: 'rejected' })).toMatchObject({
      order: { state: 'partiallyFilled' },
      refusal: 'partiallyFilled never becomes rejected',
    });
    expect(await settle({ state: 'sent' })).toMatchObject({ refusal: 'partiallyFilled never becomes sent' });
    expect((await settle({ state: 'unknown' })).order).toMatchObject({ state: 'unknown', filledQuantity: 4 });
    expect(await settle({ state: 'filled', filledQuantity: shares(10) })).toMatchObject({
      order: { state: 'unknown', filledQuantity: 4 },
      refusal: 'unknown becomes filled by asked, not by answer',
    });
    expect(await ledger.openOrders('orders')).toHaveLength(1);
    expect(await settle({ state: 'filled', filledQuantity: shares(11) }, 'asked')).toMatchObject({
      refusal: '11 shares filled of 10',
    });
    expect((await settle({ state: 'filled', filledQuantity: shares(10) }, 'asked')).order.state).toBe('filled');
    expect(await settle({ state: 'partiallyFilled', filledQuantity: shares(4) })).toEqual({
      order: { ...order, state: 'filled', brokerOrderId: 'b-7', filledQuantity: 10 },
    });
    expect(await ledger.openOrders('orders')).toEqual([]);
    expect(await settle({ state: 'cancelled' })).toMatchObject({ refusal: 'filled never becomes cancelled' });
    expect(await settle({ state: 'filled', brokerOrderId: 'b-8' })).toMatchObject({
      refusal: 'the broker calls it b-8, and called it b-7 before',
    });
  });

  test('a denial is recorded without a claim and stands; ORDER_STATE_CONFLICT once the order was sent', async () => {
    await openAccount('denials');
    const denial = { code: 'POSITION_LIMIT', limit: '0.15', actual: '0.2' };
    const refused = intent({ account: 'denials', kind: { kind: 'limit', limitPrice: money(1_850_000) } });
    await ledger.deny(refused, denial);
    await ledger.deny(refused, { ...denial, actual: '0.21' });
    expect(await ledger.order(refused.clientOrderId)).toEqual({
      ...refused,
      state: 'denied',
      denial,
      filledQuantity: 0,
    });
    expect(await ledger.claim(refused)).toEqual({ kind: 'denied', code: 'POSITION_LIMIT', state: 'active' });
    const sent = intent({ account: 'denials', sequence: 1 });
    await ledger.claim(sent);
    const answered = await ledger.settle(refused.clientOrderId, { state: 'acknowledged', evidence: 'asked' });
    expect(answered).toMatchObject({ order: { state: 'denied' }, refusal: 'denied never becomes acknowledged' });
    expect(await failureCode(ledger.deny(sent, denial))).toBe('ORDER_STATE_CONFLICT');
    expect((await ledger.orders('denials', session)).map(({ state }) => state)).toEqual(['denied', 'sent']);
  });
});

describe('fills', () => {
  test('each execution counts once, whoever reports it how often', async () => {
    await openAccount('fills');
    const reports = Array.from({ length: 10 }, () =>
      ledger.recordFills('fills', [fill('e-1'), fill('e-2', { side: 'sell', quantity: shares(3) }), fill('e-1')]),
    );
    const written = await Promise.all(reports);
    expect(written.reduce((total, count) => total + count, 0)).toBe(2);
    expect(await ledger.positions('fills')).toEqual({ AAPL: 7 });
    expect(await ledger.recordFills('fills', [])).toBe(0);
  });

  test('the same execution id at another account is another execution', async () => {
    await openAccount('other');
    expect(await ledger.recordFills('other', [fill('e-1')])).toBe(1);
  });

  test('ROW_CONFLICT: an execution that changed is refused, with all that came with it', async () => {
    await openAccount('changed');
    await ledger.recordFills('changed', [fill('e-1')]);
    const changed = ledger.recordFills('changed', [fill('e-2'), fill('e-1', { price: money(1) })]);
    expect(await failureCode(changed)).toBe('ROW_CONFLICT');
    expect(await ledger.positions('changed')).toEqual({ AAPL: 10 });
  });

  test('closed positions are left out, shorts are negative, amounts are exact', async () => {
    await openAccount('positions');
    const most = shares(Number.MAX_SAFE_INTEGER - 1);
    await ledger.recordFills('positions', [
      fill('1', { symbol: 'A' }),
      fill('2', { symbol: 'A', side: 'sell' }),
      fill('3', { symbol: 'B', side: 'sell' }),
      fill('4', { symbol: 'C', quantity: most }),
      fill('5', { symbol: 'C', quantity: shares(1) }),
    ]);
    expect(await ledger.positions('positions')).toEqual({ B: -10, C: Number.MAX_SAFE_INTEGER });
  });

  test("a fill belongs to its order's session, and without one to the date in New York", async () => {
    await openAccount('nights');
    const order = intent({ account: 'nights' });
    await ledger.claim(order);
    const lateMs = Date.parse('2023-06-28T01:00:00Z');
    const ours = fill('1', { clientOrderId: order.clientOrderId, marketTimeMs: lateMs });
    const foreign = fill('2', { clientOrderId: 'by-hand', marketTimeMs: lateMs });
    await ledger.recordFills('nights', [ours, foreign]);
    expect(await ledger.fills('nights', session)).toEqual([ours]);
    expect(await ledger.fills('nights', sessionDate('2023-06-27'))).toEqual([foreign]);
  });

  test('a fill of an order that we never claimed is foreign, once, until a person acknowledges it', async () => {
    await openAccount('foreign');
    const [claimed, denied] = [intent({ account: 'foreign' }), intent({ account: 'foreign', sequence: 1 })];
    await ledger.claim(claimed);
    await ledger.deny(denied, { code: 'TEST', limit: '0', actual: '1' });
    const fills = [
      fill('1', { clientOrderId: claimed.clientOrderId }),
      fill('2', { clientOrderId: denied.clientOrderId }),
      fill('3', { clientOrderId: 'by-hand' }),
    ];
    await ledger.recordFills('foreign', fills);
    await ledger.recordFills('foreign', fills);
    const keys = ['foreignFill:foreign:2', 'foreignFill:foreign:3'];
    expect((await ledger.foreignFills('foreign')).map(({ key }) => key)).toEqual(keys);
    for (const key of keys) await ledger.acknowledgeForeignFill({ account: 'foreign', key, by: 'ada' });
    await ledger.recordFills('foreign', fills);
    expect(await ledger.foreignFills('foreign')).toEqual([]);
    const unknown = ledger.acknowledgeForeignFill({ account: 'nights', key: keys[0]!, by: 'ada' });
    expect(await failureCode(unknown)).toBe('FOREIGN_FILL_UNKNOWN');
  });
});

describe('sessions', () => {
  test('a session opens once, closes once, and its report cannot be rewritten', async () => {
    await openAccount('sessions');
    const opened = await Promise.all(Array.from({ length: 5 }, () => ledger.openSession('sessions', session)));
    expect(opened.filter((answer) => answer === 'opened')).toHaveLength(1);
    expect(await ledger.sessions('sessions')).toEqual([{ session, closed: false, report: {} }]);
    await ledger.closeSession('sessions', session, { fills: 2, equity: 0.1 });
    await ledger.closeSession('sessions', session, { equity: 0.1, fills: 2 });
    expect(await ledger.sessions('sessions')).toEqual([{ session, closed: true, report: { fills: 2, equity: 0.1 } }]);
    expect(await failureCode(ledger.closeSession('sessions', session, { fills: 3 }))).toBe('ROW_CONFLICT');
    const never = ledger.closeSession('sessions', sessionDate('2023-06-27'), {});
    expect(await failureCode(never)).toBe('SESSION_NOT_OPEN');
  });

  test('a decision is written once, and orders can point at it', async () => {
    await openAccount('decisions');
    const row: DecisionRow = {
      decisionId: 'decisions-2023-06-26',
      account: 'decisions',
      session,
      model: 'forecaster',
      modelVersion: '1',
      artifactDigest: sha256('artifact'),
      inputsDigest: sha256('inputs'),
      body: { targets: { AAPL: 0.1 } },
    };
    await ledger.recordDecision(row);
    await ledger.recordDecision(row);
    expect(await failureCode(ledger.recordDecision({ ...row, body: {} }))).toBe('ROW_CONFLICT');
    const order = intent({
      account: 'decisions',
      decisionId: row.decisionId,
      artifactDigest: digest(row.artifactDigest),
    });
    await ledger.claim(order);
    expect(await ledger.order(order.clientOrderId)).toEqual({ ...order, state: 'sent', filledQuantity: 0 });
  });
});
