import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forwardEnsembles, type JudgedForecasts } from '#models/forwardEnsembles.ts';
import { RandomSource } from '#models/randomSource.ts';

const recency = { halfLife: 20, sharpness: 2 };

/** Two samples a session: one member knows the outcome but for little, the other knows nothing. */
function judged(seed: number, sessions = 30): JudgedForecasts {
  const normal = new RandomSource(seed, 0).fillNormal(new Float32Array(6 * sessions));
  const count = 2 * sessions;
  const outcomes = Float64Array.from(normal.subarray(0, count));
  const wise = outcomes.map((outcome, at) => outcome + 0.1 * normal[count + at]!);
  const foolish = Float64Array.from(normal.subarray(2 * count, 3 * count));
  const of = Array.from({ length: count }, (_, at) => Math.floor(at / 2));
  return { forecasts: [wise, foolish], outcomes, sessions: of, reachSessions: 2 };
}

const error = (means: Float64Array, outcomes: Float64Array): number =>
  means.reduce((sum, value, at) => sum + (value - outcomes[at]!) ** 2, 0);

describe('ensembles that learn on the way', () => {
  it('know of a session only the outcomes that were known by then', () => {
    const property = fc.property(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 29 }), (seed, session) => {
      const given = judged(seed);
      const first = 2 * session;
      // Outcomes of the session before are still unknown: a label reaches two sessions.
      const unknown = Math.max(0, 2 * (session - 1));
      const outcomes = given.outcomes.map((outcome, at) => (at >= unknown ? outcome + 9 : outcome));
      const [before, after] = [given, { ...given, outcomes }].map((one) => forwardEnsembles(one, recency));
      for (const way of ['average', 'recent performance', 'stacking'] as const) {
        expect(after![way].subarray(0, first + 2)).toEqual(before![way].subarray(0, first + 2));
      }
    });
    expect(() => fc.assert(property, { numRuns: 30 })).not.toThrow();
  });

  it('do use what is known: another outcome two sessions back is another weight', () => {
    const given = judged(3);
    const outcomes = given.outcomes.map((outcome, at) => (at < 2 ? outcome + 9 : outcome));
    const [before, after] = [given, { ...given, outcomes }].map((one) => forwardEnsembles(one, recency));
    expect(after!['recent performance'].subarray(0, 4)).toEqual(before!['recent performance'].subarray(0, 4));
    expect(after!['recent performance'][4]).not.toBe(before!['recent performance'][4]);
    expect(after!.stacking[4]).not.toBe(before!.stacking[4]);
  });

  it('learn whom to trust, and beat the plain average by it', () => {
    const given = judged(7, 60);
    const { average, 'recent performance': recent, stacking } = forwardEnsembles(given, recency);
    expect(average[50]).toBeCloseTo((given.forecasts[0]![50]! + given.forecasts[1]![50]!) / 2, 12);
    expect(error(recent, given.outcomes)).toBeLessThan(error(average, given.outcomes));
    expect(error(stacking, given.outcomes)).toBeLessThan(error(average, given.outcomes));
  });

  it('begin with all members alike', () => {
    const given = judged(9);
    const { stacking } = forwardEnsembles(given, recency);
    expect(stacking[1]).toBeCloseTo((given.forecasts[0]![1]! + given.forecasts[1]![1]!) / 2, 12);
  });
});
