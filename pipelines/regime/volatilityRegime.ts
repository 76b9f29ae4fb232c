import { volatilityRegimes, type VolatilityRegime } from '#domain/regimeLimits.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { sessionsPerYear } from '#domain/sessionsPerYear.ts';

/** The market at a session's close, by nothing later than that close. */
export interface RegimeReading {
  readonly session: SessionDate;
  /** Exponentially weighted volatility of daily log returns, annualised by the square root of 252. */
  readonly volatility: number;
  /** Fraction of the look-back's volatilities that are lower; ties count half. */
  readonly rank: number;
  readonly regime: VolatilityRegime;
}

/** What the model is set to. */
export interface RegimeTerms {
  /** Decay of the variance a session; RiskMetrics (J.P. Morgan 1996) has 0.94 for daily returns. */
  readonly decay: number;
  /** Sessions whose volatilities a session is ranked among, itself the last of them. */
  readonly lookBackSessions: number;
  /** Sessions of returns before the first reading. */
  readonly warmUpSessions: number;
  /** Ranks from which a market is normal, turbulent, in crisis. */
  readonly ranks: readonly [number, number, number];
  /** A regime is left for a calmer one only when the rank is this far under the one it begins at. */
  readonly hysteresis: number;
}

/** Three years of memory; a reading after one. */
export const defaultRegimeTerms: RegimeTerms = {
  decay: 0.94,
  lookBackSessions: 756,
  warmUpSessions: 252,
  ranks: [0.33, 0.75, 0.95],
  hysteresis: 0.05,
};

/**
 * Volatility regimes of a market. Variance is exponentially weighted over squared log returns, begun with the mean of
 * the first `warmUpSessions`; each session's volatility is ranked among those of its look-back, and the regime follows
 * the rank, with hysteresis against flicker. A reading never changes when later sessions are added.
 * @param sessions shape [sessions], ascending
 * @param closes shape [sessions], finite and > 0
 * @returns one reading a session from the end of the warm-up on; empty when the history is shorter
 */
export function readVolatilityRegimes(
  sessions: readonly SessionDate[],
  closes: Float64Array,
  terms: RegimeTerms = defaultRegimeTerms,
): readonly RegimeReading[] {
  const { decay, lookBackSessions, warmUpSessions } = terms;
  const squares = Float64Array.from(closes, (close, row) => (row === 0 ? 0 : Math.log(close / closes[row - 1]!) ** 2));
  if (closes.length <= warmUpSessions) return [];
  let variance = squares.subarray(1, warmUpSessions + 1).reduce((sum, square) => sum + square, 0) / warmUpSessions;
  const volatilities: number[] = [];
  const readings: RegimeReading[] = [];
  for (let row = warmUpSessions; row < closes.length; row += 1) {
    if (row > warmUpSessions) variance = decay * variance + (1 - decay) * squares[row]!;
    const volatility = Math.sqrt(variance * sessionsPerYear);
    volatilities.push(volatility);
    const rank = rankAmong(volatilities.slice(-lookBackSessions), volatility);
    const regime = regimeAfter(readings.at(-1)?.regime, rank, terms);
    readings.push({ session: sessions[row]!, volatility, rank, regime });
  }
  return readings;
}

function rankAmong(values: readonly number[], value: number): number {
  let lower = 0;
  let equal = 0;
  for (const other of values) {
    if (other < value) lower += 1;
    else if (other === value) equal += 1;
  }
  return (lower + equal / 2) / values.length;
}

function regimeAfter(before: VolatilityRegime | undefined, rank: number, terms: RegimeTerms): VolatilityRegime {
  const level = (reached: number): number => terms.ranks.filter((begins) => reached >= begins).length;
  const held = before === undefined ? 0 : volatilityRegimes.indexOf(before);
  const risen = level(rank);
  const kept = Math.min(held, level(rank + terms.hysteresis));
  return volatilityRegimes[Math.max(risen, kept)]!;
}
