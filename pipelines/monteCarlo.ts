import { drawdown, quantile, sharpeRatio } from './metrics.ts';

/** How returns are resampled. */
export interface MonteCarloPlan {
  readonly paths: number;
  /** Mean length of a block, sessions. */
  readonly meanBlockSessions: number;
  /** A drawdown over this is ruin; a fraction. */
  readonly ruinDrawdown: number;
}

/** Percentiles over paths, by name, and how often ruin came. */
export interface MonteCarloResult {
  readonly paths: number;
  readonly totalReturn: Percentiles;
  readonly maximumDrawdown: Percentiles;
  readonly sharpe: Percentiles;
  readonly ruinProbability: number;
  /** Growth of one dollar by percentile at about 60 points in time, for a picture. */
  readonly fan: readonly { readonly percentile: number; readonly values: readonly number[] }[];
}

/** The 5th, 25th, 50th, 75th and 95th percentile. */
export type Percentiles = Readonly<Record<'p05' | 'p25' | 'p50' | 'p75' | 'p95', number | null>>;

const levels = { p05: 0.05, p25: 0.25, p50: 0.5, p75: 0.75, p95: 0.95 } as const;
const fanPointsMax = 60;

/**
 * Stationary block bootstrap (Politis and Romano 1994): blocks of random, geometrically distributed length, wrapped
 * around the end, keep what days in a row have in common.
 * @param returns shape [sessions], daily simple returns, at least one
 * @param random source in [0, 1); the same one gives the same paths
 * @throws RangeError without returns, paths or a block length of at least one
 */
export function monteCarlo(returns: readonly number[], plan: MonteCarloPlan, random: () => number): MonteCarloResult {
  const { paths, meanBlockSessions, ruinDrawdown } = plan;
  if (returns.length === 0 || paths < 1 || meanBlockSessions < 1) throw new RangeError('nothing to resample');
  const stride = Math.max(1, Math.ceil(returns.length / fanPointsMax));
  const growths: number[][] = [];
  const figures = Array.from({ length: paths }, () => {
    const path = resample(returns, meanBlockSessions, random);
    let equity = 1;
    const growth: number[] = [1];
    for (const [index, value] of path.entries()) {
      equity *= 1 + value;
      if ((index + 1) % stride === 0 || index === path.length - 1) growth.push(equity);
    }
    growths.push(growth);
    return { totalReturn: equity - 1, maximumDrawdown: drawdown(path), sharpe: sharpeRatio(path) };
  });
  const points = growths[0]!.length;
  const byPoint = Array.from({ length: points }, (_, point) => growths.map((growth) => growth[point]!).sort(ascending));
  return {
    paths,
    totalReturn: percentiles(figures.map(({ totalReturn }) => totalReturn)),
    maximumDrawdown: percentiles(figures.map((figure) => figure.maximumDrawdown)),
    sharpe: percentiles(figures.flatMap(({ sharpe }) => (sharpe === null ? [] : [sharpe]))),
    ruinProbability: figures.filter((figure) => figure.maximumDrawdown > ruinDrawdown).length / paths,
    fan: Object.values(levels).map((level) => ({
      percentile: level,
      values: byPoint.map((sorted) => quantile(sorted, level)),
    })),
  };
}

function resample(returns: readonly number[], meanBlockSessions: number, random: () => number): number[] {
  const pick = (): number => Math.floor(random() * returns.length);
  let at = pick();
  return Array.from({ length: returns.length }, (_, index) => {
    if (index > 0) at = random() < 1 / meanBlockSessions ? pick() : (at + 1) % returns.length;
    return returns[at]!;
  });
}

function percentiles(values: readonly number[]): Percentiles {
  const sorted = values.toSorted(ascending);
  const at = (level: number): number | null => (sorted.length > 0 ? quantile(sorted, level) : null);
  return Object.fromEntries(Object.entries(levels).map(([name, level]) => [name, at(level)])) as unknown as Percentiles;
}

function ascending(a: number, b: number): number {
  return a - b;
}
