import { WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GuardActivities, TradingStateFigures } from '#activities/guardActivities.ts';
import type { OrderActivities, OrderProgress } from '#activities/orderActivities.ts';
import type { SessionActivities } from '#activities/sessionActivities.ts';
import type { EquityFigures, SessionPlan } from '#activities/tradingPlan.ts';
import { breakerProfiles } from '#domain/breaker.ts';
import { shares } from '#domain/money.ts';
import type { OrderIntent } from '#domain/order.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { guardAccount } from '#workflows/guardAccount.ts';
import {
  acknowledgeEscalation,
  guardStatus,
  observeEquity,
  restartAccount,
  sessionStatus,
  tradingStateChanged,
} from '#workflows/messages.ts';
import { tradingSession } from '#workflows/tradingSession.ts';
import { startWorkflowTests, type WorkflowTests } from './environment.ts';

let tests: WorkflowTests;
beforeAll(async () => {
  tests = await startWorkflowTests();
});
afterAll(() => tests.stop());

function intentOf(account: string, strategy: string): OrderIntent {
  return {
    clientOrderId: `${account}-20240103-${strategy}-AAPL-0`,
    account,
    session: sessionDate('2024-01-03'),
    strategy,
    symbol: 'AAPL',
    side: 'buy',
    quantity: shares(10),
    kind: { kind: 'market' },
    timeInForce: 'opening',
    reduceOnly: false,
  };
}

const filled = ({ clientOrderId }: OrderIntent): Promise<OrderProgress> =>
  Promise.resolve({ clientOrderId, state: 'filled', filledQuantity: 10 });
const orders: OrderActivities = {
  submitOrder: filled,
  askOrder: async (intent) => ({ kind: 'known', progress: await filled(intent) }),
  resendAbsentOrder: filled,
  cancelOrder: filled,
  giveUpAbsentOrder: filled,
};

/** Writes a call down and answers. */
function says<Answer>(calls: string[], call: string, answer: Answer): Promise<Answer> {
  calls.push(call);
  return Promise.resolve(answer);
}

/** PostgreSQL as the guard sees it, and everything the guard and its escalation asked for. */
function guarded() {
  const account = tests.unique('paper');
  let row: TradingStateFigures = { state: 'active', reason: 'opened', changedBy: 'start' };
  const calls: string[] = [];
  const activities: GuardActivities & OrderActivities = {
    ...orders,
    readTradingState: () => Promise.resolve(row),
    tightenTradingState: ({ state, reason, by }) => {
      row = { state, reason, changedBy: by };
      calls.push(`tighten ${state}`);
      return Promise.resolve(row);
    },
    cancelOpenOrders: () => says(calls, 'cancel', 1),
    planLiquidation: () =>
      Promise.resolve([{ ...intentOf(account, 'close1'), side: 'sell', reduceOnly: true } as const]),
    page: ({ tier }) => Promise.resolve(void calls.push(`page ${tier}`)),
    restartTrading: ({ by }) => {
      row = { state: 'active', reason: 'restarted', changedBy: by.join() };
      return Promise.resolve(row);
    },
    recordAcknowledgement: ({ by }) => Promise.resolve(void calls.push(`acknowledged ${by}`)),
  };
  const start = () => tests.start(guardAccount, [{ account, profile: breakerProfiles.standard }], `guard:${account}`);
  const escalation = () => tests.environment.client.workflow.getHandle(`escalate:${account}:1`);
  return { account, activities, calls, start, escalation, setRow: (next: TradingStateFigures) => (row = next) };
}

const at = (equity: number, more = {}) => ({
  session: '2024-01-03',
  equity,
  dayOpenEquity: 100,
  highWaterMark: 100,
  lossStreak: 0,
  errors: 0,
  differences: 0,
  ...more,
});

async function refusal(update: Promise<unknown>): Promise<string> {
  const error: unknown = await update.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof WorkflowUpdateFailedError && error.cause && 'type' in error.cause)
    return String(error.cause.type);
  throw new Error(`not refused: ${String(error)}`);
}

describe('guardAccount', () => {
  it('halts on a daily loss, escalates once, and restarts only by two people', async () => {
    const { activities, calls, start, escalation } = guarded();
    await tests.run(activities, async () => {
      const guard = await start();
      expect((await guard.executeUpdate(observeEquity, { args: [at(99)] })).state).toBe('active');
      expect((await guard.executeUpdate(observeEquity, { args: [at(94)] })).state).toBe('halted');
      expect((await guard.executeUpdate(observeEquity, { args: [at(90)] })).escalation).toBe(1);
      await escalation().executeUpdate(acknowledgeEscalation, { args: [{ by: 'ben', comment: 'seen' }] });
      expect(await escalation().result()).toMatchObject({ cancelled: 1, closed: 1, acknowledgedBy: 'ben' });
      await tests.record(escalation(), 'escalateBreaker');
      expect((await guard.executeUpdate(restartAccount, { args: [{ by: 'ben' }] })).state).toBe('halted');
      expect(await refusal(guard.executeUpdate(restartAccount, { args: [{ by: 'ben' }] }))).toBe('RESTART_SAME_PERSON');
      expect((await guard.executeUpdate(restartAccount, { args: [{ by: 'cat' }] })).state).toBe('active');
      expect(await refusal(guard.executeUpdate(restartAccount, { args: [{ by: 'cat' }] }))).toBe('RESTART_NOT_NEEDED');
      await tests.record(guard, 'guardAccount');
      await guard.terminate();
    });
    expect(calls.filter((call) => call === 'cancel')).toHaveLength(1);
  });

  it('reduces before it halts', async () => {
    const { activities, start } = guarded();
    await tests.run(activities, async () => {
      const guard = await start();
      const falling = at(92, { dayOpenEquity: 93 });
      expect((await guard.executeUpdate(observeEquity, { args: [falling] })).state).toBe('reducing');
      await guard.terminate();
    });
  });

  it('takes the stricter word of PostgreSQL, told by a signal, and escalates then too', async () => {
    const { activities, start, setRow, escalation } = guarded();
    await tests.run(activities, async () => {
      const guard = await start();
      await guard.executeUpdate(observeEquity, { args: [at(100)] });
      setRow({ state: 'halted', reason: 'kill switch', changedBy: 'ann' });
      await guard.signal(tradingStateChanged);
      await guard.executeUpdate(observeEquity, { args: [at(100)] });
      expect(await guard.query(guardStatus)).toMatchObject({ state: 'halted', reason: 'kill switch', escalation: 1 });
      await escalation().terminate();
      await guard.terminate();
    });
  });
});

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
    ...orders,
    openTradingSession: () => Promise.resolve({ kind: 'open', tradingState: 'active' }),
    reconcileAccount: () => Promise.resolve({ agreed: true, differences: [] }),
    decideTargets: () => Promise.resolve({ decisionId: 'd', source: 'm:1', targets: { AAPL: 0.1 } }),
    planOrders: () => Promise.resolve({ orders: [intentOf(account, 'model')], denied: 0 }),
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
    limits: { ...limits, orderNotionalMaxDollars: 1, ordersPerSessionMax: 1 },
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

  it('closes and reports though an order’s executor failed before the open', async () => {
    const { activities, calls, plan } = day();
    const broken: Partial<OrderActivities> = {
      submitOrder: ({ clientOrderId }) => Promise.resolve({ clientOrderId, state: 'unknown', filledQuantity: 0 }),
      askOrder: () => Promise.reject(ApplicationFailure.nonRetryable('no such account', 'ACCOUNT_UNKNOWN')),
    };
    await tests.run({ ...activities, ...broken }, async () => {
      expect(await (await tests.start(tradingSession, [plan])).result()).toMatchObject({ kind: 'closed' });
    });
    expect(calls.at(-1)).toBe('close');
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
