import type { RiskRecord } from './backtest/playStrategy.ts';
import type { JudgedStretch } from './judgedStretch.ts';
import type { ReturnFigures } from './metrics.ts';
import { selectionFigures } from './overfit/selectionFigures.ts';
import { baselineNames, curvesOf, figuresOfCurves, type ValidationEvidence } from './validationEvidence.ts';

/** Figures by name; null where a statistic is undefined. docs/metrics.md says what each is. */
export type NamedFigures = Readonly<Record<string, number | null>>;

/** Without these nothing can be said of a candidate: an undefined one fails the plumbing check. */
const definedFigures = [
  'walkForward.sharpe',
  'walkForward.maximumDrawdown',
  'holdout.totalReturn',
  'baseline.benchmark.sharpe',
  'baseline.benchmark.maximumDrawdown',
] as const;

/** Every figure of a validation: what gates read, MLflow keeps and people are shown. */
export function validationFigures(evidence: ValidationEvidence): NamedFigures {
  const { stitched, holdout, simulation, windows, windowsPlanned, trials } = evidence;
  const procedure = figuresOfCurves(stitched);
  const held = figuresOfCurves(holdout);
  const own = procedure.network.sharpe;
  const figures = Object.fromEntries<number | null>([
    ...named('walkForward', procedure.network),
    ...named('holdout', held.network),
    ...baselineNames.flatMap((name): [string, number | null][] => {
      const { sharpe, maximumDrawdown, annualReturn } = procedure[name];
      return [
        [`walkForward.excessSharpe.${name}`, own === null || sharpe === null ? null : own - sharpe],
        [`baseline.${name}.sharpe`, sharpe],
        [`baseline.${name}.annualReturn`, annualReturn],
        [`baseline.${name}.maximumDrawdown`, maximumDrawdown],
        [`baseline.${name}.holdoutSharpe`, held[name].sharpe],
      ];
    }),
    ...activity('walkForward', stitched),
    ...activity('holdout', holdout),
    ...Object.entries(selectionFigures(stitched.returns.network, trials)).map(
      ([name, value]): [string, number | null] => [`overfit.${name}`, value as number | null],
    ),
    ['monteCarlo.sharpe.p05', simulation.sharpe.p05],
    ['monteCarlo.maximumDrawdown.p95', simulation.maximumDrawdown.p95],
    ['monteCarlo.ruinProbability', simulation.ruinProbability],
  ]);
  return {
    ...figures,
    'plumbing.figuresFinite': allFinite([stitched, holdout], figures) ? 1 : 0,
    'plumbing.windowsCompleteFraction': windowsPlanned > 0 ? windows.length / windowsPlanned : 0,
    // Whoever asks for the figures has verified the scored bytes against the registered digest.
    'plumbing.artifactDigestVerified': 1,
  };
}

/** Times an account became halted. */
export function haltsOf({ changes }: RiskRecord): RiskRecord['changes'] {
  return changes.filter(({ to }) => to === 'halted');
}

function named(prefix: string, figures: ReturnFigures): [string, number | null][] {
  return Object.entries(figures).map(([name, value]) => [`${prefix}.${name}`, value as number | null]);
}

/** What the candidate's account did, and what was done to it. */
function activity(prefix: string, stretch: JudgedStretch): [string, number][] {
  const { trades, turnover, exposure, costs, dividends, risk } = stretch;
  const denied = Object.values(risk.denied).reduce((sum, count) => sum + count, 0);
  return [
    [`${prefix}.trades`, trades],
    [`${prefix}.turnover`, turnover],
    [`${prefix}.exposure`, exposure],
    [`${prefix}.costsDollars`, costs],
    [`${prefix}.dividendsDollars`, dividends],
    [`${prefix}.deniedOrders`, denied],
    [`${prefix}.reductions`, risk.changes.filter(({ to }) => to === 'reducing').length],
    [`${prefix}.halts`, haltsOf(risk).length],
    [`${prefix}.reducingSessions`, risk.reducingSessions],
    [`${prefix}.haltedSessions`, risk.haltedSessions],
  ];
}

/** JSON writes what is no number as null, and reading turns null into 0: so the daily returns themselves are looked at. */
function allFinite(stretches: readonly JudgedStretch[], figures: NamedFigures): boolean {
  const returns = stretches.flatMap((stretch) => Object.values(curvesOf(stretch)));
  return (
    returns.every((curve) => curve.length > 0 && curve.every(Number.isFinite)) &&
    Object.values(figures).every((value) => value === null || Number.isFinite(value)) &&
    definedFigures.every((name) => Number.isFinite(figures[name]))
  );
}
