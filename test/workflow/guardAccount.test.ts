import { ApplicationFailure, WorkflowUpdateFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GuardActivities, TradingStateFigures } from '#activities/guardActivities.ts';
import type { OrderActivities } from '#activities/orderActivities.ts';
import { breakerProfiles } from '#domain/breaker.ts';
import type { WeighedEquity } from '#domain/tightening.ts';
import { standardWaits } from '#domain/tradingWaits.ts';
import { guardAccount } from '#workflows/guardAccount.ts';
import {
  acknowledgeEscalation,
  guardStatus,
  observeEquity,
  restartAccount,
  tradingStateChanged,
} from '#workflows/messages.ts';
import { startWorkflowTests, type WorkflowTests } from './environment.ts';
import { fillingVenue, intentOf, says } from './fillingVenue.ts';

let tests: WorkflowTests;
beforeAll(async () => {
  tests = await startWorkflowTests();
});
afterAll(() => tests.stop());

/** PostgreSQL as the guard sees it, and everything the guard and its escalation asked for. */
function guarded() {
  const account = tests.unique('paper');
  let row: TradingStateFigures = { state: 'active', reason: 'opened', changedBy: 'start', changes: 0 };
  const setRow = (next: Omit<TradingStateFigures, 'changes'>): TradingStateFigures =>
    (row = { ...next, changes: row.changes + 1 });
  const calls: string[] = [];
  const weighed: WeighedEquity[] = [];
  const activities: GuardActivities & OrderActivities = {
    ...fillingVenue,
    readTradingState: () => Promise.resolve(row),
    tightenTradingState: ({ state, reason, by, figures }) => {
      if (figures) weighed.push(figures);
      return says(calls, `tighten ${state}`, setRow({ state, reason, changedBy: by }));
    },
    cancelOpenOrders: () => says(calls, 'cancel', 1),
    planLiquidation: () =>
      Promise.resolve([{ ...intentOf(account, `close${row.changes}`), side: 'sell', reduceOnly: true } as const]),
    page: ({ escalation, tier }) => Promise.resolve(void calls.push(`page ${escalation}.${tier}`)),
    restartTrading: ({ by }) => Promise.resolve(setRow({ state: 'active', reason: 'restarted', changedBy: by.join() })),
    recordAcknowledgement: ({ escalation, by }) => Promise.resolve(void calls.push(`acknowledged ${escalation} ${by}`)),
  };
  const start = () =>
    tests.start(
      guardAccount,
      [{ account, profile: breakerProfiles.standard, waits: standardWaits.escalation }],
      `guard:${account}`,
    );
  const escalation = (number = 1) => tests.environment.client.workflow.getHandle(`escalate:${account}:${number}`);
  return { account, activities, calls, weighed, start, escalation, row: () => row, setRow };
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

  it('escalates a second halt under a number of its own, and the first one no second time', async () => {
    const { activities, calls, start, escalation } = guarded();
    const acknowledge = async (number: number): Promise<void> => {
      await expect.poll(() => calls, { timeout: 30_000 }).toContain(`page ${number}.1`);
      await escalation(number).executeUpdate(acknowledgeEscalation, { args: [{ by: 'ben', comment: 'seen' }] });
      await escalation(number).result();
    };
    await tests.run(activities, async () => {
      const guard = await start();
      await guard.executeUpdate(observeEquity, { args: [at(94)] });
      await acknowledge(1);
      await guard.terminate();
      const anew = await start();
      expect(await anew.executeUpdate(observeEquity, { args: [at(94)] })).toMatchObject({
        state: 'halted',
        escalation: 1,
      });
      for (const by of ['ben', 'cat']) await anew.executeUpdate(restartAccount, { args: [{ by }] });
      expect(await anew.executeUpdate(observeEquity, { args: [at(94)] })).toMatchObject({
        state: 'halted',
        escalation: 3,
      });
      await acknowledge(3);
      await anew.terminate();
    });
    expect(calls.filter((call) => /^page|^ack/.test(call))).toEqual([
      'page 1.1',
      'acknowledged 1 ben',
      'page 3.1',
      'acknowledged 3 ben',
    ]);
  });

  it('reduces before it halts, and says on which figures', async () => {
    const { activities, start, weighed } = guarded();
    await tests.run(activities, async () => {
      const guard = await start();
      const falling = at(92, { dayOpenEquity: 93 });
      expect((await guard.executeUpdate(observeEquity, { args: [falling] })).state).toBe('reducing');
      await guard.terminate();
    });
    const [figures] = weighed;
    expect(figures).toMatchObject({ equity: 92, dayOpenEquity: 93, highWaterMark: 100 });
    expect(figures?.drawdownFraction).toBeCloseTo(0.08);
    expect(figures?.dailyLossFraction).toBeCloseTo(1 / 93);
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

  it('is not made laxer by PostgreSQL, but makes PostgreSQL as strict as it is itself', async () => {
    const { activities, calls, start, row, setRow, escalation } = guarded();
    await tests.run(activities, async () => {
      const guard = await start();
      await guard.executeUpdate(observeEquity, { args: [at(94)] });
      setRow({ state: 'active', reason: 'by hand', changedBy: 'nobody' });
      await guard.signal(tradingStateChanged);
      expect(await guard.executeUpdate(observeEquity, { args: [at(99)] })).toMatchObject({
        state: 'halted',
        reason: 'daily loss 6.00 %',
        escalation: 1,
      });
      expect(row()).toMatchObject({ state: 'halted', reason: 'daily loss 6.00 %', changedBy: 'breaker' });
      expect(calls.filter((call) => call.startsWith('tighten'))).toEqual(['tighten halted', 'tighten halted']);
      await escalation().terminate();
      await guard.terminate();
    });
  });

  it('halts PostgreSQL again when the answer of a restart was lost, and restarts when it is asked again', async () => {
    const { activities, start, row, setRow, escalation } = guarded();
    let lost = 0;
    const restartTrading: GuardActivities['restartTrading'] = ({ by }) => {
      const restarted = setRow({ state: 'active', reason: 'restarted', changedBy: by.join() });
      lost += 1;
      return lost > 1 ? Promise.resolve(restarted) : Promise.reject(ApplicationFailure.nonRetryable('lost', 'LOST'));
    };
    await tests.run({ ...activities, restartTrading }, async () => {
      const guard = await start();
      await guard.executeUpdate(observeEquity, { args: [at(94)] });
      await guard.executeUpdate(restartAccount, { args: [{ by: 'ben' }] });
      const cat = guard.executeUpdate(restartAccount, { args: [{ by: 'cat' }] });
      await expect(cat).rejects.toBeInstanceOf(WorkflowUpdateFailedError);
      expect((await guard.executeUpdate(observeEquity, { args: [at(99)] })).state).toBe('halted');
      expect(row().state).toBe('halted');
      expect((await guard.executeUpdate(restartAccount, { args: [{ by: 'cat' }] })).state).toBe('active');
      expect(row().state).toBe('active');
      await escalation().terminate();
      await guard.terminate();
    });
  });
});
