import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Context } from '@temporalio/activity';
import type { Workflow } from '@temporalio/common';
import type { SessionPlan } from '#activities/tradingPlan.ts';
import { standardWaits } from '#domain/tradingWaits.ts';
import { launchIngest, launchLifecycle, launchSession, launchWatch } from '#workflows/launchers.ts';
import { workflowIds } from '#workflows/workflowIds.ts';
import { startWorkflowTests, type WorkflowTests } from './environment.ts';

let tests: WorkflowTests;
beforeAll(async () => {
  tests = await startWorkflowTests();
});
afterAll(() => tests.stop());

const asOf = '2023-06-22';
/** Runs until its worker stops. */
const atWork = (): Promise<never> => Context.current().cancelled;
/** The calendar answers; what is launched stays at its first step. */
const calendar = {
  lastClosedSession: () => Promise.resolve(asOf),
  dueSession: () => Promise.resolve(asOf),
  fetchBars: atWork,
  openTradingSession: atWork,
  examineChampion: atWork,
};

const digest = 'a'.repeat(64);
const limits = {
  positionFractionMax: 1,
  leverageMax: 1,
  volatilityTargetFraction: 1,
  confidenceMin: 0,
  orderNotionalMaxDollars: 1,
  ordersPerSessionMax: 1,
  restrictedSymbols: [],
};
const sessionPlan = (account: string): Omit<SessionPlan, 'session'> => ({
  account,
  strategy: 'model',
  targets: { kind: 'equalWeight', symbols: ['AAPL'] },
  limits,
  waits: standardWaits.session,
});

/** Launches twice and ends what was launched. @returns what both launches answered */
async function launchTwice<T extends Workflow>(launcher: T, args: Parameters<T>, workflowId: string): Promise<unknown> {
  return tests.run(calendar, async () => {
    const first = await tests.start(launcher, args);
    const answers = [await first.result()];
    await tests.record(first, launcher.name);
    const second = await tests.start(launcher, args);
    answers.push(await second.result());
    const launched = tests.environment.client.workflow.getHandle(workflowId);
    const status = (await launched.describe()).status.name;
    await launched.terminate();
    return [...answers, status];
  });
}
const once = (workflowId: string): unknown => [`started ${workflowId}`, `${workflowId} was there already`, 'RUNNING'];

describe('a launcher starts the business id once, and says so when it was there', () => {
  it('of an ingest', async () => {
    const dataset = tests.unique('dataset');
    const workflowId = workflowIds.ingest(dataset, asOf);
    expect(await launchTwice(launchIngest, [{ account: 'paper', dataset }], workflowId)).toEqual(once(workflowId));
  });

  it('of a life cycle, told apart by its plan', async () => {
    const model = tests.unique('forecaster');
    const plan = { dataset: tests.unique('dataset'), training: { model }, lifecycleDigest: digest } as never;
    const workflowId = workflowIds.lifecycle(model, asOf, digest);
    expect(await launchTwice(launchLifecycle, [{ account: 'paper', plan }], workflowId)).toEqual(once(workflowId));
  });

  it('of a trading session', async () => {
    const account = tests.unique('paper');
    const workflowId = workflowIds.session(account, asOf);
    expect(await launchTwice(launchSession, [sessionPlan(account)], workflowId)).toEqual(once(workflowId));
  });

  it('of a watch', async () => {
    const model = tests.unique('forecaster');
    const workflowId = workflowIds.watch(model, asOf);
    const watch = { model, account: 'paper', dataset: 'd' };
    expect(await launchTwice(launchWatch, [watch], workflowId)).toEqual(once(workflowId));
  });
});

describe('a launcher of sessions', () => {
  it('does nothing on a day without one', async () => {
    await tests.run({ ...calendar, dueSession: () => Promise.resolve(undefined) }, async () => {
      expect(await (await tests.start(launchSession, [sessionPlan('paper')])).result()).toBe(
        'no session is due for paper',
      );
    });
  });
});
