import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { returnsOfPrices } from '#domain/portfolio/assetReturns.ts';
import { choleskyFactor } from '#domain/portfolio/cholesky.ts';
import { covarianceMethods, dailyTerms, estimateCovariance } from '#domain/portfolio/covariance.ts';
import { expectedReturns } from '#domain/portfolio/expectedReturns.ts';
import { shrunkToConstantCorrelation, shrunkToIdentity } from '#domain/portfolio/ledoitWolf.ts';
import { positiveDefinite } from '#domain/portfolio/positiveDefinite.ts';
import { diagonal, entry } from '#domain/portfolio/symmetricMatrix.ts';

const yearly = { ...dailyTerms, periodsPerYear: 1 };
const history = (...returns: readonly (readonly number[])[]): { assets: string[]; returns: Float64Array[] } => ({
  assets: returns.map((_, place) => `A${place}`),
  returns: returns.map((series) => Float64Array.from(series)),
});
const two = history([0.01, 0.03, -0.01, 0.01], [0.02, 0.0, 0.0, 0.02]);
const randomHistory = (assets: number, periods: number): fc.Arbitrary<ReturnType<typeof history>> =>
  fc
    .array(fc.array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), { minLength: periods, maxLength: periods }), {
      minLength: assets,
      maxLength: assets,
    })
    .filter((rows) => rows.every((row) => Math.max(...row) - Math.min(...row) > 0.01))
    .map((rows) => history(...rows));

describe('covariance', () => {
  it('of a sample is the sum of products about the means over one period fewer', () => {
    const { matrix, report } = estimateCovariance(two, 'sample', yearly);
    expect(entry(matrix, 0, 0)).toBeCloseTo(0.0008 / 3, 15);
    expect(entry(matrix, 1, 1)).toBeCloseTo(0.0004 / 3, 15);
    expect(entry(matrix, 0, 1)).toBeCloseTo(-0.0002 * 0 + 0, 15);
    expect(report).toEqual({ method: 'sample', periods: 4, repair: { kind: 'none' } });
  });

  it('of a year is that of a period times the periods of a year', () => {
    const [day, year] = [yearly, dailyTerms].map((terms) => estimateCovariance(two, 'sample', terms).matrix);
    expect(entry(year!, 0, 0)).toBeCloseTo(252 * entry(day!, 0, 0), 14);
  });

  it('with exponential weights counts the last period most', () => {
    const { matrix } = estimateCovariance(history([0, 0, 0.03], [0.01, -0.01, 0]), 'exponential', {
      periodsPerYear: 1,
      span: 3,
    });
    // Weights 1/7, 2/7, 4/7; mean 0.12/7, mean of squares 0.0036/7.
    expect(entry(matrix, 0, 0)).toBeCloseTo(0.0036 / 7 - (0.12 / 7) ** 2, 15);
  });

  it('shrunk to constant correlation is drawn by the sums that the paper writes out pair by pair', () => {
    fc.assert(
      fc.property(randomHistory(3, 8), ({ returns }) => {
        const T = 8;
        const x = returns.map((series) => series.map((value) => value - series.reduce((a, b) => a + b, 0) / T));
        const mean = (of: (t: number) => number): number => x[0]!.reduce((sum, _, t) => sum + of(t), 0) / T;
        const s = x.map((one) => x.map((other) => mean((t) => one[t]! * other[t]!)));
        const pairs = [0, 1, 2].flatMap((i) => [0, 1, 2].map((j) => [i, j] as const));
        const apart = pairs.filter(([i, j]) => i !== j);
        const deviation = (i: number): number => Math.sqrt(s[i]![i]!);
        const r = apart.reduce((sum, [i, j]) => sum + s[i]![j]! / (deviation(i) * deviation(j)), 0) / apart.length;
        const pi = (i: number, j: number): number => mean((t) => (x[i]![t]! * x[j]![t]! - s[i]![j]!) ** 2);
        const theta = (i: number, k: number, j: number): number =>
          mean((t) => (x[k]![t]! ** 2 - s[k]![k]!) * (x[i]![t]! * x[j]![t]! - s[i]![j]!));
        const rho =
          pi(0, 0) +
          pi(1, 1) +
          pi(2, 2) +
          apart.reduce(
            (sum, [i, j]) =>
              sum +
              (r / 2) *
                ((deviation(j) / deviation(i)) * theta(i, i, j) + (deviation(i) / deviation(j)) * theta(i, j, j)),
            0,
          );
        const gamma = apart.reduce((sum, [i, j]) => sum + (r * deviation(i) * deviation(j) - s[i]![j]!) ** 2, 0);
        fc.pre(gamma > 1e-9);
        const intensity = (pairs.reduce((sum, [i, j]) => sum + pi(i, j), 0) - rho) / gamma / T;
        expect(shrunkToConstantCorrelation(returns).shrinkage).toBeCloseTo(Math.min(1, Math.max(0, intensity)), 6);
      }),
    );
  });

  it('shrunk to the identity keeps the trace and moves toward equal variances', () => {
    fc.assert(
      fc.property(randomHistory(4, 10), ({ returns }) => {
        const { matrix, shrinkage } = shrunkToIdentity(returns);
        const { matrix: sample } = estimateCovariance({ assets: ['a', 'b', 'c', 'd'], returns }, 'sample', yearly);
        const trace = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
        expect(trace(diagonal(matrix))).toBeCloseTo(trace(diagonal(sample)) * 0.9, 12);
        expect(entry(matrix, 0, 1)).toBeCloseTo((1 - shrinkage) * 0.9 * entry(sample, 0, 1), 10);
      }),
    );
  });

  it('is positive definite by every method, with fewer periods than assets too, and keeps variances', () => {
    fc.assert(
      fc.property(randomHistory(8, 5), (given) => {
        for (const method of covarianceMethods) {
          const { matrix } = estimateCovariance(given, method, yearly);
          expect(choleskyFactor(matrix)).toBeDefined();
        }
        expect(estimateCovariance(given, 'sample', yearly).report.repair.kind).toBe('eigenvaluesRaised');
      }),
      { numRuns: 30 },
    );
  });

  it('that is none is repaired, keeps variances and says what was raised', () => {
    const { matrix, repair } = positiveDefinite({
      size: 3,
      values: Float64Array.of(4, 1.8, 1.8, 1.8, 1, -0.9, 1.8, -0.9, 1),
    });
    expect(Array.from(diagonal(matrix))).toEqual([4, 1, 1]);
    expect(repair).toMatchObject({ kind: 'eigenvaluesRaised', raised: 1 });
    expect(repair.kind === 'eigenvaluesRaised' && repair.eigenvalueMin).toBeLessThan(-0.5);
    expect(choleskyFactor(matrix)).toBeDefined();
  });

  it('denoised of independent series keeps no factor but those that stand out', () => {
    const wave = (speed: number): readonly number[] =>
      Array.from({ length: 200 }, (_, t) => 0.01 * Math.sin(speed * t * t));
    const market = wave(0.37);
    const series = [1, 2, 3, 4, 5, 6].map((k) => wave(k * 0.11).map((value, t) => value + 2 * market[t]!));
    const { matrix, report } = estimateCovariance(history(...series), 'denoised', yearly);
    expect(report.factors).toBe(1);
    const { matrix: sample } = estimateCovariance(history(...series), 'sample', yearly);
    diagonal(sample).forEach((variance, asset) => expect(entry(matrix, asset, asset)).toBeCloseTo(variance, 12));
  });

  it('of an asset that never moves is refused by its name', () => {
    expect(() => estimateCovariance(history([0.01, 0.02, 0], [0, 0, 0]), 'sample')).toThrow(
      expect.objectContaining({ code: 'PORTFOLIO_INPUT_INVALID', details: { asset: 'A1' } }),
    );
  });
});

describe('expected returns', () => {
  it('are the mean, its exponential kin, or beta times the market', () => {
    const terms = { periodsPerYear: 2, span: 3, riskFreeRate: 0.01 };
    const given = history([0.01, 0.02, 0.03], [0.02, 0.04, 0.06]);
    expect(expectedReturns(given, 'mean', terms)[1]).toBeCloseTo(0.08, 14);
    expect(expectedReturns(given, 'ema', terms)[0]).toBeCloseTo((2 * (0.01 + 0.04 + 0.12)) / 7, 14);
    // The market is the average of both, 0.03 a period; betas 2/3 and 4/3.
    const [low, high] = expectedReturns(given, 'capm', terms);
    expect(low).toBeCloseTo(0.01 + (2 / 3) * 0.05, 14);
    expect(high).toBeCloseTo(0.01 + (4 / 3) * 0.05, 14);
  });
});

describe('prices', () => {
  it.each([
    ['is missing', [1, Number.NaN, 2, 3], /^the price of A in row 2 is NaN/],
    ['is not positive', [1, 2, 0, 3], /^the price of A in row 3 is 0/],
    ['are too few', [1, 2], /^1 returns: at least two/],
  ])('of which one %s are refused', (_, values, message) => {
    expect(() => returnsOfPrices([{ name: 'A', values: Float64Array.from(values) }])).toThrow(
      expect.objectContaining({ code: 'PORTFOLIO_INPUT_INVALID', message: expect.stringMatching(message) }),
    );
  });

  it('of two columns of one name are refused', () => {
    const column = { name: 'A', values: Float64Array.of(1, 2, 3) };
    expect(() => returnsOfPrices([column, column])).toThrow(/^A stands twice/);
  });

  it('become simple returns', () => {
    const { returns } = returnsOfPrices([{ name: 'A', values: Float64Array.of(100, 110, 99) }]);
    expect(returns[0]![0]).toBeCloseTo(0.1, 14);
    expect(returns[0]![1]).toBeCloseTo(-0.1, 14);
  });
});
