import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { AgentTrainingOutcome, AgentTrainingRequest, EnsembleRequest } from '#activities/agentActivities.ts';
import type { SearchRequest } from '#activities/searchActivities.ts';
import type { TrainingOutcome, TrainingRequest } from '#activities/trainingActivities.ts';
import { figuresOverSeeds } from '#console/training/seedTable.ts';
import type { AccountFigures } from '#pipelines/accountFigures.ts';
import { digest } from '#domain/digest.ts';
import type { SnapshotManifest } from '#domain/snapshotManifest.ts';
import { plimsoll } from './commandLine.ts';
import { memoryDesk, type MemoryDesk } from './memoryDesk.ts';

const a = digest('a'.repeat(64));
const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-train-'));
afterAll(() => rmSync(folder, { recursive: true }));

function planFile(text: string): string {
  const file = path.join(folder, 'plan.yaml');
  writeFileSync(file, text);
  return file;
}

type Asked = TrainingRequest | SearchRequest | AgentTrainingRequest | EnsembleRequest;

const traded = (totalReturn: number): AccountFigures => {
  return { totalReturn, sharpe: 10 * totalReturn, maximumDrawdown: 0.1, turnover: 2, costs: 0.001 };
};

/** An agent whose return is told by its seed. */
function agentOutcome({ model, author, agent }: AgentTrainingRequest): AgentTrainingOutcome {
  return {
    model,
    author,
    modelVersion: String(agent.seed),
    mlflowRunId: `run-${agent.seed}`,
    artifactDigest: a,
    steps: agent.steps,
    stepsPerSecond: 321,
    features: { digest: a, snapshotDigest: a, objectKey: 'features', rows: 10, names: [] },
    figures: { ppo: traded(agent.seed / 100), 'buy and hold': traded(0.025), cash: { ...traded(0), sharpe: null } },
  };
}

/** A desk whose trainings write down what was asked; a network's error is told by its seed. */
function desk(): { readonly desk: MemoryDesk; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const memory = memoryDesk();
  const outcome = ({ model, author, training }: TrainingRequest): TrainingOutcome => ({
    model,
    author,
    modelVersion: String(training.seed),
    mlflowRunId: `run-${training.seed}`,
    artifactDigest: a,
    samplesPerSecond: 1_234,
    epochs: 3,
    features: { digest: a, snapshotDigest: a, objectKey: 'features', rows: 10, names: [] },
    baselines: {
      network: { meanSquaredError: training.seed / 1_000, rankCorrelation: 0.01 },
      ridge: { meanSquaredError: 0.002, rankCorrelation: null },
    },
  });
  return {
    asked,
    desk: {
      ...memory,
      snapshots: {
        ...memory.snapshots,
        find: () => Promise.resolve({ digest: a } as SnapshotManifest),
      },
      trainings: {
        train: (request, onProgress) => {
          asked.push(request);
          onProgress('epoch 1 of 3');
          return Promise.resolve(outcome(request));
        },
        trainAgent: (request) => {
          asked.push(request);
          return Promise.resolve(agentOutcome(request));
        },
        playEnsemble: (request) => {
          asked.push(request);
          const figures = { 'ppo ensemble, average': { ...traded(0.09), sharpe: null } };
          return Promise.resolve({ mlflowRunId: 'together', figures });
        },
        search: (request) => {
          asked.push(request);
          const point = { units: 8 };
          const trials = [
            { trial: 0, point: { units: 16 }, loss: null, epochs: 0, mlflowRunId: 'r0', failure: 'TRAINING_DIVERGED' },
            { trial: 1, point, loss: 0.5, epochs: 3, mlflowRunId: 'r1' },
          ];
          return Promise.resolve({ mlflowRunId: 'search', trials, best: point, training: outcome(request.base) });
        },
      },
    },
  };
}

describe('plimsoll train', () => {
  it('trains once a seed and tells mean and deviation of network and baselines, the best first', async () => {
    const world = desk();
    const file = planFile('model: swing\nseeds: [1, 2, 3]\ntraining: { epochs: 3 }');
    const { exitCode, out } = await plimsoll(`train ${file} --author ann`, world);
    expect(exitCode).toBe(0);
    expect(world.asked).toMatchObject(
      [1, 2, 3].map((seed) => ({ model: 'swing', author: 'ann', snapshotDigest: a, training: { seed, epochs: 3 } })),
    );
    const rows = out.split('\n').filter((line) => /^(network|ridge)/.test(line));
    expect(rows.map((row) => row.split(/ {2,}/))).toEqual([
      ['network', '0.002 ± 0.001', '0.01 ± 0'],
      ['ridge', '0.002 ± 0', 'undefined'],
    ]);
  });

  it('trains an agent once a seed, plays them as one, and tells all beside what they must beat', async () => {
    const world = desk();
    const file = planFile('training: { kind: ppo, steps: 500 }\nseeds: [1, 2, 3]');
    const { exitCode, out } = await plimsoll(`train ${file} --author ann`, world);
    expect(exitCode).toBe(0);
    const [first, , , together] = world.asked;
    expect(first).toMatchObject({ model: 'ppo', author: 'ann', agent: { kind: 'ppo', seed: 1, steps: 500 } });
    expect(together).toMatchObject({ training: first, artifactDigests: [a, a, a] });
    expect(out).toContain('MLflow run of the ensembles together');
    const rows = out.split('\n').map((row) => row.split(/ {2,}/));
    expect(rows.slice(rows.findIndex(([who]) => who === 'trader'))).toEqual([
      ['trader', 'total return', 'Sharpe', 'max drawdown', 'turnover a year', 'costs'],
      ['ppo ensemble, average', '0.09', 'undefined', '0.1', '2', '0.001'],
      ['buy and hold', '0.025 ± 0', '0.25 ± 0', '0.1 ± 0', '2 ± 0', '0.001 ± 0'],
      ['ppo', '0.02 ± 0.01', '0.2 ± 0.1', '0.1 ± 0', '2 ± 0', '0.001 ± 0'],
      ['cash', '0 ± 0', 'undefined', '0.1 ± 0', '2 ± 0', '0.001 ± 0'],
    ]);
  });

  it('plays no ensemble of a single agent', async () => {
    const world = desk();
    await plimsoll(`train ${planFile('training: { kind: ppo }')}`, world);
    expect(world.asked).toHaveLength(1);
  });

  it('is refused before anything starts when the file is wrong (CONFIGURATION_INVALID)', async () => {
    const world = desk();
    const { exitCode, error } = await plimsoll(`train ${planFile('sede: 1')}`, world);
    expect([exitCode, world.asked]).toEqual([1, []]);
    expect(error).toContain('CONFIGURATION_INVALID');
  });

  it('takes features from a declaration beside the plan', async () => {
    const world = desk();
    const features = [
      '  - { name: r, indicator: return, parameters: { sessions: 2 } }',
      '  - { name: width, indicator: ATR }',
    ];
    writeFileSync(path.join(folder, 'daily.yaml'), ['timeframe: 1d', 'features:', ...features].join('\n'));
    const { exitCode } = await plimsoll(`train ${planFile('features: daily.yaml')} --author ann`, world);
    expect(exitCode).toBe(0);
    expect(world.asked).toMatchObject([
      {
        features: {
          features: [
            { name: 'r', parameters: { sessions: 2 } },
            { name: 'width', parameters: {} },
          ],
        },
      },
    ]);
  });

  it.each([
    [
      'minutes',
      'timeframe: 1m\nfeatures: [{ name: r, indicator: return, parameters: { sessions: 1 } }]',
      'not 1m of XNYS',
    ],
    ['days around the clock', 'market: continuous\nfeatures: [{ name: r, indicator: ROC }]', 'not 1d of continuous'],
    [
      'minutes within days',
      'timeframe: 1d\nfeatures: [{ name: r, indicator: ROC, timeframe: 5m }]',
      'FEATURE_SPEC_INVALID',
    ],
    [
      'quotes',
      'timeframe: 1d\nfeatures: [{ name: r, indicator: quotedSpread }]',
      'models read daily bars, which have no spread',
    ],
    [
      'observations',
      'timeframe: 1d\nfeatures: [{ name: r, indicator: latestObservation, inputs: [news], parameters: { hours: 1 } }]',
      'no news',
    ],
    ['what no indicator is', 'timeframe: 1d\nfeatures: [{ name: r, indicator: crystalBall }]', 'FEATURE_SPEC_INVALID'],
    ['a wrong key', 'timefame: 1d\nfeatures: [{ name: r, indicator: ROC }]', 'line 1'],
  ])('refuses features of %s before anything starts (FEATURE_SPEC_INVALID)', async (_, text, told) => {
    const world = desk();
    writeFileSync(path.join(folder, 'other.yaml'), text);
    const { exitCode, error } = await plimsoll(`train ${planFile('features: other.yaml')}`, world);
    expect([exitCode, world.asked]).toEqual([1, []]);
    expect(error).toContain('FEATURE_SPEC_INVALID');
    expect(error).toContain(told);
  });

  it('says which file of features is missing (CONFIGURATION_FILE_MISSING)', async () => {
    const { error } = await plimsoll(`train ${planFile('features: nowhere.yaml')}`, desk());
    expect(error).toContain('CONFIGURATION_FILE_MISSING');
    expect(error).toContain('nowhere.yaml');
  });

  it('says which session has no snapshot (SNAPSHOT_UNKNOWN)', async () => {
    const { exitCode, error } = await plimsoll(`train ${planFile('asOf: 2020-01-02')}`, desk());
    expect(exitCode).toBe(1);
    expect(error).toContain('SNAPSHOT_UNKNOWN: no snapshot is as of 2020-01-02');
  });
});

describe('plimsoll search', () => {
  it('lists the trials, the best first and the failed ones with why', async () => {
    const world = desk();
    const file = planFile('search: { space: { units: { choice: [8, 16] } }, trials: 2 }');
    const { exitCode, out } = await plimsoll(`search ${file} --author ann`, world);
    expect(exitCode).toBe(0);
    expect(world.asked).toMatchObject([{ base: { author: 'ann' }, plan: { trials: 2, sampler: 'tpe' } }]);
    const [, first, second] = out.split('\n').map((line) => line.split(/ {2,}/));
    expect(first).toEqual(['1', '8', '3', '0.5']);
    expect(second).toEqual(['0', '16', '0', 'TRAINING_DIVERGED']);
  });

  it('is refused without a space (CONFIGURATION_INVALID)', async () => {
    const { exitCode, error } = await plimsoll(`search ${planFile('seeds: [1]')}`, desk());
    expect(exitCode).toBe(1);
    expect(error).toContain('CONFIGURATION_INVALID');
  });
});

describe('figures over seeds', () => {
  it('have no deviation with one seed, and no mean where no seed has the figure', () => {
    const figures = figuresOverSeeds(
      [{ network: { meanSquaredError: 2, rankCorrelation: null } }],
      ['meanSquaredError', 'rankCorrelation'],
    );
    expect(figures).toEqual({
      network: {
        meanSquaredError: { mean: 2, standardDeviation: null, seeds: 1 },
        rankCorrelation: { mean: null, standardDeviation: null, seeds: 0 },
      },
    });
  });
});
