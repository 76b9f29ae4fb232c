import { describe, expect, it } from 'vitest';
import { RandomSource } from '#models/randomSource.ts';
import { backtestOverfitting } from '#pipelines/overfit/backtestOverfitting.ts';
import { overfitReport } from '#pipelines/overfit/overfitReport.ts';
import { selectionPaths } from '#pipelines/overfit/selectionPaths.ts';
import { averageCorrelation, type TrialMatrix } from '#pipelines/overfit/trialMatrix.ts';
import { foundEdge, playNoise } from '#test/bench/noiseTrials.ts';

function matrixOf(...returns: readonly (readonly number[])[]): TrialMatrix {
  return { names: returns.map((_, trial) => `t${trial}`), returns: returns.map((values) => Float64Array.from(values)) };
}

/** Independent normal returns, a drift a day for each trial. */
function drawn(drifts: readonly number[], sessions = 400): TrialMatrix {
  const source = new RandomSource(1, 1);
  return matrixOf(
    ...drifts.map((drift) => Array.from(source.fillNormal(new Float32Array(sessions)), (v) => drift + v / 100)),
  );
}

describe('the probability of backtest overfitting', () => {
  it('is that of the halves counted by hand', () => {
    // Two blocks of two sessions: each half is the sample once. Sharpe ratios by half: a 1 then -1, b 0 then 0.
    const [up, down] = [
      [0.01 + 0.01 / Math.SQRT2, 0.01 - 0.01 / Math.SQRT2],
      [-0.01 - 0.01 / Math.SQRT2, -0.01 + 0.01 / Math.SQRT2],
    ];
    const flat = [0.01, -0.01, 0.01, -0.01];
    const found = backtestOverfitting(matrixOf([...up, ...down], flat), 2);
    // In the first half a is best and comes last in the second; in the second b is best and comes last in the first.
    expect(found).toMatchObject({ combinations: 2, probability: 1, lossProbability: 0.5 });
    expect(found.logits.quantiles.p50).toBeCloseTo(Math.log(1 / 2), 12);
    // From (1, -1) to (0, 0).
    expect(found.degradationSlope).toBeCloseTo(-1, 12);
  });

  it('is none for a trial that is best everywhere', () => {
    const best = drawn([0.05, 0, 0, 0]);
    const found = backtestOverfitting(best, 8);
    expect(found).toMatchObject({ combinations: 70, probability: 0, lossProbability: 0 });
    expect(found.logits.quantiles.p05).toBeCloseTo(Math.log(4 / 1), 12);
  });

  it('equals share their rank: a choice among copies is no better than the middle', () => {
    const copy = [...drawn([0.001]).returns[0]!];
    expect(backtestOverfitting(matrixOf(copy, copy, copy), 4)).toMatchObject({
      probability: 1,
      degradationSlope: expect.any(Number) as number,
    });
  });

  it('counts every half once in its bins', () => {
    const { logits, combinations } = backtestOverfitting(drawn([0, 0, 0, 0, 0]), 6);
    expect(logits.bins.reduce((sum, { count }) => sum + count, 0)).toBe(combinations);
  });

  it('cuts sessions that do not divide evenly, and takes a trial that never trades as neither good nor bad', () => {
    const idle = Array.from({ length: 403 }, () => 0);
    const found = backtestOverfitting(matrixOf(idle, [...drawn([-0.05], 403).returns[0]!]), 4);
    expect(found).toMatchObject({ probability: 0, lossProbability: 0 });
  });

  it.each([3, 22, 0])('refuses %d blocks', (blocks) => {
    expect(() => backtestOverfitting(drawn([0, 0]), blocks)).toThrow(RangeError);
  });

  it('refuses one trial, and blocks of one session', () => {
    expect(() => backtestOverfitting(drawn([0]), 4)).toThrow(RangeError);
    expect(() => backtestOverfitting(drawn([0, 0], 7), 4)).toThrow(RangeError);
  });
});

describe('the choice, out of sample', () => {
  const plan = { groups: 6, testGroups: 2, purgeSessions: 0, embargoSessions: 0 };

  it('of a trial that is best everywhere is that trial on every path', () => {
    const matrix = drawn([0.05, 0, 0]);
    const { pathSharpes, chosen } = selectionPaths(matrix, plan);
    expect(chosen).toEqual([{ name: 't0', fraction: 1 }]);
    expect(pathSharpes).toHaveLength(5);
    expect(new Set(pathSharpes).size).toBe(1);
  });

  it('never sees the test: what gains in one group only is chosen by splits that train on it', () => {
    // t1 gains greatly in the first of six groups, and loses a little everywhere else.
    const spike = Array.from({ length: 60 }, (_, row) => (row < 10 ? 0.1 : -0.001) + (row % 2) / 1000);
    const steady = Array.from({ length: 60 }, (_, row) => 0.0001 + (row % 2) / 100 - 0.005);
    const { pathSharpes, chosen } = selectionPaths(matrixOf(steady, spike), plan);
    // The ten splits that train on the first group choose it, the five that test on it do not.
    expect(chosen).toEqual([
      { name: 't1', fraction: 10 / 15 },
      { name: 't0', fraction: 5 / 15 },
    ]);
    expect(pathSharpes.every((sharpe) => sharpe! < 1)).toBe(true);
  });
});

describe('a report on trials', () => {
  it('counts trials that never moved as tried', () => {
    const { names, returns } = drawn([0.001, 0, 0]);
    const idle = new Float64Array(400);
    const report = overfitReport({ names: [...names, 'idle'], returns: [...returns, idle] });
    expect(report.trials).toMatchObject({ count: 4, undefined: 1 });
  });

  it('more trials than the file holds deflate more', () => {
    const matrix = drawn([0.002, 0, 0]);
    const plan = {
      periodsPerYear: 252,
      blocks: 4,
      splits: { groups: 3, testGroups: 1, purgeSessions: 0, embargoSessions: 0 },
      confidence: 0.95,
      gate: { name: 'none', criteria: [] },
    };
    const [few, many] = [overfitReport(matrix, plan), overfitReport(matrix, { ...plan, trialCount: 1_000 })];
    expect(many.deflatedSharpe).toBeLessThan(few.deflatedSharpe);
    expect(many.probabilisticSharpe).toBe(few.probabilisticSharpe);
    expect(() => overfitReport(matrix, { ...plan, trialCount: 2 })).toThrow(RangeError);
  });

  it('copies count for one trial, independent ones for about as many as they are', () => {
    const { names, returns } = drawn([0.001, 0, 0, 0, 0]);
    expect(averageCorrelation({ names, returns: returns.map(() => returns[0]!) })).toBeCloseTo(1, 9);
    expect(Math.abs(averageCorrelation({ names, returns })!)).toBeLessThan(0.1);
    expect(averageCorrelation({ names: ['a'], returns: [returns[0]!] })).toBeNull();
  });

  it('refuses fewer than two trials that move', () => {
    expect(() => overfitReport(matrixOf([0.1, 0.2, 0.1], [0, 0, 0]))).toThrow(RangeError);
  });
});

// All hundred seeds: `npm run bench -- noise`.
describe('the best of 500 random strategies', () => {
  const played = [0, 1, 2].map(playNoise);

  it('is refused, however good it looks', () => {
    for (const { noise } of played) {
      expect(noise.verdict).toBe('refused');
      expect(noise.selected.annualSharpe).toBeGreaterThan(0.8);
      expect(noise.probabilisticSharpe).toBeGreaterThan(0.95);
      expect(noise.deflatedSharpe).toBeLessThan(0.95);
    }
  });

  it('is accepted when one of them has an edge of two and a half a year, as often as such an edge shows', () => {
    expect(played.filter(foundEdge).length).toBeGreaterThanOrEqual(2);
  });
});
