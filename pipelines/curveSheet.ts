import { returnFigures } from './metrics.ts';
import { knownOf, type TearSheet } from './tearSheet/sheet.ts';

/** A curve of returns with whatever else is known of it. */
export type CurveSubject = Omit<TearSheet, 'metrics' | 'gates' | 'risk' | 'baselines'> &
  Partial<Pick<TearSheet, 'gates' | 'risk' | 'baselines'>>;

/**
 * The tear sheet of a curve that no model stands behind: its figures beside those of the benchmark and of every baseline.
 * @throws RangeError for a return that no account can have
 */
export function curveSheet(subject: CurveSubject): TearSheet {
  const { strategy, baselines = {} } = subject;
  const benchmark = knownOf(subject.benchmark);
  const figures = Object.entries(baselines).map(([name, returns]) => [name, { ...returnFigures(returns, benchmark) }]);
  return {
    gates: [],
    risk: { unknown: 'the curve is not of an account that limits and a breaker held.' },
    ...subject,
    baselines,
    metrics: {
      strategy: { ...returnFigures(strategy, benchmark) },
      ...(benchmark && { benchmark: { ...returnFigures(benchmark) } }),
      ...(Object.fromEntries(figures) as TearSheet['metrics']),
    },
  };
}
