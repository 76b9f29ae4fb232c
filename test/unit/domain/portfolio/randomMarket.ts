import * as fc from 'fast-check';
import { crossProducts } from '#domain/portfolio/crossProducts.ts';
import type { Moments } from '#domain/portfolio/frontier.ts';
import type { SymmetricMatrix } from '#domain/portfolio/symmetricMatrix.ts';

const figure = fc.integer({ min: -1_000, max: 1_000 }).map((value) => value / 1_000);

/** A positive definite matrix with a diagonal from about 0.05 on. */
export function definiteMatrix(size: number): fc.Arbitrary<SymmetricMatrix> {
  return fc
    .array(fc.array(figure, { minLength: size, maxLength: size }), { minLength: size, maxLength: size })
    .map((rows) => {
      const { values } = crossProducts(rows.map((row) => Float64Array.from(row, (value) => 0.3 * value)));
      for (let place = 0; place < size; place += 1) values[place * (size + 1)]! += 0.05;
      return { size, values };
    });
}

/** Assets with expected returns from -20 to 20 percent. */
export function randomMoments(size: number): fc.Arbitrary<Moments> {
  return fc
    .record({ covariance: definiteMatrix(size), expected: fc.array(figure, { minLength: size, maxLength: size }) })
    .map(({ covariance, expected }) => ({
      assets: Array.from({ length: size }, (_, place) => `A${place}`),
      expected: Float64Array.from(expected, (value) => 0.2 * value),
      covariance,
    }));
}
