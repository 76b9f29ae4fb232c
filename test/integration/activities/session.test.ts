import { ActivityFailure, ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { artifactPrefix } from '#activities/modelJobs.ts';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import type { TrainingOutcome, TrainingRequest } from '#activities/trainingActivities.ts';
import type { SessionPlan } from '#activities/tradingPlan.ts';
import { shares } from '#domain/money.ts';
import type { Fill } from '#domain/order.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { createMlflowRegistry } from '#infra/mlflow/mlflowRegistry.ts';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import { createAuditLog } from '#infra/postgres/auditLog.ts';
import { createCatalogue } from '#infra/postgres/catalogue.ts';
import { createLineage } from '#infra/postgres/lineage/lineage.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import type { SessionOutcome, tradingSession } from '#workflows/tradingSession.ts';
import { workflowIds } from '#workflows/workflowIds.ts';
import { failureCode } from '../failureCode.ts';
import { approve, championDay, dataset, ingest, smallTraining, train } from './candidate.ts';
import { openHouse, type House } from './house.ts';
import { serve, type ServingWorkers } from './serve.ts';

const session = '2023-06-23';

let house: House;
let workers: ServingWorkers;
let objects: ObjectStore;
let request: TrainingRequest;
let champion: TrainingOutcome;
beforeAll(async () => {
  house = await openHouse(inject('stack'));
  objects = await openObjectStore(house.addresses.objects);
  request = smallTraining(await ingest(house, '2023-06-22'));
  champion = await train(house, request);
  // The registry alone names a champion here: nobody has approved it yet.
  const registry = createMlflowRegistry({ url: house.addresses.mlflow.url });
  await registry.setAlias(champion.model, 'champion', champion.modelVersion);
  workers = await serve(house);
});
afterAll(async () => {
  await workers?.stop();
  await house.stop();
});

/** A day of an account by the champion. */
async function day(account: string): Promise<SessionPlan> {
  await house.openAccount(account, session);
  return championDay({ account, session, model: champion.model });
}

function trade(plan: SessionPlan): Promise<SessionOutcome> {
  return house.client.workflow.execute<typeof tradingSession>('tradingSession', {
    workflowId: workflowIds.session(plan.account, plan.session),
    taskQueue: taskQueues.trading,
    args: [plan],
  });
}

/** The code of the failure that ended a session; nothing may have reached the exchange. */
async function refusalOf(plan: SessionPlan): Promise<string | null | undefined> {
  const error: unknown = await trade(plan).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(WorkflowFailedError);
  const { cause: activity } = error as WorkflowFailedError;
  if (!(activity instanceof ActivityFailure && activity.cause instanceof ApplicationFailure)) throw error;
  expect(await house.venue.submissions(plan.account)).toEqual([]);
  expect(await house.ledger.orders(plan.account, sessionDate(plan.session))).toEqual([]);
  return activity.cause.type;
}

describe('a session is refused, and nothing reaches the exchange,', () => {
  test('by a champion that nobody approved', async () => {
    expect(await refusalOf(await day('unapproved'))).toBe('CHAMPION_NOT_APPROVED');
  });

  test('when the stored bytes of the approved champion were altered', async () => {
    await approve(house, champion);
    const prefix = artifactPrefix(champion.artifactDigest);
    const key = (await objects.list(prefix)).find((name) => name.endsWith('scaler.json'))!;
    const honest = await objects.get(key);
    const altered = new TextEncoder().encode(new TextDecoder().decode(honest).replace(/\d/, '9'));
    await objects.put(key, altered, 'application/octet-stream');
    expect(await refusalOf(await day('altered'))).toBe('ARTIFACT_DIGEST_MISMATCH');
    await objects.put(key, honest, 'application/octet-stream');
  });

  test('when the newest snapshot ends before the session before it', async () => {
    const plan = await day('stale');
    const late = { ...plan, session: '2023-06-26' };
    expect(await failureCode(house.world.trading.decideTargets(late))).toBe('SNAPSHOT_STALE');
    expect(await house.venue.submissions('stale')).toEqual([]);
  });

  test('while our books and the exchange differ', async () => {
    const plan = await day('differing');
    await strayOrder(plan.account);
    expect(await trade(plan)).toMatchObject({ kind: 'refused', code: 'BOOKS_DISAGREE' });
    expect(await house.ledger.orders(plan.account, sessionDate(session))).toEqual([]);
  });
});

describe('a good day', () => {
  test('decides by the approved champion, trades, reconciles and takes in its own bars after its close', async () => {
    const plan = await day('good');
    const outcome = await trade(plan);
    expect(outcome).toMatchObject({ kind: 'closed', report: { session, reconciled: true, differences: [] } });
    const date = sessionDate(session);
    const orders = await house.ledger.orders(plan.account, date);
    const sent = orders.filter(({ state }) => state !== 'denied');
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.map(({ state, artifactDigest }) => [state, artifactDigest])).toEqual(
      sent.map(() => ['filled', champion.artifactDigest]),
    );
    expect((await house.venue.submissions(plan.account)).map(({ clientOrderId }) => clientOrderId).toSorted()).toEqual(
      sent.map(({ clientOrderId }) => clientOrderId).toSorted(),
    );
    const atBroker = await house.brokerOf(plan.account).fills(date);
    expect(byExecution(await house.ledger.fills(plan.account, date))).toEqual(byExecution(atBroker));
    expect(atBroker).toHaveLength(sent.length);
    expect(await createCatalogue(house.database).head(dataset)).toMatchObject({ asOf: session });
    const actions = (await createAuditLog(house.database).records({ subject: `account:${plan.account}` })).map(
      ({ action }) => action,
    );
    expect(actions).toEqual(expect.arrayContaining(['session.decided', 'session.closed']));
  });
});

describe('lineage', () => {
  const lineage = (): ReturnType<typeof createLineage> =>
    createLineage({ database: house.database, readObject: (key) => objects.get(key), approvalsRequired: 2 });

  test('walks from an execution to the decision, the bytes, the data, the code and the approvers, each proven', async () => {
    const [fill] = await house.ledger.fills('good', sessionDate(session));
    const origin = await lineage().originOf(fill!.executionId);
    expect(origin).toMatchObject({
      order: { clientOrderId: fill!.clientOrderId, artifactDigest: champion.artifactDigest },
      decision: { account: 'good', artifactDigest: champion.artifactDigest },
      decidedFrom: { dataset, asOf: '2023-06-22' },
      model: {
        author: request.author,
        mlflowRunId: champion.mlflowRunId,
        manifest: { trainingDigest: origin?.model?.trainingDigest },
        trainedOn: { digest: request.snapshotDigest },
      },
    });
    expect(origin?.model?.reviews.map(({ reviewer, verdict }) => `${reviewer} ${verdict}`).toSorted()).toEqual([
      'ada approve',
      'grace approve',
    ]);
    expect(origin?.decision?.body['codeVersion']).toMatch(/^\d+\.\d+\.\d+\+[0-9a-f]{12}|sources-[0-9a-f]{12}$/);
    expect(origin?.proofs.length).toBeGreaterThanOrEqual(6);
    expect(origin?.proofs.filter(({ holds }) => !holds)).toEqual([]);
  });

  test('walks back from data, model, run and reviewer to the same orders', async () => {
    const sent = (await house.ledger.orders('good', sessionDate(session))).map(({ clientOrderId }) => clientOrderId);
    const { model, modelVersion, artifactDigest, mlflowRunId } = champion;
    const identities = [artifactDigest, request.snapshotDigest, mlflowRunId, `${model}:${modelVersion}`, 'ada'];
    for (const identity of identities) {
      const resting = (await lineage().restingOn(identity)).map(({ clientOrderId }) => clientOrderId);
      expect({ identity, resting }).toEqual({ identity, resting: expect.arrayContaining(sent) });
    }
    expect(await lineage().restingOn('linus')).toEqual([]);
    expect(await lineage().originOf('nothing')).toBeUndefined();
  });

  test('tells where stored bytes were altered', async () => {
    const key = `${artifactPrefix(champion.artifactDigest)}scaler.json`;
    const honest = await objects.get(key);
    await objects.put(key, new TextEncoder().encode('{}'), 'application/json');
    const [order] = await house.ledger.orders('good', sessionDate(session));
    const broken = (await lineage().originOf(order!.clientOrderId))?.proofs.filter(({ holds }) => !holds);
    expect(broken).toEqual([
      {
        claim: 'the stored model is, byte for byte, the one it names',
        holds: false,
        why: expect.stringContaining('scaler.json'),
      },
    ]);
    await objects.put(key, honest, 'application/octet-stream');
  });
});

describe('a restart', () => {
  test('is refused while our books and the exchange differ, and the account stays halted', async () => {
    const { account } = await day('restart-differing');
    const by = ['ada', 'grace'] as const;
    await house.world.trading.tightenTradingState({ account, state: 'halted', reason: 'test', by: 'ada' });
    await strayOrder(account);
    expect(await failureCode(house.world.trading.restartTrading({ account, by }))).toBe('RESTART_UNRECONCILED');
    expect(await house.ledger.account(account)).toMatchObject({ state: 'halted' });
  });

  test('is granted to two people when the books agree', async () => {
    const { account } = await day('restart-agreeing');
    await house.world.trading.tightenTradingState({ account, state: 'halted', reason: 'test', by: 'ada' });
    const restarted = await house.world.trading.restartTrading({ account, by: ['ada', 'grace'] });
    expect(restarted).toMatchObject({ state: 'active' });
  });

  test('waits until a person acknowledges what somebody traded behind our back', async () => {
    const { account } = await day('restart-foreign');
    const by = ['ada', 'grace'] as const;
    const date = sessionDate(session);
    await house.world.trading.tightenTradingState({ account, state: 'halted', reason: 'test', by: 'ada' });
    await strayOrder(account);
    await house.venue.advance(account, { session: date, phase: 'open' });
    expect((await house.brokerOf(account).positions()).map(({ symbol }) => symbol)).toEqual(['AAPL']);

    for (let ask = 1; ask <= 2; ask += 1) {
      await expect(house.world.trading.restartTrading({ account, by })).rejects.toMatchObject({
        code: 'RESTART_UNRECONCILED',
        message: expect.stringContaining(`by order ${account}-stray, which we never sent`),
      });
    }
    const [foreign, ...others] = await house.ledger.foreignFills(account);
    expect(foreign).toMatchObject({ kind: 'foreignFill', session });
    expect(others).toEqual([]);
    await house.ledger.acknowledgeForeignFill({ account, key: foreign!.key, by: 'ada' });
    expect(await house.world.trading.restartTrading({ account, by })).toMatchObject({ state: 'active' });
    expect(await house.ledger.incidents(account, date)).toEqual([foreign]);
  });
});

/** All auctions are at one time: the order among them says nothing. */
function byExecution(fills: readonly Fill[]): readonly Fill[] {
  return fills.toSorted((a, b) => (a.executionId < b.executionId ? -1 : 1));
}

/** Somebody trades at the exchange behind our back. */
async function strayOrder(account: string): Promise<void> {
  await house.brokerOf(account).submit({
    clientOrderId: `${account}-stray`,
    account,
    session: sessionDate(session),
    strategy: 'stray',
    symbol: 'AAPL',
    side: 'buy',
    quantity: shares(5),
    kind: { kind: 'market' },
    timeInForce: 'opening',
    reduceOnly: false,
  });
}
