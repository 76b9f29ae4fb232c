import { money, shares } from '#domain/money.ts';
import type { OrderIntent } from '#domain/order.ts';
import { sha256 } from '#domain/sha256.ts';
import { createMlflowRegistry } from '#infra/mlflow/mlflowRegistry.ts';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import type { PaperExchange } from '#infra/paperExchange/exchange.ts';
import type { OrderTerms } from '#infra/paperExchange/events.ts';
import { createApprovals } from '#infra/postgres/approvals.ts';
import { createAuditLog } from '#infra/postgres/auditLog.ts';
import { createCatalogue } from '#infra/postgres/catalogue.ts';
import type { Database } from '#infra/postgres/database.ts';
import { createLedger } from '#infra/postgres/ledger/ledger.ts';
import type { StackAddresses } from '#infra/stack/addresses.ts';
import { packArtifact } from '#domain/artifact.ts';
import { friday } from '../paperExchange/recording.ts';
import { intent } from '../paperExchange/venue.ts';

/** What a sound life left in the servers, by its identities. */
export const soundLife = {
  model: 'forecaster',
  trainingDigest: sha256('training'),
  snapshotDigest: sha256('snapshot'),
  featureDigest: sha256('features'),
  account: 'book',
  request: 'demonstration',
} as const;

/** The artifact of a training's bytes: other bytes are another artifact. */
export function artifactOf(bytes: string): ReturnType<typeof packArtifact> {
  const { model, trainingDigest, snapshotDigest, featureDigest } = soundLife;
  const origin = {
    model,
    trainingDigest,
    snapshotDigest,
    featureDigest,
    codeVersion: '1',
    spec: { kind: 'cnn-lstm' },
    seeds: { training: 7 },
    metrics: { validationLoss: 0.9 },
    environment: {},
  };
  return packArtifact({ 'weights.bin': new TextEncoder().encode(bytes) }, origin);
}

/** Writes one training, its approval and one traded session, as the life cycle does: nothing in it is wrong. */
export async function writeSoundLife(
  addresses: StackAddresses,
  database: Database,
  exchange: PaperExchange,
): Promise<{ readonly runId: string; readonly artifactDigest: string }> {
  const trained = await writeTraining(addresses, database);
  await writeSession(database, exchange);
  return trained;
}

async function writeTraining(addresses: StackAddresses, database: Database) {
  const { model, trainingDigest, snapshotDigest, featureDigest, request } = soundLife;
  const registry = createMlflowRegistry({ url: addresses.mlflow.url });
  const objects = await openObjectStore(addresses.objects);
  const catalogue = createCatalogue(database);
  const { digest: artifactDigest, files } = artifactOf('weights');
  const objectPrefix = `artifacts/${artifactDigest}/`;
  const sessions = { asOf: friday, firstSession: friday };
  try {
    const snapshot = { digest: snapshotDigest, dataset: 'sample', symbols: ['AAPL'], rows: 1, manifestKey: 'manifest' };
    await catalogue.publishSnapshot({ ...snapshot, ...sessions });
    await catalogue.recordFeatureSet({ digest: featureDigest, snapshotDigest, objectKey: 'features', rows: 1 });
    const tags = { 'plimsoll.training': trainingDigest };
    const named = { experiment: model, name: 'sound', idempotencyKey: trainingDigest };
    const runId = await registry.ensureRun({ ...named, tags, params: {} });
    for (const [name, bytes] of Object.entries(files))
      await objects.put(objectPrefix + name, bytes, 'application/json');
    const source = objects.uri(objectPrefix);
    const { version: modelVersion } = await registry.ensureVersion({ model, runId, source, artifactDigest, tags });
    const lineage = { trainingDigest, snapshotDigest, featureDigest, objectPrefix, mlflowRunId: runId };
    await catalogue.recordArtifact({ digest: artifactDigest, model, modelVersion, author: 'ada', ...lineage });
    await registry.finishRun(runId, 'FINISHED');
    const decided = { artifactDigest, model, modelVersion, request, gate: 'honest', reviews: [] };
    await createApprovals(database).record({ ...decided, decision: 'approved' });
    await append(database, `promotion:${artifactDigest}:${request}`);
    await registry.setAlias(model, 'champion', modelVersion);
    return { runId, artifactDigest };
  } finally {
    await registry.close();
  }
}

async function writeSession(database: Database, exchange: PaperExchange): Promise<void> {
  const { account } = soundLife;
  const ledger = createLedger(database);
  const cash = money(10_000_000_000);
  exchange.openAccount({ account, cash, firstSession: friday });
  await ledger.openAccount({ account, broker: 'paper-exchange', equity: cash });
  await ledger.openSession(account, friday);
  const model = { model: 'equal-weight', modelVersion: 'rule', artifactDigest: '', inputsDigest: '', body: {} };
  await ledger.recordDecision({ decisionId: 'decision-1', account, session: friday, ...model });
  await append(database, 'decision:decision-1');
  for (const order of [orderOf('AAPL'), orderOf('NVDA')]) {
    await ledger.claim(order);
    const placed = exchange.submit(account, termsOf(order));
    if ('code' in placed) throw new Error(`the exchange refused ${order.clientOrderId}`);
    const { orderId: brokerOrderId } = placed.accepted;
    await ledger.settle(order.clientOrderId, { state: 'acknowledged', evidence: 'answer', brokerOrderId });
  }
  exchange.advance(account, { session: friday, phase: 'closed' });
  for (const { accepted, filledQuantity } of exchange.account(account)!.orders.values())
    await ledger.settle(accepted.clientOrderId, { state: 'filled', evidence: 'asked', filledQuantity });
  await ledger.recordFills(account, fillsOf(exchange));
  await ledger.closeSession(account, friday, { reconciled: true });
  await append(database, `session-closed:${account}:${friday}`);
}

/** An intent of the sound life's session. */
export function orderOf(symbol: string): OrderIntent {
  const { account } = soundLife;
  return intent(`${account}-${symbol}-0`, { account, symbol, quantity: shares(10), decisionId: 'decision-1' });
}

/** What an intent asks of the exchange. */
export function termsOf({ clientOrderId, symbol, side, quantity, timeInForce }: OrderIntent): OrderTerms {
  return { clientOrderId, symbol, side, quantity, timeInForce };
}

/** The exchange's executions as a broker reports them. */
function fillsOf(exchange: PaperExchange) {
  const { executions, orders } = exchange.account(soundLife.account)!;
  return executions.map(({ executionId, orderId, quantity, price, commission, marketTimeMs }) => {
    const { clientOrderId, symbol, side } = orders.get(orderId)!.accepted;
    return { executionId, clientOrderId, symbol, side, quantity, price, commission, marketTimeMs };
  });
}

async function append(database: Database, key: string): Promise<void> {
  await createAuditLog(database).append({ key, actor: 'test', action: 'test.done', subject: 'test', body: {} });
}
