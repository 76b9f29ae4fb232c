import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { AgentTrainingOutcome, AgentTrainingRequest } from '#activities/agentActivities.ts';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import type { SessionPlan } from '#activities/tradingPlan.ts';
import type { ValidationRequest, ValidationSummary } from '#activities/validationActivities.ts';
import { signReview } from '#console/signReview.ts';
import { validationPlan } from '#console/start/validationPlan.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { loadPlan } from '#infra/configuration/plan.ts';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import { createLineage } from '#infra/postgres/lineage/lineage.ts';
import { createPeople } from '#infra/postgres/people.ts';
import { asActivity } from '#test/asActivity.ts';
import { smallAgents, smallTrading } from '#test/unit/models/agents/smallAgents.ts';
import { promotionStatus, review } from '#workflows/messages.ts';
import { promoteModel } from '#workflows/promoteModel.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import { trainAgent } from '#workflows/trainAgent.ts';
import { tradingSession } from '#workflows/tradingSession.ts';
import { validateModel } from '#workflows/validateModel.ts';
import { workflowIds } from '#workflows/workflowIds.ts';
import { failureCode } from '../failureCode.ts';
import { modelChildren } from '../models/trainingJobs.ts';
import { championDay, dataset, ingest, smallTraining } from './candidate.ts';
import { openHouse, type House } from './house.ts';
import { serve, type ServingWorkers } from './serve.ts';

const [firstSession, secondSession] = ['2023-06-23', '2023-06-26'] as const;
const plan = loadPlan('demonstration');
let house: House;
let objects: ObjectStore;
let request: AgentTrainingRequest;
let running: ServingWorkers;
let candidate: AgentTrainingOutcome;
let judged: ValidationRequest;
let summary: ValidationSummary;
beforeAll(async () => {
  house = await openHouse(inject('stack'));
  objects = await openObjectStore(house.addresses.objects);
  const { training: _, ...asked } = smallTraining(await ingest(house, '2023-06-22'));
  request = {
    ...asked,
    agent: { ...smallAgents.sac, steps: 300, reportSteps: 100, seed: 5 },
    trading: { ...smallTrading, initialCash: 100_000, sharesMax: 400, turbulenceQuantile: 0.99, episodeSessions: 60 },
  };
  const { agents, validation, promotion, trading, marketData } = house.world;
  const all = { ...agents, ...validation, ...promotion, ...trading, ...marketData };
  running = await serve(house, Object.fromEntries(Object.values(taskQueues).map((queue) => [queue, all])));
  candidate = await execute(trainAgent, request);
  const { model, modelVersion, mlflowRunId, artifactDigest } = candidate;
  judged = {
    candidate: { model, modelVersion, mlflowRunId, artifactDigest, author: request.author },
    features: candidate.features,
    training: { kind: 'agent', agent: request.agent, trading: request.trading },
    plan: { ...validationPlan(plan, resolveSettings({ environment: {} })), windowsMax: 2 },
  };
  summary = await execute(validateModel, judged);
}, 600_000);
afterAll(async () => {
  await running?.stop();
  await house?.stop();
});

function execute<Argument, Answer>(workflow: (given: Argument) => Promise<Answer>, given: Argument): Promise<Answer> {
  const workflowId = `${workflow.name}-${randomBytes(6).toString('hex')}`;
  return house.client.workflow.execute(workflow, { workflowId, taskQueue: taskQueues.lifecycle, args: [given] });
}

function day(account: string, session: string): SessionPlan {
  return championDay({ account, session, model: request.model }, 0.5);
}

test('an agent is judged as a forecaster is: windows, holdout, simulation, deflation, card and sheet', async () => {
  expect(summary.windows).toBe(2);
  const { figures } = summary;
  expect(figures['plumbing.windowsCompleteFraction']).toBe(1);
  expect(figures['plumbing.figuresFinite']).toBe(1);
  for (const name of ['walkForward.sharpe', 'holdout.totalReturn', 'monteCarlo.sharpe.p05', 'baseline.ridge.sharpe']) {
    expect({ name, isNumber: Number.isFinite(figures[name]) }).toEqual({ name, isNumber: true });
  }
  expect(figures['walkForward.trades']).toBeGreaterThan(0);
  const read = async (key: string): Promise<string> => new TextDecoder().decode(await objects.get(key));
  const [card, sheet] = await Promise.all([read(summary.modelCardKey), read(summary.tearSheetKey)]);
  expect(card).toContain(candidate.artifactDigest);
  expect(card).toContain('the agent of each window takes over what the one before it left');
  expect(sheet).toMatch(/^<!doctype html>/i);
});

test('windows that were judged are read: no agent is trained again, and each can be asked as it was', async () => {
  const { validation } = house.world;
  const { windows } = await asActivity(() => validation.planWalkForward(judged));
  const results = () => Promise.all(windows.map((window) => asActivity(() => validation.judgeWindow(judged, window))));
  const before = await results();
  for (const pid of modelChildren(process.pid)) process.kill(pid, 'SIGKILL');
  expect(await results()).toEqual(before);
  expect(modelChildren(process.pid)).toEqual([]);
  const other = {
    ...judged,
    training: { kind: 'agent', agent: { ...request.agent, seed: 9 }, trading: request.trading },
  };
  const again = await asActivity(() => validation.judgeWindow(other as ValidationRequest, windows[0]!));
  expect(before.map(({ resultKey }) => resultKey)).not.toContain(again.resultKey);
});

test('it is promoted by two signatures bound to its bytes, trades sessions, and every fill leads to bytes and people', async () => {
  const account = 'agent';
  await house.openAccount(account, firstSession);
  const trade = (session: string) =>
    house.client.workflow.execute(tradingSession, {
      workflowId: workflowIds.session(account, session),
      taskQueue: taskQueues.trading,
      args: [day(account, session)],
    });
  await promote();

  expect(await trade(firstSession)).toMatchObject({ kind: 'closed', report: { reconciled: true, differences: [] } });
  const first = await house.ledger.decision(`${account}-${firstSession}-champion`);
  expect(first).toMatchObject({ artifactDigest: candidate.artifactDigest });
  expect(first!.body.takenOver).toEqual({ from: '2023-06-22', worth: 100_000 });
  const [fill] = await house.ledger.fills(account, sessionDate(firstSession));
  expect({ fills: fill ? 'some' : 'none', decided: first!.body }).toMatchObject({ fills: 'some' });

  expect(await trade(secondSession)).toMatchObject({ kind: 'closed', report: { reconciled: true, differences: [] } });
  const second = await house.ledger.decision(`${account}-${secondSession}-champion`);
  // It goes on in the episode it began, and sees what it bought.
  expect(second!.body.takenOver).toEqual(first!.body.takenOver);
  const seen = (second!.body.account as { readonly shares: Readonly<Record<string, number>> }).shares;
  expect(Object.values(seen).some((shares) => shares > 0)).toBe(true);

  const readObject = (key: string) => objects.get(key);
  const lineage = createLineage({ database: house.database, readObject, approvalsRequired: 2 });
  const origin = await lineage.originOf(fill!.executionId);
  expect(origin).toMatchObject({
    order: { artifactDigest: candidate.artifactDigest },
    decidedFrom: { dataset, asOf: '2023-06-22' },
    model: { author: request.author, mlflowRunId: candidate.mlflowRunId },
  });
  expect(origin?.model?.reviews.map(({ reviewer }) => reviewer).toSorted()).toEqual(['ada', 'grace']);
  expect(origin?.proofs.filter(({ holds }) => !holds)).toEqual([]);
}, 600_000);

/** The candidate through `promoteModel`, by two people's signed updates. */
async function promote(): Promise<void> {
  const unapproved = await failureCode(house.world.trading.decideTargets(day('agent', firstSession)));
  expect(unapproved).toBe('CHAMPION_MISSING');
  const { gates } = plan;
  const handle = await house.client.workflow.start(promoteModel, {
    workflowId: workflowIds.promote(request.model, candidate.modelVersion, 'test'),
    taskQueue: taskQueues.lifecycle,
    args: [
      {
        candidate: judged.candidate,
        request: 'test',
        honestGate: gates.honest,
        demonstrationGate: gates.demonstration,
        approvalsRequired: 2,
        reviewTimeoutMs: 600_000,
        reminderIntervalMs: 600_000,
      },
    ],
  });
  while ((await handle.query(promotionStatus)).stage === 'gate') await delay(50);
  const status = await handle.query(promotionStatus);
  const people = createPeople(house.database);
  const { workflowId } = handle;
  for (const name of ['ada', 'grace']) {
    const password = `${name} signs`;
    await people.register({ name, password, roles: ['reviewer'] });
    const said = { workflowId, status, artifactDigest: candidate.artifactDigest, comment: 'read it' } as const;
    const signed = await signReview(people, { name, password }, { ...said, verdict: 'approve' });
    await handle.executeUpdate(review, { args: [signed] });
  }
  expect(await handle.result()).toMatchObject({ decision: 'approved', reviewers: ['ada', 'grace'] });
}
