import { WithStartWorkflowOperation } from '@temporalio/client';
import { Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GuardActivities, TradingStateFigures } from '#activities/guardActivities.ts';
import { breakerProfiles } from '#domain/breaker.ts';
import { standardWaits } from '#domain/tradingWaits.ts';
import { guardAccount } from '#workflows/guardAccount.ts';
import { guardStatus, observeEquity, restartAccount, tradingStateChanged } from '#workflows/messages.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import { bundleWorkflows } from './bundleWorkflows.ts';
import { startDevServer, suggestedEvents } from './devServer.ts';

const taskQueue = taskQueues.trading;

let environment: TestWorkflowEnvironment;
let workflowBundle: WorkflowBundleWithSourceMap;
beforeAll(async () => {
  environment = await startDevServer();
  workflowBundle = await bundleWorkflows();
});
afterAll(() => environment.teardown());

/** PostgreSQL as a guard sees it, and how often it was read. */
function books() {
  let row: TradingStateFigures = { state: 'active', reason: 'opened', changedBy: 'start', changes: 0 };
  const setRow = (next: Omit<TradingStateFigures, 'changes'>): Promise<TradingStateFigures> =>
    Promise.resolve((row = { ...next, changes: row.changes + 1 }));
  const seen = { reads: 0, restartedBy: [] as readonly string[] };
  const activities: Partial<GuardActivities> = {
    readTradingState: () => {
      seen.reads += 1;
      return Promise.resolve(row);
    },
    tightenTradingState: ({ state, reason, by }) => setRow({ state, reason, changedBy: by }),
    restartTrading: ({ by }) => {
      seen.restartedBy = by;
      return setRow({ state: 'active', reason: 'restarted', changedBy: by.join() });
    },
    cancelOpenOrders: () => Promise.resolve(0),
    planLiquidation: () => Promise.resolve([]),
    page: () => Promise.resolve(),
  };
  return { activities, seen };
}

const observation = (equity: number, session: string) => ({
  session,
  equity,
  dayOpenEquity: 100,
  highWaterMark: 100,
  lossStreak: 0,
  errors: 0,
  differences: 0,
});

const guardOf = (account: string) =>
  new WithStartWorkflowOperation(guardAccount, {
    workflowId: `guard:${account}`,
    taskQueue,
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [{ account, profile: breakerProfiles.standard, waits: standardWaits.escalation }],
  });

const serve = async (activities: object): Promise<Worker> =>
  Worker.create({ connection: environment.nativeConnection, taskQueue, workflowBundle, activities });

describe('guardAccount', () => {
  it('answers an observation that came before any worker ran', async () => {
    const { client } = environment;
    const { activities } = books();
    const update = client.workflow.executeUpdateWithStart(observeEquity, {
      startWorkflowOperation: guardOf('early'),
      args: [observation(94, 'first')],
    });
    const worker = await serve(activities);
    await worker.runUntil(async () => {
      expect(await update).toMatchObject({ state: 'halted', escalation: 1 });
    });
    await client.workflow.getHandle('guard:early').terminate();
  });

  it('hands its state to itself when its history grows long, and loses nothing sent meanwhile', async () => {
    const { client } = environment;
    const { activities, seen } = books();
    const handle = await client.workflow.start(guardAccount, {
      workflowId: 'guard:long',
      taskQueue,
      args: [{ account: 'long', profile: breakerProfiles.standard, waits: standardWaits.escalation }],
    });
    const worker = await serve(activities);
    await worker.runUntil(async () => {
      expect(await handle.executeUpdate(observeEquity, { args: [observation(94, 'fall')] })).toMatchObject({
        state: 'halted',
        escalation: 1,
      });
      await handle.executeUpdate(restartAccount, { args: [{ by: 'ben' }] });
      const firstRun = (await handle.describe()).runId;
      // Bursts of updates and signals meet every hand-over: each update is answered, each signal leads to a read.
      for (let burst = 0; burst < 12; burst += 1) {
        const before = seen.reads;
        const answers = await Promise.all([
          ...Array.from({ length: 5 }, (_, index) =>
            handle.executeUpdate(observeEquity, { args: [observation(94, `${burst}.${index}`)] }),
          ),
          handle.signal(tradingStateChanged),
        ]);
        expect(answers.filter(Boolean)).toHaveLength(5);
        await expect.poll(() => seen.reads, { timeout: 30_000 }).toBeGreaterThan(before);
      }
      const { runId, historyLength } = await handle.describe();
      expect(runId).not.toBe(firstRun);
      expect(historyLength).toBeLessThan(3 * suggestedEvents);
      const status = await handle.query(guardStatus);
      expect(status).toMatchObject({ state: 'halted', escalation: 1, restartAskedBy: ['ben'] });
      expect(status.lastObservation?.session).toMatch(/^11\./);
      await handle.executeUpdate(restartAccount, { args: [{ by: 'cat' }] });
      expect(seen.restartedBy).toEqual(['ben', 'cat']);
      await handle.terminate();
    });
  });
});
