import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { componentRisk } from '#domain/risk/componentRisk.ts';
import { rollingCorrelation } from '#domain/risk/correlation.ts';
import { exponentialVolatility } from '#domain/risk/exponentialVolatility.ts';
import { fitStudentT } from '#domain/risk/fitStudentT.ts';
import { momentsOf } from '#domain/risk/moments.ts';
import { tailRisk, type TailMethod } from '#domain/risk/valueAtRisk.ts';

const made = (at: (k: number) => number): Float64Array => Float64Array.from({ length: 500 }, (_, k) => at(k));
/** Some days are wilder than others. */
const wild = made((k) => (0.009 + (k % 9 === 0 ? 0.016 : 0)) * Math.sin(k * k + 0.5));
const skewed = made((k) => {
  const wave = Math.sin(k * k + 0.5);
  return 0.008 * wave + (k % 11 === 0 ? 0.03 * wave ** 5 : 0) - (k % 50 === 0 ? 0.004 : 0);
});

describe('the tail of returns', () => {
  it('by history is the quantile between two sessions, and the mean of those at or beyond it', () => {
    const returns = Float64Array.from({ length: 21 }, (_, k) => (k - 10) / 100);
    // Type 7: place 0.05 x 20 = 1, so the second worst exactly.
    expect(tailRisk('historical', returns, 0.95).valueAtRisk).toBeCloseTo(0.09, 15);
    expect(tailRisk('historical', returns, 0.95).expectedShortfall).toBeCloseTo(0.095, 15);
    // Place 0.2: between -0.10 and -0.09, and only the worst lies beyond.
    expect(tailRisk('historical', returns, 0.99).valueAtRisk).toBeCloseTo(0.098, 15);
    expect(tailRisk('historical', returns, 0.99).expectedShortfall).toBeCloseTo(0.1, 15);
  });

  it('of a normal distribution is known by hand', () => {
    const { valueAtRisk, expectedShortfall } = tailRisk('normal', Float64Array.of(-0.02, 0.01, 0.04), 0.95);
    expect(valueAtRisk).toBeCloseTo(1.6448536269514722 * 0.03 - 0.01, 12);
    expect(expectedShortfall).toBeCloseTo(2.0627128075074257 * 0.03 - 0.01, 12);
  });

  it('of a Student t is that of the likeliest one, as SciPy 1 finds it', () => {
    const fit = fitStudentT(wild);
    expect(fit.degreesOfFreedom).toBeCloseTo(13.2551, 2);
    expect(fit.location).toBeCloseTo(-0.000206652, 7);
    expect(fit.scale).toBeCloseTo(0.0078254457, 7);
    expect(tailRisk('student-t', wild, 0.95).valueAtRisk).toBeCloseTo(0.0140446267, 7);
    expect(tailRisk('student-t', wild, 0.99).valueAtRisk).toBeCloseTo(0.0208917222, 6);
    expect(tailRisk('student-t', wild, 0.99).expectedShortfall).toBeCloseTo(0.0249582088, 6);
  });

  it('by Cornish and Fisher is the corrected quantile, and the integral of it beyond', () => {
    const { skewness, excessKurtosis } = momentsOf(skewed);
    expect(skewness).toBeCloseTo(-0.19158820221663656, 10);
    expect(excessKurtosis).toBeCloseTo(5.423380229458726, 10);
    expect(tailRisk('cornish-fisher', skewed, 0.95).valueAtRisk).toBeCloseTo(0.012979900600063397, 9);
    expect(tailRisk('cornish-fisher', skewed, 0.95).expectedShortfall).toBeCloseTo(0.024020014677079978, 9);
    expect(tailRisk('cornish-fisher', skewed, 0.99).valueAtRisk).toBeCloseTo(0.030192161711345287, 9);
    expect(tailRisk('cornish-fisher', skewed, 0.99).expectedShortfall).toBeCloseTo(0.044499563769654096, 9);
  });

  it('by Cornish and Fisher is refused to a shape for which the correction turns back', () => {
    const oneCrash = made((k) => (k === 7 ? -0.5 : 0.001 * Math.sin(k)));
    expect(() => tailRisk('cornish-fisher', oneCrash, 0.95)).toThrow('does not apply');
  });

  it('filtered grows with the volatility of the latest sessions, and equals history where that stood still', () => {
    const still = made((k) => (k % 2 === 0 ? 0.01 : -0.01));
    expect(tailRisk('filtered', still, 0.95).valueAtRisk).toBeCloseTo(0.01, 12);
    const risen = made((k) => still[k]! * (k < 400 ? 1 : 3));
    const fallen = risen.toReversed();
    const at = (returns: Float64Array): number => tailRisk('filtered', returns, 0.95).valueAtRisk;
    expect(at(risen)).toBeGreaterThan(0.02);
    expect(at(fallen)).toBeLessThan(0.02);
  });

  it('knows the volatility before each session, not after it', () => {
    const { volatility, next } = exponentialVolatility(Float64Array.of(0.03, 0.01), 0.9);
    const first = (0.0009 + 0.0001) / 2;
    const second = 0.9 * first + 0.1 * 0.0009;
    expect([...volatility]).toEqual([Math.sqrt(first), Math.sqrt(second)]);
    expect(next).toBeCloseTo(Math.sqrt(0.9 * second + 0.1 * 0.0001), 15);
  });

  it.each(['historical', 'normal', 'student-t', 'cornish-fisher', 'filtered'] as const)(
    'by %s is deeper at more confidence, and deeper still beyond',
    (method: TailMethod) => {
      const [at95, at99] = [tailRisk(method, skewed, 0.95), tailRisk(method, skewed, 0.99)];
      expect(at99.valueAtRisk).toBeGreaterThan(at95.valueAtRisk);
      expect(at95.expectedShortfall).toBeGreaterThan(at95.valueAtRisk);
      expect(at99.expectedShortfall).toBeGreaterThanOrEqual(at99.valueAtRisk);
    },
  );

  it.each([
    ['a confidence of a coin', wild, 0.5],
    ['certainty', wild, 1],
    ['no return', new Float64Array(), 0.95],
    ['a return that is none', Float64Array.of(0.1, Number.NaN, 0.2), 0.95],
  ])('is refused for %s', (_, returns, confidence) =>
    expect(() => tailRisk('historical', returns, confidence)).toThrow(RangeError),
  );

  it.each(['normal', 'student-t', 'cornish-fisher', 'filtered'] as const)(
    'by %s is refused without movement',
    (method) => expect(() => tailRisk(method, new Float64Array(50), 0.95)).toThrow(RangeError),
  );
});

const expected = '../shared/bench/expected';
const inputs = '../shared/bench/inputs';
const absent = !existsSync(`${expected}/risk.json`);

interface KnownRisk {
  readonly historical: Readonly<Record<'var95' | 'cvar95' | 'var99' | 'cvar99', number>>;
  readonly normal_parametric: Readonly<Record<'var95' | 'var99', number>>;
  readonly rolling_corr_w63_last: { readonly pair_0_1: number; readonly pair_0_99: number };
}

describe.skipIf(absent)(
  `known answers of numpy and empyrical${absent ? `: skipped, there is no ${expected}` : ''}`,
  () => {
    const bytes = (name: string): ArrayBuffer => new Uint8Array(readFileSync(`${inputs}/${name}`)).buffer;
    const known = (name: string): unknown => JSON.parse(readFileSync(`${expected}/${name}`, 'utf8'));

    it('are met to 1e-8 by a hundred assets in equal parts', () => {
      const {
        historical,
        normal_parametric: normal,
        rolling_corr_w63_last: correlations,
      } = known('risk.json') as KnownRisk;
      const [, sessions] = (JSON.parse(readFileSync(`${inputs}/rets500.json`, 'utf8')) as { shape: [number, number] })
        .shape;
      const stored = new Int16Array(bytes('rets500.bin'));
      const returns = Array.from({ length: 100 }, (_, asset) =>
        Float64Array.from(
          stored.subarray((asset + 1) * sessions - 2_520, (asset + 1) * sessions),
          (value) => value / 100_000,
        ),
      );
      const weights = new Float64Array(100).fill(0.01);
      const portfolio = returns[0]!.map((_, row) => returns.reduce((sum, column) => sum + column[row]! / 100, 0));
      for (const [name, confidence] of [
        ['95', 0.95],
        ['99', 0.99],
      ] as const) {
        const tail = tailRisk('historical', portfolio, confidence);
        expect(Math.abs(tail.valueAtRisk - historical[`var${name}`])).toBeLessThan(1e-8);
        expect(Math.abs(tail.expectedShortfall - historical[`cvar${name}`])).toBeLessThan(1e-8);
        const parametric = tailRisk('normal', portfolio, confidence).valueAtRisk;
        expect(Math.abs(parametric - normal[`var${name}`])).toBeLessThan(1e-8);
        expect(Math.abs(componentRisk({ returns, weights }, confidence).valueAtRisk - parametric)).toBeLessThan(1e-12);
      }
      const last = (other: number): number => rollingCorrelation(returns[0]!, returns[other]!, 63).at(-1)!;
      expect(Math.abs(last(1) - correlations.pair_0_1)).toBeLessThan(1e-8);
      expect(Math.abs(last(99) - correlations.pair_0_99)).toBeLessThan(1e-8);
    });

    it('are met to 1e-8 by one series of returns', () => {
      const { empyrical } = known('metrics.json') as {
        empyrical: { var95_hist: number; cvar95: number };
      };
      const returns = new Float64Array(bytes('metrics_returns.bin')).subarray(0, 2_520);
      const tail = tailRisk('historical', returns, 0.95);
      expect(Math.abs(tail.valueAtRisk + empyrical.var95_hist)).toBeLessThan(1e-8);
      expect(Math.abs(tail.expectedShortfall + empyrical.cvar95)).toBeLessThan(1e-8);
    });
  },
);
