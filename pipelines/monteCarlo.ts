import { blockBootstrap } from './blockBootstrap.ts';
import { checkReturns } from './metrics/growth.ts';
import { mean } from './metrics/moments.ts';
import { quantileOfSorted } from '#domain/quantile.ts';
import { fitGarch, garchPaths } from './monteCarlo/garch.ts';
import { pathFigures } from './monteCarlo/pathFigures.ts';
import { reshuffler } from './monteCarlo/reshuffle.ts';

/** Ways to make paths of a curve: blocks of its days, its own days in other orders, a fitted model of its volatility. */
export const simulationMethods = ['bootstrap', 'reshuffle', 'garch'] as const;

/** One way to make paths. */
export type SimulationMethod = (typeof simulationMethods)[number];

/** How paths are made. */
export interface MonteCarloPlan {
  readonly method: SimulationMethod;
  /** 1,000 unless somebody knows better. */
  readonly paths: number;
  /** Mean length of a block of the bootstrap, sessions. */
  readonly meanBlockSessions: number;
  /** A drawdown over this is ruin; a fraction. */
  readonly ruinDrawdown: number;
  /** Rows after which a trade had closed: a reshuffle moves the stretches between them; absent: single sessions. */
  readonly tradeEnds?: readonly number[];
}

/** Percentiles over paths, by name, and how often ruin came; plain JSON. */
export interface MonteCarloResult {
  readonly method: SimulationMethod;
  readonly paths: number;
  readonly totalReturn: Percentiles;
  readonly maximumDrawdown: Percentiles;
  /** Over the paths whose returns vary. */
  readonly sharpe: Percentiles;
  /** Part of the paths whose maximum drawdown exceeds the plan's. */
  readonly ruinProbability: number;
  /** Part of the paths that end below where they began. */
  readonly lossProbability: number;
  /** Sessions after the start of each point of the fan, from 0 on. */
  readonly fanSessions: readonly number[];
  /** Growth of one dollar by percentile at each point, for a picture. */
  readonly fan: readonly { readonly percentile: number; readonly values: readonly number[] }[];
}

/** The 5th, 25th, 50th, 75th and 95th percentile. */
export type Percentiles = Readonly<Record<'p05' | 'p25' | 'p50' | 'p75' | 'p95', number | null>>;

const levels = { p05: 0.05, p25: 0.25, p50: 0.5, p75: 0.75, p95: 0.95 } as const;
const fanPointsMax = 60;

/**
 * Makes paths as long as the curve, and says how they spread. The bootstrap and the reshuffle know only what the returns
 * knew: a crash that is not among them comes in no path.
 * @param returns shape [sessions], daily simple returns, finite, at least one
 * @param random source in [0, 1), seeded; the same one gives the same paths
 * @throws RangeError without returns or paths, for a block of less than one session, or for returns no account can have;
 *   Failure SIMULATION_IMPOSSIBLE where a GARCH model cannot be fitted
 */
export function monteCarlo(returns: ArrayLike<number>, plan: MonteCarloPlan, random: () => number): MonteCarloResult {
  const sample = Float64Array.from(returns);
  checkReturns(sample);
  const { paths, ruinDrawdown } = plan;
  if (!Number.isSafeInteger(paths) || paths < 1) throw new RangeError(`paths must be a whole number, not ${paths}`);
  if (sample.length === 0) throw new RangeError('there are no returns to make paths of');
  const draw = pathsOf(sample, plan, random);
  const fanSessions = fanPoints(sample.length);
  const totals = new Float64Array(paths);
  const deepest = new Float64Array(paths);
  const sharpes: number[] = [];
  // Shape [points, paths]: each point's values lie together, to be sorted in place.
  const growth = new Float64Array(fanSessions.length * paths);
  const path = new Float64Array(sample.length);
  const centre = mean(sample)!;
  for (let index = 0; index < paths; index += 1) {
    draw(path);
    const figures = pathFigures(path, centre, { rows: fanSessions, into: growth, first: index, stride: paths });
    totals[index] = figures.totalReturn;
    deepest[index] = figures.maximumDrawdown;
    if (figures.sharpe !== null) sharpes.push(figures.sharpe);
  }
  const byPoint = fanSessions.map((_, point) => growth.subarray(point * paths, (point + 1) * paths).sort());
  return {
    method: plan.method,
    paths,
    totalReturn: percentiles(totals),
    maximumDrawdown: percentiles(deepest),
    sharpe: percentiles(Float64Array.from(sharpes)),
    ruinProbability: deepest.filter((drawdown) => drawdown > ruinDrawdown).length / paths,
    lossProbability: totals.filter((total) => total < 0).length / paths,
    fanSessions,
    fan: Object.values(levels).map((percentile) => ({
      percentile,
      values: byPoint.map((sorted) => quantileOfSorted(sorted, percentile)),
    })),
  };
}

/** What writes one path after the other. */
function pathsOf(
  sample: Float64Array,
  { method, meanBlockSessions, tradeEnds }: MonteCarloPlan,
  random: () => number,
): (into: Float64Array) => void {
  if (method === 'garch') return garchPaths(sample, fitGarch(sample), random);
  if (method === 'bootstrap') return (into) => blockBootstrap(sample, { meanBlockSessions, random, into });
  const ends = tradeEnds ?? Array.from(sample, (_, row) => row + 1);
  // What follows the last trade is a stretch of its own.
  return reshuffler(sample, ends.at(-1) === sample.length ? ends : [...ends, sample.length], random);
}

/** Start, end, and evenly between them: at most `fanPointsMax` intervals. */
function fanPoints(sessions: number): readonly number[] {
  const intervals = Math.min(sessions, fanPointsMax);
  return Array.from({ length: intervals + 1 }, (_, point) => Math.round((point * sessions) / intervals));
}

function percentiles(values: Float64Array): Percentiles {
  const sorted = values.toSorted();
  const at = (level: number): number | null => (sorted.length > 0 ? quantileOfSorted(sorted, level) : null);
  return {
    p05: at(levels.p05),
    p25: at(levels.p25),
    p50: at(levels.p50),
    p75: at(levels.p75),
    p95: at(levels.p95),
  };
}
