import { array, assert, boolean, double, integer, property, record, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advantageEstimates, normalised } from '#models/agents/advantages.ts';

const number = double({ min: -10, max: 10, noNaN: true });
const rollouts = integer({ min: 1, max: 3 }).chain((environments) =>
  integer({ min: 1, max: 12 }).chain((steps) => {
    const column = array(number, { minLength: steps * environments, maxLength: steps * environments });
    const ended = array(boolean(), { minLength: steps * environments, maxLength: steps * environments });
    return record({ rewards: column, values: column, nextValues: column, ended }).map((columns) => ({
      environments,
      steps,
      rewards: Float64Array.from(columns.rewards),
      values: Float64Array.from(columns.values),
      nextValues: Float64Array.from(columns.nextValues),
      ended: Uint8Array.from(columns.ended, Number),
    }));
  }),
);

describe('generalised advantages', () => {
  it('are the sums that define them, cut at the end of an episode', () => {
    const fraction = double({ min: 0, max: 1, noNaN: true });
    const defined = property(rollouts, tuple(fraction, fraction), (rollout, [gamma, lambda]) => {
      const { environments, steps, rewards, values, nextValues, ended } = rollout;
      const estimates = advantageEstimates(rollout, { gamma, lambda });
      for (let row = 0; row < rewards.length; row += 1) {
        let wanted = 0;
        for (let later = row, weight = 1; later < steps * environments; later += environments) {
          wanted += weight * (rewards[later]! + gamma * nextValues[later]! - values[later]!);
          weight *= gamma * lambda;
          if (ended[later] === 1) break;
        }
        expect(estimates[row]).toBeCloseTo(wanted, 8);
      }
    });
    assert(defined, { numRuns: 200 });
  });

  it('are normalised to mean 0 and standard deviation 1, and to 0 where they do not differ', () => {
    const given = Float32Array.of(1, 2, 3, 6);
    const scaled = normalised(given);
    expect(scaled.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 6);
    expect(scaled.reduce((sum, value) => sum + value ** 2, 0) / 3).toBeCloseTo(1, 6);
    expect(normalised(new Float32Array(4).fill(2.5))).toEqual(new Float32Array(4));
    expect(normalised(Float32Array.of(7))).toEqual(new Float32Array(1));
  });
});
