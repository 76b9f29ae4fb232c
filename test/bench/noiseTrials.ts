import { RandomSource } from '#models/randomSource.ts';
import { overfitReport, type OverfitReport } from '#pipelines/overfit/overfitReport.ts';
import type { TrialMatrix } from '#pipelines/overfit/trialMatrix.ts';

/** What the noise show plays; the edge is the Sharpe ratio a year that the planted strategy truly has. */
export const noiseShow = { strategies: 500, sessions: 8 * 252, edge: 2.5, dailyVolatility: 0.01 } as const;

/** Verdicts of one seed. */
export interface NoiseSeed {
  /** On the best of strategies that are all worthless. */
  readonly noise: OverfitReport;
  /** On the best of the same, one of which has an edge. */
  readonly planted: OverfitReport;
}

/** Weighs the best of random strategies, then plants an edge into one of them and weighs the best again. */
export function playNoise(seed: number): NoiseSeed {
  const { edge, dailyVolatility } = noiseShow;
  const { names, returns } = randomTrials(seed);
  const drift = (edge / Math.sqrt(252)) * dailyVolatility;
  const gifted = [returns[0]!.map((value) => value + drift), ...returns.slice(1)];
  return {
    noise: overfitReport({ names, returns }),
    planted: overfitReport({ names: ['edge', ...names.slice(1)], returns: gifted }),
  };
}

/** Whether the planted strategy itself was chosen and accepted. */
export function foundEdge({ planted }: NoiseSeed): boolean {
  return planted.verdict === 'accepted' && planted.selected.name === 'edge';
}

function randomTrials(seed: number): TrialMatrix {
  const { strategies, sessions, dailyVolatility } = noiseShow;
  const source = new RandomSource(seed, 0);
  const draw = new Float32Array(sessions);
  return {
    names: Array.from({ length: strategies }, (_, strategy) => `random${strategy}`),
    returns: Array.from({ length: strategies }, () =>
      Float64Array.from(source.fillNormal(draw), (value) => value * dailyVolatility),
    ),
  };
}
