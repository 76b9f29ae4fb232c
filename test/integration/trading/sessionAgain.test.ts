import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import {
  createSessionActivities,
  type DecisionReference,
  type SessionActivities,
  type SessionReport,
} from '#activities/sessionActivities.ts';
import type { AuditRecord } from '#activities/ports/auditLog.ts';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import type { SessionPlan } from '#activities/tradingPlan.ts';
import type { OrderIntent } from '#domain/order.ts';
import { standardWaits } from '#domain/tradingWaits.ts';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import { tradingTermsOf } from '#infra/configuration/tradingTerms.ts';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import { friday, monday } from '../paperExchange/recording.ts';
import { startTradingWorld, type TradingAccount, type TradingWorld } from './tradingWorld.ts';

let world: TradingWorld;
let objects: ObjectStore;
beforeAll(async () => {
  const stack = inject('stack');
  world = await startTradingWorld(stack.postgres.url);
  objects = await openObjectStore({ ...stack.objects, bucket: `test-${randomBytes(6).toString('hex')}` });
});
afterAll(() => world.stop());

/** Most of a million dollars in two symbols, and IBM, of which the venue knows no price. */
function planOf(account: string): SessionPlan {
  const environment = {
    PLIMSOLL_TRADING__LIMITS__ORDER_NOTIONAL_MAX_DOLLARS: '1000000',
    PLIMSOLL_TRADING__LIMITS__POSITION_FRACTION_MAX: '0.4',
    PLIMSOLL_TRADING__LIMITS__TRADE_RISK_FRACTION_MAX: '1',
    PLIMSOLL_TRADING__LIMITS__RESTRICTED_SYMBOLS: '[NVDA]',
  };
  const { limits } = tradingTermsOf(resolveSettings({ environment }).trading);
  const targets = { kind: 'equalWeight', symbols: ['AAPL', 'NVDA'] } as const;
  return { account, session: friday, strategy: 'rule', targets, limits, waits: standardWaits.session };
}

/** A session's activities, as a run of it calls them. */
function runOf({ ledger, audit, broker }: TradingAccount): SessionActivities {
  return createSessionActivities({
    ledger,
    audit,
    objects,
    brokerOf: () => broker,
    guard: { observe: () => Promise.resolve('active') },
    forecast: () => Promise.reject(new Error('a rule needs no forecast')),
    codeVersion: 'test',
  });
}

/** From the opening checks to the plan. */
async function planned(run: SessionActivities, plan: SessionPlan): Promise<readonly OrderIntent[]> {
  expect(await run.openTradingSession(plan)).toMatchObject({ kind: 'open' });
  expect(await run.reconcileAccount(plan)).toMatchObject({ agreed: true });
  const decision: DecisionReference = await run.decideTargets(plan);
  return (await run.planOrders(plan, decision)).orders;
}

async function closed(run: SessionActivities, plan: SessionPlan): Promise<SessionReport> {
  return run.closeTradingSession(plan, await run.reconcileAccount(plan));
}

async function recordsOf({ audit, account }: TradingAccount, action: string): Promise<readonly AuditRecord[]> {
  return (await audit.records({ subject: `account:${account}` })).filter((record) => record.action === action);
}

describe('a session that failed and is started again by hand', () => {
  test.each(['open', 'closed'] as const)(
    'after its fills, with the venue %s, completes and doubles nothing',
    async (phase) => {
      const account = await world.open(`again-${phase}`);
      const plan = planOf(account.account);
      const first = await planned(runOf(account), plan);
      expect(first.map(({ symbol }) => symbol)).toEqual(['AAPL']);
      for (const intent of first) await account.activities.submitOrder(intent);
      world.exchange().advance(account.account, { session: friday, phase });
      await runOf(account).reconcileAccount(plan);
      const [fills, orders] = [
        await account.ledger.fills(account.account),
        await account.ledger.orders(account.account, friday),
      ];
      expect(fills.length).toBeGreaterThan(0);

      const again = runOf(account.other());
      // What the auction filled is not carried again, whatever prices are now.
      expect(await planned(again, plan)).toEqual([]);
      world.exchange().advance(account.account, { session: friday, phase: 'closed' });
      expect(await closed(again, plan)).toMatchObject({ reconciled: true, fills: fills.length, orders: orders.length });
      expect(account.accepted()).toEqual(first.map(({ clientOrderId }) => clientOrderId));
      expect(await account.ledger.fills(account.account)).toEqual(fills);
      expect(await account.ledger.orders(account.account, friday)).toEqual(orders);
      expect(await recordsOf(account, 'session.closed')).toHaveLength(1);
      expect(await recordsOf(account, 'order.reduced')).toHaveLength(1);
    },
  );

  test('before it has sent anything sends what was planned, once', async () => {
    const account = await world.open('again-unsent');
    const plan = planOf(account.account);
    const first = await planned(runOf(account), plan);
    const again = await planned(runOf(account.other()), plan);
    expect(again).toEqual(first);
    for (const intent of [...first, ...again]) await account.activities.submitOrder(intent);
    world.exchange().advance(account.account, { session: friday, phase: 'closed' });
    expect(await closed(runOf(account), plan)).toMatchObject({ reconciled: true, orders: 2 });
    expect(account.accepted()).toHaveLength(1);
  });

  test('after an auction that it missed withdraws what it never sent', async () => {
    const account = await world.open('again-missed');
    const plan = planOf(account.account);
    const [missed] = await planned(runOf(account), plan);
    world.exchange().advance(account.account, { session: friday, phase: 'open' });
    expect(await planned(runOf(account.other()), plan)).toEqual([]);
    expect(await account.ledger.order(missed!.clientOrderId)).toMatchObject({ state: 'cancelled' });
    // The executor of the first run comes late: it may send nothing any more.
    expect(await account.activities.submitOrder(missed!)).toMatchObject({ state: 'cancelled' });
    expect(account.accepted()).toEqual([]);
  });
});

describe('a report that was cut short', () => {
  test('is completed as it stands, though prices have moved since', async () => {
    const account = await world.open('again-report');
    const plan = planOf(account.account);
    for (const intent of await planned(runOf(account), plan)) await account.activities.submitOrder(intent);
    world.exchange().advance(account.account, { session: friday, phase: 'closed' });
    const audit = { ...account.audit, append: () => Promise.reject(new Error('gone')) };
    const agreed = await runOf(account).reconcileAccount(plan);
    await expect(runOf({ ...account, audit }).closeTradingSession(plan, agreed)).rejects.toThrow('gone');
    const [standing] = await account.ledger.sessions(account.account);
    world.exchange().advance(account.account, { session: monday, phase: 'closed' });

    expect(await runOf(account).closeTradingSession(plan, agreed)).toEqual(standing!.report);
    expect((await recordsOf(account, 'session.closed')).map(({ body }) => body)).toEqual([standing!.report]);
  });

  test('before it was written keeps the equity that was recorded first', async () => {
    const account = await world.open('again-equity');
    const plan = planOf(account.account);
    for (const intent of await planned(runOf(account), plan)) await account.activities.submitOrder(intent);
    world.exchange().advance(account.account, { session: friday, phase: 'closed' });
    const agreed = await runOf(account).reconcileAccount(plan);
    const ledger = { ...account.ledger, closeSession: () => Promise.reject(new Error('gone')) };
    await expect(runOf({ ...account, ledger }).closeTradingSession(plan, agreed)).rejects.toThrow('gone');
    const recorded = await account.ledger.account(account.account);
    world.exchange().advance(account.account, { session: monday, phase: 'closed' });

    expect(await runOf(account).closeTradingSession(plan, agreed)).toMatchObject({ reconciled: true });
    expect(await account.ledger.account(account.account)).toEqual(recorded);
  });
});
