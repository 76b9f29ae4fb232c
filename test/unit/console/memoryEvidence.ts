import type { OriginView } from '#console/desk/originDesk.ts';
import type { OpenDesk } from '#console/desk/desk.ts';
import { Failure } from '#domain/failure.ts';
import type { TrackedRun } from '#infra/mlflow/trackedRuns.ts';
import type { MemoryDeskFaults } from './memoryDesk.ts';

/** A candidate's digest, as tests know it. */
export const candidateDigest = 'c0ffee'.padEnd(64, '0');

/** Digest of the version before the candidate. */
export const championDigest = 'decade'.padEnd(64, '0');

/** A server that does not answer, as its client tells it. */
export function silent(code: 'WORKERS_SILENT' | 'DATABASE_UNREACHABLE' | 'REGISTRY_UNREACHABLE'): Failure {
  return new Failure(code, 'connect ECONNREFUSED 127.0.0.1:9');
}

const runId = (digit: string): string => digit.repeat(32);

function origin(version: '2' | '3', of: Partial<OriginView>): OriginView {
  return {
    artifactDigest: version === '3' ? candidateDigest : championDigest,
    model: 'forecaster',
    modelVersion: version,
    author: 'linus',
    trainingDigest: version.repeat(64),
    mlflowRunId: runId(version),
    snapshot: {
      digest: 'b'.repeat(64),
      dataset: 'sample-daily',
      firstSession: '2013-01-02',
      asOf: '2023-06-22',
      symbols: ['AAPL', 'NVDA'],
      rows: 5_268,
    },
    features: { digest: 'f'.repeat(64), rows: 5_000 },
    figures: { 'walkForward.sharpe': 0.4217 },
    ...of,
  };
}

const candidate = origin('3', {});
const champion = origin('2', {
  snapshot: { ...candidate.snapshot, digest: 'a'.repeat(64), asOf: '2023-05-31', rows: 5_238 },
  figures: { 'walkForward.sharpe': 0.3, 'walkForward.turnover': 0.000_123_4 },
  approval: {
    gate: 'worth trading',
    workflowId: 'promote:forecaster:2:first',
    approvers: [
      { name: 'ada', reviewedAtMs: Date.UTC(2026, 9, 1, 12) },
      { name: 'grace', reviewedAtMs: Date.UTC(2026, 9, 1, 13) },
    ],
  },
});

function run(version: '2' | '3', of: Partial<TrackedRun>): TrackedRun {
  return {
    runId: runId(version),
    name: `forecaster ${version.repeat(8)}`,
    experiment: 'forecaster',
    status: 'FINISHED',
    startedAtMs: Date.UTC(2026, 9, Number(version)),
    endedAtMs: Date.UTC(2026, 9, Number(version)) + 42_000,
    params: { epochs: '6', learningRate: version === '3' ? '0.001' : '0.003' },
    metrics: {
      validationLoss: 0.000_41,
      'validation.network.meanSquaredError': 0.000_412_3,
      'validation.ridge.meanSquaredError': 0.000_398_7,
      'validation.network.rankCorrelation': null,
    },
    tags: { 'plimsoll.author': 'linus', 'plimsoll.training': version.repeat(64) },
    url: `http://127.0.0.1:5000/#/experiments/1/runs/${runId(version)}`,
    ...of,
  };
}

const runs = [run('3', {}), run('2', {})];

/** Origins, runs and books of a memory desk. */
export function memoryEvidence(faults: MemoryDeskFaults): Pick<OpenDesk, 'books' | 'origins' | 'runs'> {
  const postgres = <Value>(value: Value): Promise<Value> =>
    faults.postgres?.isDown ? Promise.reject(silent('DATABASE_UNREACHABLE')) : Promise.resolve(value);
  const mlflow = <Value>(value: Value): Promise<Value> =>
    faults.mlflowDown ? Promise.reject(silent('REGISTRY_UNREACHABLE')) : Promise.resolve(value);
  const known = [candidate, champion];
  return {
    origins: {
      ofArtifact: (digest) => postgres(known.find(({ artifactDigest }) => artifactDigest === digest)),
      ofVersion: (model, version) => postgres(known.find((one) => one.model === model && one.modelVersion === version)),
      aliased: (_model, alias) => mlflow(alias === 'champion' ? faults.champion : undefined),
    },
    runs: {
      newest: () => mlflow(runs),
      find: (runIds) => mlflow(runIds.flatMap((id) => runs.find((one) => one.runId === id) ?? [])),
    },
    books: {
      of: () =>
        postgres({
          positions: [{ symbol: 'NVDA', quantity: 40, costBasis: 160_000_000 }],
          openOrders: [
            {
              clientOrderId: 'paper-main-20230626-model-AAPL-1',
              session: '2023-06-26',
              symbol: 'AAPL',
              side: 'buy',
              quantity: 10,
              filledQuantity: 4,
              limitPrice: 1_850_000,
              state: 'partiallyFilled',
            },
          ],
          cash: 790_000_000,
        }),
    },
  };
}
