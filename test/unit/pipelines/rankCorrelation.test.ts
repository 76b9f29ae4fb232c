import { assert, double, property, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankCorrelation } from '#pipelines/rankCorrelation.ts';

describe('rank correlation', () => {
  // scipy.stats.spearmanr of the same values.
  it.each([
    [[1, 2, 3, 4, 5], [5, 6, 7, 8, 7], 0.8207826816681233],
    [[106, 100, 86, 101, 99, 103, 97, 113, 112, 110], [7, 27, 2, 50, 28, 29, 20, 12, 6, 17], -0.17575757575757575],
    [[1, 1, 2, 2], [1, 2, 1, 2], 0],
  ])('of %j and %j is %d', (a, b, known) => expect(rankCorrelation(a, b)).toBeCloseTo(known, 12));

  it('is one for any rising change of either side, minus one for a falling one', () => {
    const values = uniqueArray(double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 3, maxLength: 30 });
    assert(
      property(values, (given) => {
        const falling = given.map((value) => -value);
        expect(rankCorrelation(given, given)).toBeCloseTo(1, 12);
        expect(rankCorrelation(given, falling)).toBeCloseTo(-1, 12);
      }),
    );
  });

  it('is undefined where nothing moves or there is one value, and refuses unequal lengths', () => {
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNull();
    expect(rankCorrelation([1], [1])).toBeNull();
    expect(() => rankCorrelation([1], [1, 2])).toThrow(RangeError);
  });
});
