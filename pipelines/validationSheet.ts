import type { WeighedGate } from '#domain/promotion.ts';
import type { StrategyName } from './judgedStretch.ts';
import { sharpeRatio } from './metrics.ts';
import { sheetSimulation } from './sheetSimulation.ts';
import type { TearSheet } from './tearSheet/sheet.ts';
import { figuresOfCurves, type ValidationEvidence } from './validationEvidence.ts';

/** Curves by the name people read. */
export const curveTitles: Readonly<Record<Exclude<StrategyName, 'network'>, string>> = {
  naive: 'naive',
  ridge: 'ridge',
  equalWeight: 'equal weight',
};

/** What a sheet is of. */
export interface SheetSubject {
  readonly model: string;
  readonly modelVersion: string;
  readonly artifactDigest: string;
}

/** The tear sheet of a validation. */
export function validationSheet(
  { model, modelVersion, artifactDigest }: SheetSubject,
  evidence: ValidationEvidence,
  said: { readonly gates: readonly WeighedGate[]; readonly caveats: readonly string[] },
): TearSheet {
  const { stitched, holdout, windows, simulation } = evidence;
  const { network, benchmark, ...baselines } = figuresOfCurves(stitched);
  const titled = Object.entries(curveTitles) as [keyof typeof curveTitles, string][];
  return {
    title: `${model} ${modelVersion}`,
    subtitle: `walk-forward, out of sample, after costs · artifact ${artifactDigest.slice(0, 16)}`,
    sessions: stitched.sessions,
    strategy: stitched.returns.network,
    benchmark: stitched.benchmark,
    baselines: Object.fromEntries(titled.map(([name, title]) => [title, stitched.returns[name]])),
    metrics: {
      strategy: { ...network },
      benchmark: { ...benchmark },
      ...Object.fromEntries(titled.map(([name, title]) => [title, { ...baselines[name] }])),
      'candidate, holdout': { ...figuresOfCurves(holdout).network },
    },
    windows: windows.map(({ index, train, stretch: { sessions, returns } }) => ({
      index,
      train,
      testFrom: sessions[0]!,
      testTo: sessions.at(-1)!,
      sharpe: sharpeRatio(returns.network),
      totalReturn: returns.network.reduce((equity, value) => equity * (1 + value), 1) - 1,
    })),
    monteCarlo: sheetSimulation(simulation, evidence.ruinDrawdown),
    gates: said.gates,
    risk: { procedure: stitched.risk, holdout: holdout.risk },
    ...stitched.activity,
    caveats: said.caveats,
  };
}
