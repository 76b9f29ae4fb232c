import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossProducts } from '#domain/portfolio/crossProducts.ts';
import { entry } from '#domain/portfolio/symmetricMatrix.ts';

/** Products added one after another, so many observations at a time. */
function plainSum(left: Float64Array, right: Float64Array, stretch: number): number {
  let whole = 0;
  for (let from = 0; from < left.length; from += stretch) {
    let sum = 0;
    for (let time = from; time < Math.min(left.length, from + stretch); time += 1) sum += left[time]! * right[time]!;
    whole += sum;
  }
  return whole;
}

const plainMatrix = (series: readonly Float64Array[], stretch: number): Float64Array =>
  Float64Array.from(series.flatMap((one) => series.map((other) => plainSum(one, other, stretch))));

/** Series without a pattern, from -1 to 1. */
const waves = (size: number, length: number): readonly Float64Array[] =>
  Array.from({ length: size }, (_, index) =>
    Float64Array.from({ length }, (__, time) => Math.sin((index + 1.3) * (time + 0.7) ** 2)),
  );

describe('cross products', () => {
  it('are a plain loop’s to the last bit, of however many series and observations', () => {
    const table = fc
      .tuple(fc.integer({ min: 1, max: 11 }), fc.integer({ min: 0, max: 20 }))
      .chain(([size, length]) =>
        fc.array(fc.float64Array({ minLength: length, maxLength: length }), { minLength: size, maxLength: size }),
      );
    fc.assert(
      fc.property(table, (series) => {
        expect(crossProducts(series)).toEqual({ size: series.length, values: plainMatrix(series, 256) });
      }),
    );
  });

  it('are added 256 observations at a time', () => {
    const series = waves(9, 600);
    expect(crossProducts(series).values).toEqual(plainMatrix(series, 256));
    expect(crossProducts(series).values).not.toEqual(plainMatrix(series, 600));
  });

  it('of so many series that fewer observations fit at a time are as exact', () => {
    const series = waves(1_101, 240);
    const products = crossProducts(series);
    for (const [one, other] of [
      [0, 0],
      [3, 1_100],
      [1_100, 1_100],
      [1_100, 2],
      [777, 778],
    ] as const) {
      expect(entry(products, one, other)).toBeCloseTo(plainSum(series[one]!, series[other]!, 240), 11);
    }
  });

  it('of no series are none, and of series of different lengths refused', () => {
    expect(crossProducts([])).toEqual({ size: 0, values: new Float64Array(0) });
    expect(() => crossProducts([new Float64Array(3), new Float64Array(2)])).toThrow(RangeError);
  });
});
