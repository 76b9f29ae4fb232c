import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastSquares } from '#domain/costs/leastSquares.ts';

describe('least squares', () => {
  // Anscombe's first quartet: known slope, intercept and R squared.
  const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
  const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
  const ones = x.map(() => 1);

  it("fit Anscombe's first set as it is published", () => {
    const fitted = leastSquares([ones, x], y)!;
    expect(fitted.coefficients[0]).toBeCloseTo(3.000091, 6);
    expect(fitted.coefficients[1]).toBeCloseTo(0.500091, 6);
    expect(fitted.rSquared).toBeCloseTo(0.666542, 6);
    expect(fitted.residualStandardDeviation).toBeCloseTo(1.236603, 6);
    expect(fitted.observations).toBe(11);
  });

  it("have White's standard errors, worked out by the normal equations", () => {
    const fitted = leastSquares([ones, x], y)!;
    const [constant, slope] = fitted.coefficients as [number, number];
    const mean = x.reduce((sum, value) => sum + value, 0) / 11;
    const about = x.map((value) => value - mean);
    const squares = about.reduce((sum, value) => sum + value ** 2, 0);
    const errors = y.map((value, at) => value - constant - slope * x[at]!);
    const meat = about.reduce((sum, value, at) => sum + (value * errors[at]!) ** 2, 0);
    expect(fitted.standardErrors[1]).toBeCloseTo(Math.sqrt((meat / squares ** 2) * (11 / 9)), 12);
  });

  it('find what made the target, whatever the scale of the columns', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -100, max: 100 }), fc.integer({ min: -100, max: 100 })), { minLength: 5 }),
        fc.integer({ min: -9, max: 9 }),
        fc.integer({ min: -9, max: 9 }),
        (rows, first, second) => {
          const columns = [
            rows.map(() => 1),
            rows.map(([value]) => value * 1e6),
            rows.map(([, value]) => value * 1e-6),
          ];
          const fitted = leastSquares(
            columns,
            rows.map(([one, other]) => 3 + first * one + second * other),
          );
          if (fitted === undefined) return;
          expect(fitted.coefficients[1]! * 1e6).toBeCloseTo(first, 6);
          expect(fitted.coefficients[2]! * 1e-6).toBeCloseTo(second, 6);
        },
      ),
    ));

  it.each([
    [
      'no more observations than columns',
      [
        [1, 1],
        [1, 2],
      ],
      [1, 2],
    ],
    [
      'a column that follows from another',
      [
        [1, 1, 1],
        [2, 2, 2],
      ],
      [1, 2, 3],
    ],
    ['a column of nothing', [[0, 0, 0]], [1, 2, 3]],
  ])('tell nothing from %s', (_, columns, target) => expect(leastSquares(columns, target)).toBeUndefined());

  it('refuse figures that are none', () => {
    expect(() => leastSquares([[1, Number.NaN]], [1, 2])).toThrow(RangeError);
    expect(() => leastSquares([[1, 2, 3]], [1, 2])).toThrow(RangeError);
  });
});
