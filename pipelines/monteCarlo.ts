import { checkReturns } from './metrics/growth.ts';
import { quantileOfSorted } from './metrics/quantile.ts';
import { blockBootstrap } from './blockBootstrap.ts';
import { sampleDeviation } from './metrics/moments.ts';
import { sessionsPerYear } from '#domain/sizing.ts';

/** How returns are resampled. */
export interface MonteCarloPlan {
  /** 1,000 unless somebody knows better. */
  readonly paths: number;
  /** Mean length of a block, sessions. */
  readonly meanBlockSessions: number;
  /** A drawdown over this is ruin; a fraction. */
  readonly ruinDrawdown: number;
}

/** Percentiles over paths, by name, and how often ruin came; plain JSON. */
export interface MonteCarloResult {
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
 * Resamples daily returns into paths as long as themselves by the stationary block bootstrap, and says how the paths
 * spread. It knows only what the returns knew: a crash that is not among them comes in no path.
 * @param returns shape [sessions], daily simple returns, finite, at least one
 * @param random source in [0, 1), seeded; the same one gives the same paths
 * @throws RangeError without returns or paths, for a block of less than one session, or for returns no account can have
 */
export function monteCarlo(returns: ArrayLike<number>, plan: MonteCarloPlan, random: () => number): MonteCarloResult {
  const sample = Float64Array.from(returns);
  checkReturns(sample);
  const { paths, meanBlockSessions, ruinDrawdown } = plan;
  if (!Number.isSafeInteger(paths) || paths < 1) throw new RangeError(`paths must be a whole number, not ${paths}`);
  const fanSessions = fanPoints(sample.length);
  const totals = new Float64Array(paths);
  const deepest = new Float64Array(paths);
  const sharpes: number[] = [];
  // Shape [points, paths]: each point's values lie together, to be sorted in place.
  const growth = new Float64Array(fanSessions.length * paths);
  const path = new Float64Array(sample.length);
  for (let index = 0; index < paths; index += 1) {
    blockBootstrap(sample, { meanBlockSessions, random, into: path });
    const walked = walk(path, fanSessions, (point, value) => {
      growth[point * paths + index] = value;
    });
    totals[index] = walked.totalReturn;
    deepest[index] = walked.maximumDrawdown;
    if (walked.sharpe !== null) sharpes.push(walked.sharpe);
  }
  const byPoint = fanSessions.map((_, point) => growth.subarray(point * paths, (point + 1) * paths).sort());
  return {
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

/** Start, end, and evenly between them: at most `fanPointsMax` intervals. */
function fanPoints(sessions: number): readonly number[] {
  const intervals = Math.min(sessions, fanPointsMax);
  return Array.from({ length: intervals + 1 }, (_, point) => Math.round((point * sessions) / intervals));
}

interface Walked {
  readonly totalReturn: number;
  readonly maximumDrawdown: number;
  readonly sharpe: number | null;
}

/** One pass over a path, as the metrics define each figure; a thousand paths leave no room for a pass a figure. */
function walk(path: Float64Array, points: readonly number[], at: (point: number, value: number) => void): Walked {
  let [value, peak, maximumDrawdown, total, point] = [1, 1, 0, 0, 1];
  at(0, 1);
  for (let row = 0; row < path.length; row += 1) {
    const change = path[row]!;
    value *= 1 + change;
    total += change;
    if (value > peak) peak = value;
    else maximumDrawdown = Math.max(maximumDrawdown, 1 - value / peak);
    if (points[point] === row + 1) {
      at(point, value);
      point += 1;
    }
  }
  const deviation = sampleDeviation(path);
  const sharpe = deviation ? (total / path.length / deviation) * Math.sqrt(sessionsPerYear) : null;
  return { totalReturn: value - 1, maximumDrawdown, sharpe };
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
