import { recentWeights, stackedWeights, type RecencySettings } from './ensembles.ts';

/** What several forecasters said of samples, and what came of them. */
export interface JudgedForecasts {
  /** Shape [members][samples], oldest first. */
  readonly forecasts: readonly Float64Array[];
  /** Shape [samples]. */
  readonly outcomes: Float64Array;
  /** Session of each sample, ascending; any text or number that tells sessions apart. */
  readonly sessions: readonly (string | number)[];
  /** Sessions after a sample's own until its outcome is known. */
  readonly reachSessions: number;
}

/** Ways to weigh members. */
export type EnsembleWay = 'average' | 'recent performance' | 'stacking';

/** A quarter of a year of six stocks; inverse errors as they are. */
export const usualRecency: RecencySettings = { halfLife: 378, sharpness: 1 };

/**
 * Forecasts of ensembles that learn their weights on the way: those of a session come from the outcomes that were known
 * by then, so that every sample is forecast by who had not seen it. Until an outcome is known, all members count the same.
 * @returns shape [samples] for each way
 * @throws Failure MODEL_SHAPE_MISMATCH when a member has another number of forecasts
 */
export function forwardEnsembles(
  { forecasts, outcomes, sessions, reachSessions }: JudgedForecasts,
  recency: RecencySettings = usualRecency,
): Readonly<Record<EnsembleWay, Float64Array>> {
  const firsts = [...sessions.keys()].filter((at) => at === 0 || sessions[at] !== sessions[at - 1]);
  const alike = new Float64Array(forecasts.length).fill(1 / forecasts.length);
  const mixed = { average: new Float64Array(outcomes.length), 'recent performance': new Float64Array(outcomes.length) };
  const stacking = new Float64Array(outcomes.length);
  for (const [session, first] of firsts.entries()) {
    // Where the first session lies whose outcomes are still unknown.
    const known = firsts[Math.max(0, session - reachSessions + 1)] ?? 0;
    const seen = forecasts.map((own) => own.subarray(0, known));
    const came = outcomes.subarray(0, known);
    const [recent, stacked] =
      known > 0 ? [recentWeights(seen, came, recency), stackedWeights(seen, came)] : [alike, alike];
    const end = firsts[session + 1] ?? outcomes.length;
    for (let at = first; at < end; at += 1) {
      mixed.average[at] = weighted(forecasts, alike, at);
      mixed['recent performance'][at] = weighted(forecasts, recent, at);
      stacking[at] = weighted(forecasts, stacked, at);
    }
  }
  return { ...mixed, stacking };
}

function weighted(forecasts: readonly Float64Array[], weights: Float64Array, at: number): number {
  return forecasts.reduce((sum, own, member) => sum + weights[member]! * own[at]!, 0);
}
