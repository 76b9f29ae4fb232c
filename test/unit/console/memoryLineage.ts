import { packArtifact, type ArtifactManifest } from '#domain/artifact.ts';
import { digest } from '#domain/digest.ts';
import { money, shares } from '#domain/money.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import type { Lineage, OrderLineage } from '#infra/postgres/lineage/lineage.ts';

const snapshotDigest = digest('5'.repeat(64));
const featureDigest = digest('f'.repeat(64));
const { digest: artifactDigest, files } = packArtifact(
  { 'weights.bin': Uint8Array.of(1, 2, 3) },
  {
    model: 'forecaster',
    trainingDigest: digest('7'.repeat(64)),
    snapshotDigest,
    featureDigest,
    codeVersion: '0.1.0+4bf1a2c9d0e3',
    spec: { kind: 'cnn-lstm' },
    seeds: { training: 7 },
    metrics: { validationLoss: 0.9 },
    environment: {},
  },
);
const session = sessionDate('2023-06-23');
const snapshot = {
  digest: snapshotDigest,
  dataset: 'sample-daily',
  asOf: sessionDate('2023-06-22'),
  firstSession: sessionDate('2013-01-02'),
  symbols: ['AAPL'],
  rows: 2_636,
  manifestKey: 'snapshots/manifest.json',
};

/** An order of a model, with everything behind it, as the command line's tests know it. */
export const knownOrder: OrderLineage = {
  order: {
    clientOrderId: 'paper-main-20230623-forecast-AAPL-0',
    account: 'paper-main',
    session,
    strategy: 'forecast',
    symbol: 'AAPL',
    side: 'buy',
    quantity: shares(53),
    kind: { kind: 'market' },
    timeInForce: 'opening',
    reduceOnly: false,
    decisionId: 'paper-main-2023-06-23-forecast',
    artifactDigest,
    state: 'filled',
    filledQuantity: shares(53),
  },
  fills: [
    {
      executionId: 'execution-1',
      clientOrderId: 'paper-main-20230623-forecast-AAPL-0',
      symbol: 'AAPL',
      side: 'buy',
      quantity: shares(53),
      price: money(1_866_801),
      commission: money(29_682),
      marketTimeMs: Date.UTC(2023, 5, 23, 13, 30),
    },
  ],
  decision: {
    decisionId: 'paper-main-2023-06-23-forecast',
    account: 'paper-main',
    session,
    model: 'forecaster',
    modelVersion: '3',
    artifactDigest,
    inputsDigest: 'd'.repeat(64),
    body: { snapshotDigest, codeVersion: '0.1.0+a1b2c3d4e5f6', targets: { AAPL: 0.0991 } },
  },
  decidedFrom: snapshot,
  model: {
    digest: artifactDigest,
    model: 'forecaster',
    modelVersion: '3',
    trainingDigest: digest('7'.repeat(64)),
    snapshotDigest,
    featureDigest,
    objectPrefix: 'artifacts/',
    mlflowRunId: 'run-1',
    author: 'linus',
    manifest: JSON.parse(new TextDecoder().decode(files['manifest.json'])) as ArtifactManifest,
    reviews: [
      {
        format: 'plimsoll-review-1',
        workflowId: 'promote:forecaster:3:first',
        gate: 'worth trading',
        model: 'forecaster',
        modelVersion: '3',
        artifactDigest,
        reviewer: 'ada',
        verdict: 'approve',
        comment: 'read the card',
        reviewedAtMs: Date.UTC(2026, 10, 20, 9),
        key: 'a'.repeat(64),
      },
    ],
    trainedOn: snapshot,
  },
  proofs: [{ claim: 'its fills add up to what it was settled with', holds: true }],
};

/** Lineage in memory: one order, which rests on one reviewer. */
export function memoryLineage({ modelAltered = false }): Lineage {
  const broken = { claim: 'the stored model is, byte for byte, the one it names', holds: false, why: 'weights.bin' };
  const { order, fills } = knownOrder;
  return {
    originOf: async (asked) =>
      asked === order.clientOrderId || asked === fills[0]?.executionId
        ? { ...knownOrder, proofs: [...knownOrder.proofs, ...(modelAltered ? [broken] : [])] }
        : undefined,
    restingOn: async (asked) => (asked === 'ada' ? [order] : []),
  };
}
