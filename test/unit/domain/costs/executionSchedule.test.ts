import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { executionFrontier, shortfallAtRisk } from '#domain/costs/executionFrontier.ts';
import { executionSchedule, type ExecutionProblem } from '#domain/costs/executionSchedule.ts';
import { almgrenChrissImpact } from '#domain/costs/marketImpact.ts';

const impact = almgrenChrissImpact(1 / 8, 5_000_000);

/** Table 1 of Almgren and Chriss (2000). */
const example: ExecutionProblem = {
  quantity: 1_000_000,
  periods: 5,
  horizonDays: 5,
  volatility: 0.95,
  fixedCost: 1 / 16,
  permanentImpact: impact.permanent,
  temporaryImpact: impact.temporary,
  drift: 0,
};
const problem = (change: Partial<ExecutionProblem> = {}): ExecutionProblem => ({ ...example, ...change });

describe('the example of Almgren and Chriss', () => {
  it('has an urgency of 0.61 a day at a risk aversion of 1e-6: about three times over the horizon', () => {
    const { urgency, halfLifeDays } = executionSchedule(example, 1e-6);
    expect(urgency).toBeCloseTo(0.61, 2);
    expect(5 * urgency).toBeCloseTo(3, 1);
    expect(halfLifeDays).toBeCloseTo(1 / urgency, 12);
  });

  it('costs 662,500 dollars to trade evenly, at a risk of 1.04 million', () => {
    const { holdings, trades, expectedCost, standardDeviation, urgency, halfLifeDays } = executionSchedule(example, 0);
    expect(trades).toEqual([200_000, 200_000, 200_000, 200_000, 200_000]);
    for (const [at, left] of holdings.entries()) expect(left).toBeCloseTo(1_000_000 - 200_000 * at, 6);
    // Half of gamma X squared, epsilon X, and eta less half gamma over five days, as in section 1.5.
    expect(expectedCost).toBeCloseTo(125_000 + 62_500 + (2.5e-6 - 1.25e-7) * 2e11, 6);
    expect(expectedCost).toBeCloseTo(662_500, 6);
    // Sigma squared X squared T / 3 (1 - 1/N) (1 - 1/2N).
    expect(standardDeviation ** 2).toBeCloseTo((0.9025e12 * 5 * 0.8 * 0.9) / 3, -2);
    expect(urgency).toBe(0);
    expect(halfLifeDays).toBeUndefined();
  });

  it('costs 2,562,500 dollars to trade at once, without risk', () => {
    const { expectedCost, variance } = executionSchedule(problem({ periods: 1, horizonDays: 1 }), 1e-6);
    expect(expectedCost).toBeCloseTo(62_500 + 2.5e6, 6);
    expect(variance).toBe(0);
  });

  it('is that of the closed form: hyperbolic sines of the time that is left', () => {
    const { holdings, urgency } = executionSchedule(example, 1e-6);
    for (const [at, left] of holdings.entries()) {
      expect(left).toBeCloseTo((1e6 * Math.sinh(urgency * (5 - at))) / Math.sinh(urgency * 5), 6);
    }
  });

  // The same example by DRIP's AlmgrenChriss: risk aversion, and cost, variance and utility in millions, half-life.
  it.each([
    { millionths: 0.001, cost: 0.6625, variance: 1.0812, utility: 0.6636, halfLife: 51.3 },
    { millionths: 0.002, cost: 0.6625, variance: 1.0794, utility: 0.6647, halfLife: 36.27 },
    { millionths: 0.005, cost: 0.6625, variance: 1.074, utility: 0.6679, halfLife: 22.94 },
    { millionths: 0.007, cost: 0.6625, variance: 1.0704, utility: 0.67, halfLife: 19.39 },
    { millionths: 0.009, cost: 0.6626, variance: 1.0669, utility: 0.6722, halfLife: 17.1 },
  ])('has the figures of another implementation at $millionths millionths', (known) => {
    const riskAversion = known.millionths * 1e-6;
    const schedule = executionSchedule(example, riskAversion);
    expect(schedule.expectedCost / 1e6).toBeCloseTo(known.cost, 4);
    expect(schedule.variance / 1e12).toBeCloseTo(known.variance, 4);
    expect((schedule.expectedCost + riskAversion * schedule.variance) / 1e6).toBeCloseTo(known.utility, 4);
    expect(schedule.halfLifeDays).toBeCloseTo(known.halfLife, 2);
  });

  it('keeps 11,080 shares for a drift of two cents a day, as section 4.1 does', () => {
    const drifting = executionSchedule(problem({ drift: 0.02, periods: 4_000, horizonDays: 200 }), 1e-6);
    expect(0.02 / (2 * 1e-6 * 0.9025)).toBeCloseTo(11_080, 0);
    expect(drifting.holdings[2_000]).toBeCloseTo(11_080.3, 0);
    const still = executionSchedule(problem({ periods: 4_000, horizonDays: 200 }), 1e-6);
    expect(drifting.expectedCost).toBeLessThan(still.expectedCost);
  });
});

describe('a schedule of execution', () => {
  const problems = fc.record({
    quantity: fc.integer({ min: 1, max: 10_000_000 }),
    periods: fc.integer({ min: 1, max: 60 }),
    horizonDays: fc.double({ min: 0.01, max: 20, noNaN: true }),
    volatility: fc.double({ min: 0.01, max: 5, noNaN: true }),
    fixedCost: fc.double({ min: 0, max: 1, noNaN: true }),
    permanentImpact: fc.double({ min: 0, max: 1e-7, noNaN: true }),
    temporaryImpact: fc.double({ min: 2e-6, max: 1e-4, noNaN: true }),
    drift: fc.constant(0),
  });
  const aversion = fc.double({ min: 0, max: 1e-3, noNaN: true });

  it('trades every share, whole ones, and never the other way', () =>
    fc.assert(
      fc.property(problems, aversion, (given, riskAversion) => {
        const { trades, holdings } = executionSchedule(given, riskAversion);
        expect(trades).toHaveLength(given.periods);
        expect(trades.reduce((sum, count) => sum + count, 0)).toBe(given.quantity);
        expect(trades.every((count) => Number.isSafeInteger(count) && count >= 0)).toBe(true);
        expect([holdings[0], holdings.at(-1)]).toEqual([given.quantity, 0]);
      }),
    ));

  it('is better by its own measure than any other that is near', () =>
    fc.assert(
      fc.property(
        problems,
        aversion,
        fc.double({ min: -0.01, max: 0.01, noNaN: true }),
        (given, riskAversion, part) => {
          fc.pre(given.periods > 1);
          const { holdings, expectedCost, variance } = executionSchedule(given, riskAversion);
          const length = given.horizonDays / given.periods;
          const measure = (left: readonly number[]): number => {
            const temporary = given.temporaryImpact - (given.permanentImpact * length) / 2;
            const cost = left.slice(1).reduce((sum, count, at) => sum + (left[at]! - count) ** 2, 0);
            const risk = left.slice(1).reduce((sum, count) => sum + count ** 2, 0);
            return (temporary / length) * cost + riskAversion * given.volatility ** 2 * length * risk;
          };
          const fixed = (given.permanentImpact * given.quantity ** 2) / 2 + given.fixedCost * given.quantity;
          const best = measure(holdings);
          const near = holdings.map((left, at) => left + (at === 1 ? part * given.quantity : 0));
          expect(measure(near)).toBeGreaterThanOrEqual(best * (1 - 1e-9));
          expect(fixed + best).toBeCloseTo(expectedCost + riskAversion * variance, -Math.log10(fixed + best) + 8);
        },
      ),
    ));

  it('stays whole where hyperbolic sines overflow', () => {
    const { holdings, trades } = executionSchedule(problem({ periods: 1_000, horizonDays: 1_000 }), 1e6);
    expect(holdings.every(Number.isFinite)).toBe(true);
    expect(trades[0]).toBe(1_000_000);
  });

  it.each<[Partial<ExecutionProblem>, number]>([
    [{ quantity: 0 }, 0],
    [{ quantity: 1.5 }, 0],
    [{ periods: 0 }, 0],
    [{ horizonDays: 0 }, 0],
    [{ volatility: -1 }, 0],
    [{ fixedCost: Number.NaN }, 0],
    [{ permanentImpact: 1e-5 }, 0],
    [{ drift: 0.1 }, 0],
    [{}, -1],
  ])('is refused for %o and a risk aversion of %d', (change, riskAversion) =>
    expect(() => executionSchedule(problem(change), riskAversion)).toThrow(
      expect.objectContaining({ code: 'COST_INPUT_INVALID' }),
    ),
  );
});

describe('the efficient frontier', () => {
  const { schedules, leastValueAtRisk } = executionFrontier(example, 30, 0.95);

  it('costs more and risks less from each schedule to the next, by its risk aversion', () => {
    expect(schedules).toHaveLength(30);
    for (const [at, next] of schedules.slice(1).entries()) {
      const before = schedules[at]!;
      expect(next.expectedCost).toBeGreaterThan(before.expectedCost);
      expect(next.variance).toBeLessThan(before.variance);
      // Its slope is minus the risk aversion (section 2.4), so a chord's lies between those of its ends.
      const slope = (before.expectedCost - next.expectedCost) / (next.variance - before.variance);
      expect(slope).toBeGreaterThanOrEqual(before.riskAversion);
      expect(slope).toBeLessThanOrEqual(next.riskAversion);
    }
  });

  it('has a schedule of least value at risk, where risk aversion is the confidence over twice the risk', () => {
    const { riskAversion, standardDeviation } = leastValueAtRisk;
    // The first-order condition of section 3.2 with 1.645 standard deviations.
    expect(riskAversion / (1.6449 / (2 * standardDeviation))).toBeCloseTo(1, 3);
    for (const schedule of schedules) {
      expect(shortfallAtRisk(leastValueAtRisk, 0.95)).toBeLessThanOrEqual(shortfallAtRisk(schedule, 0.95));
    }
  });

  it.each<[Partial<ExecutionProblem>, number, number]>([
    [{ drift: 0.01 }, 10, 0.95],
    [{ volatility: 0 }, 10, 0.95],
    [{}, 2, 0.95],
    [{}, 10, 0.4],
  ])('is refused for %o, %d points and a confidence of %d', (change, points, confidence) =>
    expect(() => executionFrontier(problem(change), points, confidence)).toThrow(
      expect.objectContaining({ code: 'COST_INPUT_INVALID' }),
    ),
  );
});
