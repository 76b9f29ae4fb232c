import { strategyNames, type JudgedStretch, type StrategyName } from './judgedStretch.ts';
import { returnFigures, sharpeRatio, type ReturnFigures } from './metrics.ts';
import type { MonteCarloResult } from './monteCarlo.ts';
import type { SessionSpan } from './sessionSpan.ts';
import { windowStatistics, type WindowStatistics } from './walkForward.ts';

/** Everything a verdict on a candidate rests on. */
export interface ValidationEvidence {
  /** Specifications that the search behind the candidate tried; 1 where nobody searched. */
  readonly trials: number;
  /** Windows the plan asked for. */
  readonly windowsPlanned: number;
  /** Those that were judged, oldest first; they overlap. */
  readonly windows: readonly {
    readonly index: number;
    /** Sessions it trained on, first and last. */
    readonly train: SessionSpan;
    readonly stretch: JudgedStretch;
  }[];
  /** The one out-of-sample history of the windows: it judges the procedure. */
  readonly stitched: JudgedStretch;
  /** Exactly the candidate's bytes on the last sessions, which its training never saw. */
  readonly holdout: JudgedStretch;
  /** Of the stitched returns. */
  readonly simulation: MonteCarloResult;
  /** Drawdown that the simulation counts as ruin, a fraction. */
  readonly ruinDrawdown: number;
}

/** Every curve of a stretch: the strategies that were played, and the benchmark. */
export type CurveName = StrategyName | 'benchmark';

/** Curves beside the candidate's, as reports order them. */
export const baselineNames = ['naive', 'ridge', 'equalWeight', 'benchmark'] as const satisfies readonly CurveName[];

/** Daily returns of every curve of a stretch, fractions. */
export function curvesOf({ returns, benchmark }: JudgedStretch): Readonly<Record<CurveName, readonly number[]>> {
  return { ...returns, benchmark };
}

/** Figures of every curve of a stretch; those of the strategies are held against the benchmark. */
export function figuresOfCurves({ returns, benchmark }: JudgedStretch): Readonly<Record<CurveName, ReturnFigures>> {
  const strategies = strategyNames.map((name) => [name, returnFigures(returns[name], benchmark)] as const);
  return {
    ...(Object.fromEntries(strategies) as Record<StrategyName, ReturnFigures>),
    benchmark: returnFigures(benchmark),
  };
}

/** Statistics over the candidate's Sharpe ratios by window. */
export function statisticsOfWindows({ windows }: Pick<ValidationEvidence, 'windows'>): WindowStatistics {
  return windowStatistics(
    windows.map(({ stretch: { sessions, returns } }) => ({
      sharpe: sharpeRatio(returns.network),
      testFrom: sessions[0]!,
      testTo: sessions.at(-1)!,
    })),
  );
}
