import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { ClaimAnswer, Ledger } from '#activities/ports/ledger.ts';
import { money, shares } from '#domain/money.ts';
import { createLedger } from '#infra/postgres/ledger/ledger.ts';
import { createTradingStatuses } from '#infra/postgres/tradingStatuses.ts';
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

const openAccount = (account: string): Promise<unknown> =>
  ledger.openAccount({ account, broker: 'paper', equity: money(1_000_000_000) });

const halt = (account: string): Promise<unknown> =>
  ledger.tighten({ account, state: 'halted', reason: 'a person said so', by: 'ada' });

describe('claiming', () => {
  test('of 20 parallel claims of one order exactly one may send', async () => {
    await openAccount('race');
    const order = intent({ account: 'race' });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ledger.claim(order)));
    expect(answers.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    const others = answers.filter(({ kind }) => kind === 'alreadyClaimed');
    expect(others).toHaveLength(19);
    expect(others[0]).toEqual({ kind: 'alreadyClaimed', order: { ...order, state: 'sent', filledQuantity: 0 } });
  });

  test('no claim that adds exposure follows the commit of a halt', async () => {
    await openAccount('halting');
    const claimedAfterHalt: ClaimAnswer[] = [];
    let haltCommitted = false;
    const claimer = async (sender: number): Promise<number> => {
      for (let sequence = 0; ; sequence += 1) {
        const startedAfterHalt = haltCommitted;
        const answer = await ledger.claim(intent({ account: 'halting', sequence: sender * 1_000 + sequence }));
        if (startedAfterHalt && answer.kind === 'claimed') claimedAfterHalt.push(answer);
        if (startedAfterHalt || answer.kind === 'denied') return sequence;
      }
    };
    const claimers = Array.from({ length: 15 }, (_, sender) => claimer(sender));
    await delay(150);
    await halt('halting');
    haltCommitted = true;
    const [haltedAt] = await temporary.database.query<{ at: Date }>(
      `SELECT changed_at AS at FROM trading_state_changes WHERE account = 'halting'`,
    );
    const claims = await Promise.all(claimers);
    expect(Math.max(...claims)).toBeGreaterThan(0);
    expect(claimedAfterHalt).toEqual([]);
    // The database's own clock, read while each held its lock, says the same.
    const late = await temporary.database.query(
      `SELECT client_order_id FROM orders WHERE account = 'halting' AND claims > 0 AND claimed_at > $1`,
      [haltedAt?.at],
    );
    expect(late).toEqual([]);
  });

  test('a halt waits for a claim under way', async () => {
    await openAccount('patient');
    const finished: string[] = [];
    const claiming = temporary.database.transaction(async (transaction) => {
      await transaction.query(`SELECT 1 FROM accounts WHERE account = 'patient' FOR SHARE`);
      await delay(200);
      finished.push('claim');
    });
    await delay(50);
    await Promise.all([claiming, halt('patient').then(() => finished.push('halt'))]);
    expect(finished).toEqual(['claim', 'halt']);
  });

  test('a halted account claims an order that only reduces, and denies any other for good', async () => {
    await openAccount('halted');
    await halt('halted');
    const buy = intent({ account: 'halted', sequence: 1 });
    const denied = { kind: 'denied', code: 'ACCOUNT_HALTED', state: 'halted' };
    expect(await ledger.claim(buy)).toEqual(denied);
    expect(await ledger.claim(intent({ account: 'halted', sequence: 2, side: 'sell', reduceOnly: true }))).toEqual({
      kind: 'claimed',
      claim: 1,
    });
    await ledger.restart({ account: 'halted', by: ['ada', 'grace'], highWaterMark: money(1), roundTrips: 0 });
    expect(await ledger.claim(buy)).toEqual({ ...denied, state: 'active' });
    expect(await ledger.order(buy.clientOrderId)).toMatchObject({
      state: 'denied',
      denial: { code: 'ACCOUNT_HALTED' },
    });
  });

  test('a reducing account blocks increases', async () => {
    await openAccount('reducing');
    await ledger.tighten({ account: 'reducing', state: 'reducing', reason: 'drawdown', by: 'guard' });
    expect(await ledger.claim(intent({ account: 'reducing' }))).toMatchObject({ code: 'ACCOUNT_REDUCING' });
  });

  test('SYMBOL_HALTED: nothing is bought of a halted symbol until a later word lifts it; an older one changes nothing', async () => {
    await openAccount('haltedSymbol');
    const statuses = createTradingStatuses(temporary.database);
    const order = (sequence: number) => intent({ account: 'haltedSymbol', sequence, symbol: 'GME' });
    const word = { symbol: 'GME', reason: 'LUDP', saidBy: 'alpaca' };
    await statuses.publish({ ...word, status: 'paused', saidMs: 2_000 });
    await statuses.publish({ ...word, status: 'trading', saidMs: 1_000 });
    expect(await statuses.halted()).toEqual([{ ...word, status: 'paused', saidMs: 2_000 }]);
    expect(await ledger.claim(order(1))).toMatchObject({ kind: 'denied', code: 'SYMBOL_HALTED' });
    expect(await ledger.order(order(1).clientOrderId)).toMatchObject({
      state: 'denied',
      denial: { limit: 'trading', actual: 'paused LUDP' },
    });
    const sale = { ...order(2), side: 'sell', reduceOnly: true } as const;
    expect(await ledger.claim(sale)).toMatchObject({ kind: 'claimed' });
    const other = intent({ account: 'haltedSymbol', sequence: 3, symbol: 'AAPL' });
    expect(await ledger.claim(other)).toMatchObject({ kind: 'claimed' });
    await statuses.publish({ ...word, status: 'trading', saidMs: 3_000 });
    expect(await statuses.halted()).toEqual([]);
    expect(await ledger.claim(order(4))).toMatchObject({ kind: 'claimed' });
  });

  test('ROW_CONFLICT: one client order id cannot stand for two intents', async () => {
    await openAccount('conflict');
    const order = intent({ account: 'conflict' });
    await ledger.claim(order);
    expect(await failureCode(ledger.claim({ ...order, quantity: shares(11) }))).toBe('ROW_CONFLICT');
  });

  test('ACCOUNT_UNKNOWN and LINEAGE_BROKEN: nothing is claimed for what is not recorded', async () => {
    await openAccount('lineage');
    expect(await failureCode(ledger.claim(intent({ account: 'nobody' })))).toBe('ACCOUNT_UNKNOWN');
    const orphan = intent({ account: 'lineage', decisionId: 'no-such-decision' });
    expect(await failureCode(ledger.claim(orphan))).toBe('LINEAGE_BROKEN');
    expect(await ledger.order(orphan.clientOrderId)).toBeUndefined();
  });
});

describe('claiming again', () => {
  test('an order of proven absence is claimed again under its id', async () => {
    await openAccount('absent');
    const order = intent({ account: 'absent' });
    await ledger.claim(order);
    await ledger.settle(order.clientOrderId, { state: 'unknown', evidence: 'answer', reason: 'no answer' });
    expect(await ledger.reclaim(order.clientOrderId)).toEqual({ kind: 'claimed', claim: 2 });
    expect(await ledger.order(order.clientOrderId)).toMatchObject({ state: 'sent' });
  });

  test('an order the venue knows is not', async () => {
    await openAccount('known');
    const order = intent({ account: 'known' });
    await ledger.claim(order);
    await ledger.settle(order.clientOrderId, { state: 'acknowledged', evidence: 'answer', brokerOrderId: 'b-1' });
    expect(await ledger.reclaim(order.clientOrderId)).toMatchObject({ kind: 'alreadyClaimed' });
  });

  test('a halt in between gives it up, as cancelled: what was claimed is never denied', async () => {
    await openAccount('between');
    const order = intent({ account: 'between' });
    await ledger.claim(order);
    await ledger.settle(order.clientOrderId, { state: 'unknown', evidence: 'answer' });
    await halt('between');
    expect(await ledger.reclaim(order.clientOrderId)).toMatchObject({
      kind: 'alreadyClaimed',
      order: { state: 'cancelled', reason: 'given up, absent at the venue: ACCOUNT_HALTED' },
    });
  });

  test('ORDER_UNKNOWN: only what was written', async () => {
    expect(await failureCode(ledger.reclaim('never-written'))).toBe('ORDER_UNKNOWN');
    expect(await failureCode(ledger.settle('never-written', { state: 'filled', evidence: 'asked' }))).toBe(
      'ORDER_UNKNOWN',
    );
  });
});
