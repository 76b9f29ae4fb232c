import { describe, expect, it } from 'vitest';
import { componentMethods, componentRisk } from '#domain/risk/componentRisk.ts';
import { correlationBreaks, exponentialCorrelation, rollingCorrelation } from '#domain/risk/correlation.ts';
import { monteCarloTail } from '#domain/risk/monteCarloTail.ts';
import { NormalDraws } from '#domain/risk/normalDraws.ts';
import { portfolioCovariance } from '#domain/risk/portfolioCovariance.ts';
import { tailRisk } from '#domain/risk/valueAtRisk.ts';

const made = (at: (k: number) => number, length = 300): Float64Array => Float64Array.from({ length }, (_, k) => at(k));
const a = made((k) => 0.01 * Math.sin(k * k) + 0.0004);
const b = made((k) => 0.006 * Math.sin(k * k) + 0.01 * Math.cos(3 * k * k));
const c = made((k) => 0.02 * Math.cos(k * k * k));
const assets = { returns: [a, b, c], weights: Float64Array.of(0.5, 0.8, -0.3) };
const portfolio = a.map((value, row) => 0.5 * value + 0.8 * b[row]! - 0.3 * c[row]!);
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

/** Numbers with somewhat fatter tails than normal ones, the same in every run. */
function fatTailed(seed: number): Float64Array {
  const draws = new NormalDraws(seed);
  return made(() => {
    const value = draws.next();
    return 0.01 * (value + 0.04 * value ** 3 + 0.05 * value ** 2);
  }, 800);
}

describe('component and marginal value at risk', () => {
  const [first, second, third] = [fatTailed(1), fatTailed(2), fatTailed(3)];
  const mixed = second.map((value, row) => 0.6 * value + 0.5 * first[row]!);
  const assets = { returns: [first, mixed, third], weights: Float64Array.of(0.5, 0.8, -0.3) };
  const portfolio = first.map((value, row) => 0.5 * value + 0.8 * mixed[row]! - 0.3 * third[row]!);
  const closeness = { historical: 12, normal: 12, 'student-t': 7, 'cornish-fisher': 12 } as const;

  it.each(componentMethods)('sum to the whole, which is that of the portfolio itself, by %s', (method) => {
    for (const confidence of [0.95, 0.99]) {
      const { valueAtRisk, component } = componentRisk(assets, confidence, method);
      expect(sum(component)).toBeCloseTo(valueAtRisk, closeness[method]);
      expect(valueAtRisk).toBeCloseTo(tailRisk(method, portfolio, confidence).valueAtRisk, 12);
    }
  });

  it.each(componentMethods)('tell how the whole moves with each weight, by %s', (method) => {
    const { marginal } = componentRisk(assets, 0.95, method);
    // A fit by likelihood is exact to about a millionth: its slope is told by wider steps.
    const bump = method === 'student-t' ? 1e-3 : 1e-6;
    for (const [asset, slope] of marginal.entries()) {
      const at = (by: number): number => {
        const weights = assets.weights.map((weight, index) => weight + (index === asset ? by : 0));
        return componentRisk({ ...assets, weights }, 0.95, method).valueAtRisk;
      };
      expect((at(bump) - at(-bump)) / (2 * bump)).toBeCloseTo(slope, method === 'student-t' ? 5 : 8);
    }
  });

  it('by a distribution whose degrees of freedom stand at their end still sum to the whole', () => {
    // A wave has thinner tails than any t distribution.
    const thin = {
      returns: [made((k) => Math.sin(k)), made((k) => Math.sin(k + 0.3))],
      weights: Float64Array.of(1, 2),
    };
    const { valueAtRisk, component } = componentRisk(thin, 0.95, 'student-t');
    expect(sum(component)).toBeCloseTo(valueAtRisk, 9);
  });

  it('are refused where nothing moves, or the parts do not fit', () => {
    expect(() => componentRisk({ ...assets, weights: new Float64Array(3) }, 0.95)).toThrow('does not vary');
    expect(() => componentRisk({ ...assets, weights: new Float64Array(2) }, 0.95)).toThrow('no portfolio');
    expect(() => componentRisk(assets, 1)).toThrow('confidence');
  });
});

describe('simulated value at risk', () => {
  it('lies within four of its standard errors of what it simulates, and is the same for the same seed', () => {
    const plan = { scenarios: 200_000, confidence: 0.95 };
    const tail = monteCarloTail(assets, plan, new NormalDraws(7));
    const exact = tailRisk('normal', portfolio, 0.95);
    const { valueAtRisk, expectedShortfall } = tail.standardErrors;
    expect(Math.abs(tail.valueAtRisk - exact.valueAtRisk)).toBeLessThan(4 * valueAtRisk);
    expect(Math.abs(tail.expectedShortfall - exact.expectedShortfall)).toBeLessThan(4 * expectedShortfall);
    expect(valueAtRisk).toBeLessThan(0.01 * tail.valueAtRisk);
    expect(monteCarloTail(assets, plan, new NormalDraws(7))).toEqual(tail);
    expect(monteCarloTail(assets, plan, new NormalDraws(8))).not.toEqual(tail);
  });

  it('states standard errors that are the spread of many runs', () => {
    const runs = Array.from({ length: 200 }, (_, seed) =>
      monteCarloTail(assets, { scenarios: 2_000, confidence: 0.95 }, new NormalDraws(seed)),
    );
    for (const figure of ['valueAtRisk', 'expectedShortfall'] as const) {
      const values = runs.map((run) => run[figure]);
      const mean = values.reduce((total, value) => total + value, 0) / values.length;
      const spread = Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / (values.length - 1));
      const stated = runs.reduce((total, run) => total + run.standardErrors[figure], 0) / runs.length;
      expect(spread / stated).toBeGreaterThan(0.8);
      expect(spread / stated).toBeLessThan(1.25);
    }
  });

  it('goes through an asset that others explain altogether', () => {
    const twice = { returns: [a, a, b], weights: Float64Array.of(0.25, 0.25, 0.5) };
    const { factorWeights, withPortfolio } = portfolioCovariance(twice);
    const variance = withPortfolio.reduce((total, value, asset) => total + value * twice.weights[asset]!, 0);
    expect(sum(factorWeights.map((value) => value ** 2))).toBeCloseTo(variance, 15);
  });

  it.each([
    { scenarios: 999, confidence: 0.95 },
    { scenarios: 1_000, confidence: 0.5 },
  ])('is refused for %o', (plan) => expect(() => monteCarloTail(assets, plan, new NormalDraws(1))).toThrow('cannot'));
});

describe('normal draws', () => {
  it('are as many in each of forty bins as a normal distribution has, tails included', () => {
    const draws = new NormalDraws(11);
    const count = 2_000_000;
    const edges = Array.from({ length: 39 }, (_, at) => (at - 19) / 4.9);
    const bins = new Float64Array(40);
    let beyond = 0;
    for (let draw = 0; draw < count; draw += 1) {
      const value = draws.next();
      bins[Math.max(0, Math.min(39, Math.ceil(value * 4.9 + 19)))]! += 1;
      if (Math.abs(value) > 3.6541528853610088) beyond += 1;
    }
    const cumulative = [0, ...edges.map(normalBelow), 1];
    const chi = bins.reduce((total, seen, bin) => {
      const wanted = count * (cumulative[bin + 1]! - cumulative[bin]!);
      return total + (seen - wanted) ** 2 / wanted;
    }, 0);
    // 39 degrees of freedom: one in a thousand lies over 72.
    expect(chi).toBeLessThan(72);
    expect(Math.abs(beyond / count / 2.5803e-4 - 1)).toBeLessThan(0.15);
  });
});

/** Abramowitz and Stegun 26.2.17, error under 7.5e-8. */
function normalBelow(value: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(value));
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const upper = (Math.exp((-value * value) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return value >= 0 ? 1 - upper : upper;
}

describe('correlation as it moves', () => {
  it('over a window is that of its sessions', () => {
    const rolling = rollingCorrelation(Float64Array.of(1, 2, 3, 1), Float64Array.of(2, 4, 6, 9), 3);
    expect(rolling).toHaveLength(2);
    expect(rolling[0]).toBeCloseTo(1, 14);
    // Deviations 0, 1, -1 and -7/3, -1/3, 8/3: -3 over the root of 2 x 38/3.
    expect(rolling[1]).toBeCloseTo(-3 / Math.sqrt(2 * (38 / 3)), 14);
  });

  it('exponentially weighted forgets what is old', () => {
    const other = made((k) => (k < 150 ? a[k]! : -a[k]!));
    const weighted = exponentialCorrelation(a, other, 0.94);
    expect(weighted[149]).toBeCloseTo(1, 10);
    expect(weighted[299]).toBeLessThan(-0.99);
    // By hand: products 0.5 x 2 - 3 x 1, squares 0.5 x 1 + 9 and 0.5 x 4 + 1.
    const hand = exponentialCorrelation(Float64Array.of(1, 3), Float64Array.of(2, -1), 0.5)[1];
    expect(hand).toBeCloseTo(-2 / Math.sqrt(9.5 * 3), 14);
  });

  it('tells the pairs that broke, the widest first, and none that did not', () => {
    const broken = made((k) => (k < 240 ? a[k]! + 0.2 * c[k]! : c[k]!));
    const found = correlationBreaks([a, broken, c], { recentSessions: 60, deviationsMax: 4 });
    expect(found.map(({ pair }) => pair)).toContainEqual([0, 1]);
    expect(found.every((one, index) => index === 0 || one.deviations <= found[index - 1]!.deviations)).toBe(true);
    expect(found.map(({ pair }) => pair)).not.toContainEqual([0, 2]);
    expect(correlationBreaks([a, b, c], { recentSessions: 60, deviationsMax: 4 })).toEqual([]);
  });

  it('is refused where there is nothing to correlate', () => {
    expect(() => rollingCorrelation(a, b, 301)).toThrow(RangeError);
    expect(() => rollingCorrelation(a, b.subarray(1), 3)).toThrow(RangeError);
    expect(() => exponentialCorrelation(a, b, 1)).toThrow(RangeError);
    expect(() => correlationBreaks([a, b], { recentSessions: 298, deviationsMax: 4 })).toThrow(RangeError);
  });
});
