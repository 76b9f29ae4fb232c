import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { TrainingOutcome } from '#activities/trainingActivities.ts';
import type { ValidationRequest, ValidationSummary } from '#activities/validationActivities.ts';
import { weighGate } from '#domain/promotion.ts';
import { validationPlan } from '#console/start/validationPlan.ts';
import { loadPlan } from '#infra/configuration/plan.ts';
import { resolveSettings } from '#infra/configuration/resolveSettings.ts';
import { createMlflowRegistry } from '#infra/mlflow/mlflowRegistry.ts';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import { createApprovals } from '#infra/postgres/approvals.ts';
import { verifySignatures } from '#infra/postgres/verifySignatures.ts';
import { createAuditLog } from '#infra/postgres/auditLog.ts';
import type { SheetCosts, TearSheet } from '#pipelines/tearSheet/sheet.ts';
import { asActivity } from '#test/asActivity.ts';
import { plainLifecycle } from '#test/bench/plainLifecycle.ts';
import { modelChildren } from '../models/trainingJobs.ts';
import { approve, ingest, smallTraining, train } from './candidate.ts';
import { openHouse, type House } from './house.ts';

const settings = resolveSettings({ environment: {} });
let house: House;
let candidate: TrainingOutcome;
let rival: TrainingOutcome;
let request: ValidationRequest;
let summary: ValidationSummary;
beforeAll(async () => {
  house = await openHouse(inject('stack'));
  const asked = smallTraining(await ingest(house, '2023-06-22'));
  candidate = await train(house, asked);
  rival = await train(house, { ...asked, training: { ...asked.training, seed: 8 } });
  const plan = { ...validationPlan(loadPlan('demonstration'), settings), windowsMax: 2 };
  request = { candidate, features: candidate.features, training: asked.training, plan };
  summary = await plainLifecycle(house.world).validate(request);
});
afterAll(() => house.stop());

describe('a validation', () => {
  test('judges the latest windows, as many as its plan asks for', async () => {
    const { windows } = await asActivity(() => house.world.validation.planWalkForward(request));
    const { windowsMax: _, ...all } = request.plan;
    const every = await asActivity(() => house.world.validation.planWalkForward({ ...request, plan: all }));
    expect(every.windows.length).toBeGreaterThan(100);
    expect(windows).toEqual(every.windows.slice(-2));
    for (const { trainTo, testFrom } of windows) expect(trainTo < testFrom).toBe(true);
    expect(summary.windows).toBe(2);
  });

  test('gives a figure for every metric that a gate of the plan names', async () => {
    const { gates } = loadPlan('demonstration');
    const metrics = Object.values(gates).flatMap(({ criteria }) => criteria.map(({ metric }) => metric));
    expect(metrics.length).toBeGreaterThan(5);
    const figures = await house.world.promotion.readFigures(candidate.artifactDigest);
    expect(Object.keys(figures)).toEqual(expect.arrayContaining(metrics));
    expect(metrics.filter((metric) => !Number.isFinite(figures[metric]))).toEqual([]);
    expect(figures).toEqual(summary.figures);
  });

  test('writes the model card and the tear sheet where it says', async () => {
    const objects = await openObjectStore(house.addresses.objects);
    const read = async (key: string): Promise<string> => new TextDecoder().decode(await objects.get(key));
    const [card, sheet] = await Promise.all([read(summary.modelCardKey), read(summary.tearSheetKey)]);
    expect(card).toContain(candidate.artifactDigest);
    expect(sheet).toMatch(/^<!doctype html>/i);
    // What its account did is on the sheet, session by session and trade by trade.
    const told = JSON.parse(await read(summary.tearSheetKey.replace(/html$/, 'json'))) as TearSheet;
    const { sessions, exposure, turnover, costs, trades } = told;
    expect([exposure, turnover]).toEqual([expect.any(Array), expect.any(Array)]);
    expect([exposure, turnover]).toMatchObject([{ length: sessions.length }, { length: sessions.length }]);
    const paid = Object.values((costs as SheetCosts).dollars).reduce((sum, dollars) => sum + dollars, 0);
    expect(paid).toBeCloseTo(summary.figures['walkForward.costsDollars']!, 4);
    expect(trades).toEqual(expect.any(Array));
    // Both show the gates by the figures that the promotion reads, and what limits and breaker did.
    for (const gate of request.plan.gates) {
      const { verdict } = weighGate(gate, summary.figures);
      expect(card).toContain(`## Gate “${gate.name}”: ${verdict}`);
      expect(sheet).toContain(`Gate “${gate.name}”: ${verdict}`);
    }
    expect(card).toContain(`| Halts | ${summary.figures['walkForward.halts']} | ${summary.figures['holdout.halts']} |`);
    expect(card).toMatch(/The benchmark is SP500 from \d{4}-\d\d-\d\d/);
  });

  test('reads the windows that were judged before: no model computes again', async () => {
    const { validation } = house.world;
    const { windows } = await asActivity(() => validation.planWalkForward(request));
    const judged = async () =>
      Promise.all(windows.map((window) => asActivity(() => validation.judgeWindow(request, window))));
    const before = await judged();
    for (const pid of modelChildren(process.pid)) process.kill(pid, 'SIGKILL');
    expect(await judged()).toEqual(before);
    expect(modelChildren(process.pid)).toEqual([]);
    // The same windows for another seed are other windows.
    const other = { ...request, training: { ...request.training, seed: 9 } };
    const [window] = windows;
    const { resultKey } = await asActivity(() => validation.judgeWindow(other, window!));
    expect(before.map((result) => result.resultKey)).not.toContain(resultKey);
    // So are those on other terms, and whoever asks for them asks for another validation.
    const limits = { ...request.plan.trading.limits, positionFractionMax: 0.1 };
    const plan = { ...request.plan, trading: { ...request.plan.trading, limits } };
    const stricter = await asActivity(() => validation.judgeWindow({ ...request, plan }, window!));
    expect(before.map((result) => result.resultKey)).not.toContain(stricter.resultKey);
    const digests = [request.plan, plan].map(
      async (asked) => (await asActivity(() => validation.planWalkForward({ ...request, plan: asked }))).planDigest,
    );
    expect(new Set(await Promise.all(digests)).size).toBe(2);
    expect(modelChildren(process.pid)).toHaveLength(1);
  });

  test('repeated answers the same figures', async () => {
    expect(await plainLifecycle(house.world).validate(request)).toEqual(summary);
  });
});

describe('crowning', () => {
  const aliases = async () => {
    const registry = createMlflowRegistry({ url: house.addresses.mlflow.url });
    const [champion, previous] = await Promise.all(
      ['champion', 'previous'].map((alias) => registry.aliased(candidate.model, alias)),
    );
    await registry.close();
    return { champion: champion?.version, previous: previous?.version };
  };

  test('makes the first champion, and keeps the one before as previous', async () => {
    const { promotion } = house.world;
    expect(await aliases()).toEqual({ champion: undefined, previous: undefined });
    await expect(promotion.crownChampion(candidate)).rejects.toMatchObject({ code: 'CHAMPION_NOT_APPROVED' });
    await approve(house, candidate);
    await approve(house, rival, 'rival');
    await promotion.crownChampion(candidate);
    expect(await aliases()).toEqual({ champion: candidate.modelVersion, previous: undefined });
    await promotion.crownChampion(rival);
    expect(await aliases()).toEqual({ champion: rival.modelVersion, previous: candidate.modelVersion });
  });

  test('repeated changes nothing', async () => {
    await house.world.promotion.crownChampion(rival);
    await house.world.promotion.crownChampion(rival);
    expect(await aliases()).toEqual({ champion: rival.modelVersion, previous: candidate.modelVersion });
  });

  test('rests on one approval and one audit record, however often the decision is written', async () => {
    // Statements carry their time: the same decision again is the same reviews again.
    const [standing] = await createApprovals(house.database).decisions(candidate.model);
    const { request, gate, reviews } = standing!;
    const { workflowId } = reviews[0]!.statement;
    const again = { candidate, request, workflowId, gate, decision: 'approved' as const, reviews };
    for (let time = 0; time < 3; time += 1) await house.world.promotion.recordDecision(again);
    expect(await createApprovals(house.database).decisions(candidate.model)).toEqual([
      expect.objectContaining({ artifactDigest: candidate.artifactDigest, decision: 'approved' }),
      expect.objectContaining({ artifactDigest: rival.artifactDigest, decision: 'approved' }),
    ]);
    expect(await verifySignatures(house.database)).toMatchObject({ forged: [] });
    const audit = createAuditLog(house.database);
    const subject = `model:${candidate.model}:${candidate.modelVersion}`;
    const records = await audit.records({ subject });
    expect(records.map(({ action }) => action)).toEqual(['promotion.approved']);
    expect(records[0]!.body).toMatchObject({ artifactDigest: candidate.artifactDigest });
    expect(await audit.verify()).toMatchObject({ verified: true });
  });
});
