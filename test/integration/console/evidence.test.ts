import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { digest } from '#domain/digest.ts';
import { money, shares } from '#domain/money.ts';
import { createMlflowRegistry, type MlflowRegistry } from '#infra/mlflow/mlflowRegistry.ts';
import { createApprovals } from '#infra/postgres/approvals.ts';
import { createCatalogue } from '#infra/postgres/catalogue.ts';
import { createLedger } from '#infra/postgres/ledger/ledger.ts';
import { createSigner } from '#test/signer.ts';
import { intent } from '../paperExchange/venue.ts';
import { openDeskServers, type DeskServers } from './deskServers.ts';
import { recordCandidate } from './recordCandidate.ts';

const artifactDigest = digest('a'.repeat(64));
const workflowId = 'promote:forecaster:3:first';
/** MLflow is shared by all test files: a name of our own keeps apart. */
const model = `evidence-${randomUUID()}`;

let servers: DeskServers;
let registry: MlflowRegistry;

beforeAll(async () => {
  servers = await openDeskServers(inject('stack'));
  registry = createMlflowRegistry({ url: servers.stack.mlflow.url });
});
afterAll(async () => {
  await registry.close();
  await servers.stop();
});

describe('the origin of a model', () => {
  test('tells its data, features, figures and who approved its bytes', async () => {
    const { origins } = servers.desk;
    expect(await origins.ofArtifact(artifactDigest)).toBeUndefined();
    await recordCandidate(servers.database, artifactDigest);
    const unjudged = {
      artifactDigest,
      model: 'forecaster',
      modelVersion: '3',
      author: 'linus',
      trainingDigest: 'd'.repeat(64),
      mlflowRunId: 'run',
      snapshot: {
        digest: 'b'.repeat(64),
        dataset: 'test',
        firstSession: '2020-03-12',
        asOf: '2020-03-13',
        symbols: ['AAPL'],
        rows: 2,
      },
      features: { digest: 'c'.repeat(64), rows: 2 },
      figures: {},
    };
    expect(await origins.ofVersion('forecaster', '3')).toEqual(unjudged);

    await createCatalogue(servers.database).recordValidation({
      artifactDigest,
      planDigest: digest('e'.repeat(64)),
      summary: { figures: { sharpe: 1.2, sortino: null }, windows: 3 },
      reportKey: 'reports/report.json',
    });
    const said = { workflowId, gate: 'worth trading', model: 'forecaster', modelVersion: '3', artifactDigest };
    const review = (name: string, verdict: 'approve' | 'reject') =>
      createSigner(name).sign({ ...said, verdict, comment: 'read it' });
    await createApprovals(servers.database).record({
      artifactDigest,
      model: 'forecaster',
      modelVersion: '3',
      request: 'first',
      decision: 'approved',
      gate: 'worth trading',
      reviews: [review('ada', 'approve'), review('mary', 'reject'), review('grace', 'approve')],
    });
    const approvers = ['ada', 'grace'].map((name) => ({ name, reviewedAtMs: Date.UTC(2026, 10, 21) }));
    expect(await origins.ofArtifact(artifactDigest)).toEqual({
      ...unjudged,
      figures: { sharpe: 1.2, sortino: null },
      approval: { gate: 'worth trading', workflowId, approvers },
    });
  });

  test('DATABASE_UNREACHABLE and REGISTRY_UNREACHABLE tell which server is silent, each without the other', async () => {
    const withoutPostgres = servers.deskWithout('postgres');
    await expect(withoutPostgres.origins.ofVersion('forecaster', '3')).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
    });
    expect(await withoutPostgres.origins.aliased(model, 'champion')).toBeUndefined();
    await withoutPostgres.close();
    const withoutMlflow = servers.deskWithout('mlflow');
    expect(await withoutMlflow.origins.ofVersion('forecaster', '3')).toBeDefined();
    const silent = { code: 'REGISTRY_UNREACHABLE' };
    await expect(withoutMlflow.origins.aliased(model, 'champion')).rejects.toMatchObject(silent);
    await expect(withoutMlflow.runs.newest(5)).rejects.toMatchObject(silent);
    await expect(withoutMlflow.runs.find(['0'.repeat(32)])).rejects.toMatchObject(silent);
    await withoutMlflow.close();
  });
});

test('training runs come from MLflow newest first, with last metrics, and the champion by its alias', async () => {
  const open = (key: string, params: Readonly<Record<string, string>>): Promise<string> =>
    registry.ensureRun({
      experiment: model,
      name: `${model} ${key}`,
      idempotencyKey: `${model}:${key}`,
      tags: { 'plimsoll.author': 'linus' },
      params,
    });
  const earlier = await open('one', { epochs: '6' });
  const point = (name: string, value: number, step: number) => ({ name, value, step, timestampMs: 1_000 + step });
  await registry.logMetrics(earlier, [
    point('validationLoss', 0.5, 1),
    point('validationLoss', 0.25, 2),
    point('validation.naive.rankCorrelation', Number.NaN, 0),
  ]);
  await registry.finishRun(earlier, 'FINISHED');
  const later = await open('two', { epochs: '12' });

  const { runs, origins } = servers.desk;
  const newest = await runs.newest(50);
  expect(newest.filter(({ experiment }) => experiment === model).map(({ runId }) => runId)).toEqual([later, earlier]);
  const found = await runs.find([earlier, 'no-run', '0'.repeat(32), later]);
  expect(found).toMatchObject([
    {
      runId: earlier,
      name: `${model} one`,
      status: 'FINISHED',
      params: { epochs: '6' },
      metrics: { validationLoss: 0.25, 'validation.naive.rankCorrelation': null },
      tags: { 'plimsoll.author': 'linus' },
      url: await registry.runUrl(earlier),
    },
    { runId: later, status: 'RUNNING', params: { epochs: '12' }, metrics: {} },
  ]);
  // Our own bookkeeping is no parameter of a training.
  expect(found.map(({ params }) => Object.keys(params))).toEqual([['epochs'], ['epochs']]);
  expect(found[0]!.endedAtMs).toBeGreaterThan(found[0]!.startedAtMs);
  expect(found[1]!.endedAtMs).toBeUndefined();

  const version = await registry.ensureVersion({
    model,
    runId: earlier,
    source: 's3://plimsoll/artifacts/a',
    artifactDigest,
    tags: {},
  });
  await registry.setAlias(model, 'champion', version.version);
  expect(await origins.aliased(model, 'champion')).toBe(artifactDigest);
  expect(await origins.aliased(model, 'previous')).toBeUndefined();
});

test("an account's book tells what it holds at which cost, its cash and what is still open", async () => {
  const account = 'shelf';
  const ledger = createLedger(servers.database);
  const { books } = servers.desk;
  expect(await books.of(account)).toEqual({ positions: [], openOrders: [], cash: undefined });
  await ledger.openAccount({ account, broker: 'paper', equity: money(10_000_000_000) });
  const bought = intent('shelf-1', { account });
  await ledger.claim(bought);
  await ledger.recordFills(account, [
    {
      executionId: 'e-1',
      clientOrderId: 'shelf-1',
      symbol: 'AAPL',
      side: 'buy',
      quantity: shares(40),
      price: money(2_500_000),
      commission: money(10_000),
      marketTimeMs: Date.UTC(2020, 2, 13, 14),
    },
  ]);
  const kind = { kind: 'limit', limitPrice: money(1_000_000) } as const;
  await ledger.claim(intent('shelf-2', { account, symbol: 'NVDA', kind, timeInForce: 'day' }));
  const order = { session: '2020-03-13', side: 'buy', quantity: 100, filledQuantity: 0, state: 'sent' };
  expect(await books.of(account)).toEqual({
    positions: [{ symbol: 'AAPL', quantity: 40, costBasis: 100_000_000 }],
    openOrders: [
      { ...order, clientOrderId: 'shelf-1', symbol: 'AAPL' },
      { ...order, clientOrderId: 'shelf-2', symbol: 'NVDA', limitPrice: 1_000_000 },
    ],
    cash: 10_000_000_000 - 100_000_000 - 10_000,
  });
});
