import { describe, expect, it } from 'vitest';
import { chiSquare, standardNormal, studentT, type Distribution } from '#domain/distributions.ts';

// Tabled quantiles; of two degrees of freedom both have closed forms.
const known: readonly (readonly [string, Distribution, number, number])[] = [
  ['the standard normal', standardNormal, 2.3263478740408408, 0.99],
  ['the standard normal, far out', standardNormal, -6.361340902404056, 1e-10],
  ["Student's t of 5 degrees", studentT(5), -3.3649299989072743, 0.01],
  ["Student's t of 2 degrees", studentT(2), 0.9 / Math.sqrt(0.095), 0.95],
  ['chi-square of 1 degree', chiSquare(1), 3.841458820694124, 0.95],
  ['chi-square of 2 degrees', chiSquare(2), -2 * Math.log(0.01), 0.99],
];

describe('distributions', () => {
  it.each(known)('give the known values of %s', (...[, distribution, value, probability]) => {
    expect(distribution.cumulative(value)).toBeCloseTo(probability, 9);
    expect(Math.abs(distribution.quantile(probability) / value - 1)).toBeLessThan(1e-8);
  });

  it('have densities that are the slopes of their cumulative probabilities', () => {
    for (const [, distribution] of known) {
      const slope = (distribution.cumulative(0.7001) - distribution.cumulative(0.6999)) / 0.0002;
      expect(distribution.density(0.7)).toBeCloseTo(slope, 5);
    }
  });

  it('refuse what is no probability and no degree of freedom', () => {
    for (const probability of [0, 1, -0.1, Number.NaN]) {
      expect(() => standardNormal.quantile(probability)).toThrow(RangeError);
      expect(() => chiSquare(1).quantile(probability)).toThrow(RangeError);
    }
    expect(() => studentT(0)).toThrow(RangeError);
  });
});
