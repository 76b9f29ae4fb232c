import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OrderActivities, OrderProgress } from '#activities/orderActivities.ts';
import type { SessionActivities } from '#activities/sessionActivities.ts';
import type { EquityFigures, SessionPlan } from '#activities/tradingPlan.ts';
import type { OrderIntent } from '#domain/order.ts';
import { standardWaits } from '#domain/tradingWaits.ts';
import { sessionStatus } from '#workflows/messages.ts';
import { tradingSession } from '#workflows/tradingSession.ts';
import { startWorkflowTests, type WorkflowTests } from './environment.ts';
import { fillingVenue, intentOf, says } from './fillingVenue.ts';

let tests: WorkflowTests;
beforeAll(async () => {
  tests = await startWorkflowTests();
});
afterAll(() => tests.stop());

/** A venue's day, and what the session asked for. */
function day(change: Partial<SessionActivities> = {}, looks: readonly EquityFigures[] = []) {
  const calls: string[] = [];
  const account = tests.unique('paper');
  const seen = [...looks];
  const calm: EquityFigures = { equity: 100, fills: 1, openPositions: 1, tradingState: 'active' };
  const report = {
    account,
    session: '2024-01-03',
    orders: 1,
    fills: 1,
    equity: 1,
    reconciled: true,
    commissions: 0,
    differences: [],
    reportKey: 'r',
  };
  const activities: SessionActivities & OrderActivities = {
    ...fillingVenue,
    openTradingSession: () => Promise.resolve({ kind: 'open', tradingState: 'active' }),
    reconcileAccount: () => Promise.resolve({ agreed: true, differences: [] }),
    decideTargets: () => Promise.resolve({ decisionId: 'd', source: 'm:1', targets: { AAPL: 0.1 } }),
    planOrders: () => Promise.resolve({ orders: [intentOf(account, 'model')], denied: 0, reduced: 0 }),
    reachPhase: (_, phase) => says(calls, phase, { waitMs: 0 }),
    observeAccount: () => says(calls, 'observe', seen.shift() ?? calm),
    closeTradingSession: () => says(calls, 'close', report),
    ...change,
  };
  const limits = { positionFractionMax: 1, leverageMax: 1, volatilityTargetFraction: 1, confidenceMin: 0 };
  const plan: SessionPlan = {
    account,
    session: '2024-01-03',
    strategy: 'model',
    targets: { kind: 'equalWeight', symbols: ['AAPL'] },
    limits: { ...limits, orderNotionalMaxDollars: 1, ordersPerSessionMax: 1, restrictedSymbols: [] },
    waits: standardWaits.session,
  };
  return { activities, calls, plan };
}

describe('tradingSession', () => {
  it('sends before the open, watches, and closes with a report', async () => {
    const { activities, calls, plan } = day();
    await tests.run(activities, async () => {
      const handle = await tests.start(tradingSession, [plan]);
      expect(await handle.result()).toMatchObject({ kind: 'closed', report: { reconciled: true } });
      await tests.record(handle, 'tradingSession');
    });
    expect(calls).toEqual(['beforeOpen', 'open', 'observe', 'closed', 'observe', 'close']);
  });

  it('refuses to trade a halted account, and asks for nothing more', async () => {
    const halted = { kind: 'refused', code: 'ACCOUNT_HALTED', reason: 'breaker' } as const;
    const { activities, calls, plan } = day({ openTradingSession: () => Promise.resolve(halted) });
    await tests.run(activities, async () => {
      expect(await (await tests.start(tradingSession, [plan])).result()).toMatchObject({ code: 'ACCOUNT_HALTED' });
    });
    expect(calls).toEqual([]);
  });

  it('decides nothing while the books disagree', async () => {
    const disagree = { agreed: false, differences: ['AAPL: 1 here, 2 there'] };
    const decideTargets = () => Promise.reject(new Error('must not decide'));
    const { activities, plan } = day({ reconcileAccount: () => Promise.resolve(disagree), decideTargets });
    await tests.run(activities, async () => {
      expect(await (await tests.start(tradingSession, [plan])).result()).toMatchObject({ code: 'BOOKS_DISAGREE' });
    });
  });

  it('stays in the open market until a halted account is flat', async () => {
    const halted: EquityFigures = { equity: 90, fills: 1, openPositions: 2, tradingState: 'halted' };
    const { activities, calls, plan } = day({}, [halted, halted, { ...halted, openPositions: 0 }]);
    await tests.run(activities, async () => {
      expect(await (await tests.start(tradingSession, [plan])).result()).toMatchObject({ kind: 'closed' });
    });
    expect(calls.slice(1, 6)).toEqual(['open', 'observe', 'observe', 'observe', 'closed']);
  });

  it('waits for a halted account no longer than its plan says', async () => {
    const halted: EquityFigures = { equity: 90, fills: 1, openPositions: 2, tradingState: 'halted' };
    const { activities, calls, plan } = day(
      {},
      Array.from({ length: 20 }, () => halted),
    );
    const waits = { ...plan.waits, liquidationMs: 3_000, orders: { pollMs: 1_500, settleMs: 1 } };
    await tests.run(activities, async () => {
      expect(await (await tests.start(tradingSession, [{ ...plan, waits }])).result()).toMatchObject({
        kind: 'closed',
      });
    });
    expect(calls.slice(1, 6)).toEqual(['open', 'observe', 'observe', 'observe', 'closed']);
  });

  it('waits for no executor that failed before the open, and closes and reports all the same', async () => {
    const { activities, calls, plan } = day();
    const broken: Partial<OrderActivities> = {
      submitOrder: ({ clientOrderId }) => Promise.resolve({ clientOrderId, state: 'unknown', filledQuantity: 0 }),
      askOrder: () => Promise.reject(ApplicationFailure.nonRetryable('no such account', 'ACCOUNT_UNKNOWN')),
    };
    await tests.run({ ...activities, ...broken }, async () => {
      const handle = await tests.start(tradingSession, [plan]);
      expect(await handle.result()).toMatchObject({ kind: 'closed' });
      const { events } = await handle.fetchHistory();
      expect(events?.filter(({ timerFiredEventAttributes: fired }) => fired)).toEqual([]);
    });
    expect(calls.at(-1)).toBe('close');
  });

  it('that failed and is started again sends no order twice, and completes', async () => {
    const submitted: string[] = [];
    const { activities, calls, plan } = day({
      closeTradingSession: () => Promise.reject(ApplicationFailure.nonRetryable('gone', 'OBJECTS_UNREACHABLE')),
    });
    const planOrders: SessionActivities['planOrders'] = (...asked) => activities.planOrders(...asked);
    const reachPhase: SessionActivities['reachPhase'] = (...asked) => activities.reachPhase(...asked);
    const venue: Partial<OrderActivities> = {
      submitOrder: async (intent) => says(submitted, intent.clientOrderId, await fillingVenue.submitOrder(intent)),
    };
    await tests.run({ ...activities, ...venue }, async () => {
      await expect((await tests.start(tradingSession, [plan])).result()).rejects.toThrow('failed');
    });
    const waits = { ...plan.waits, venueAnswerMs: 300 };
    // The plan names the order still: its executor has done it all the same.
    await tests.run({ ...day().activities, ...venue, planOrders, reachPhase }, async () => {
      const again = await tests.start(tradingSession, [{ ...plan, waits }]);
      expect(await again.result()).toMatchObject({ kind: 'closed', report: { reconciled: true } });
    });
    expect(submitted).toEqual([`${plan.account}-20240103-model-AAPL-0`]);
    expect(calls.filter((call) => call === 'closed')).toHaveLength(2);
  });

  it('takes its working orders with it when it is cancelled', async () => {
    const cancelled: string[] = [];
    const hourMs = 3_600_000;
    const { activities, plan } = day({
      reachPhase: (_, phase) => Promise.resolve({ waitMs: phase === 'open' ? hourMs : 0 }),
    });
    const working = ({ clientOrderId }: OrderIntent): Promise<OrderProgress> =>
      Promise.resolve({ clientOrderId, state: 'acknowledged', filledQuantity: 0 });
    const venue: Partial<OrderActivities> = {
      submitOrder: working,
      askOrder: async (intent) => ({ kind: 'known', progress: await working(intent) }),
      cancelOrder: ({ clientOrderId }) =>
        says(cancelled, clientOrderId, { clientOrderId, state: 'cancelled', filledQuantity: 0 }),
    };
    await tests.run({ ...activities, ...venue }, async () => {
      const handle = await tests.start(tradingSession, [plan]);
      await expect.poll(async () => (await handle.query(sessionStatus)).stage, { timeout: 30_000 }).toBe('watching');
      await handle.cancel();
      await expect.poll(async () => (await handle.describe()).status.name, { timeout: 30_000 }).toBe('CANCELLED');
      await expect.poll(() => cancelled, { timeout: 30_000 }).toEqual([`${plan.account}-20240103-model-AAPL-0`]);
    });
  });
});
