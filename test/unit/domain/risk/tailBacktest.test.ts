import { describe, expect, it } from 'vitest';
import { NormalDraws } from '#domain/risk/normalDraws.ts';
import { backtestTail, testExceedances } from '#domain/risk/tailBacktest.ts';

const beyondAt = (sessions: number, ...at: readonly number[]): readonly boolean[] =>
  Array.from({ length: sessions }, (_, session) => at.includes(session));

describe('the test of a value at risk', () => {
  it('counts exceedances as Kupiec does: 15 of 1,000 where 10 were expected', () => {
    const spread = Array.from({ length: 15 }, (_, index) => 5 + 60 * index);
    const { exceedances, expected, frequency } = testExceedances(beyondAt(1_000, ...spread), 0.99);
    expect([exceedances, expected]).toEqual([15, expect.closeTo(10, 10)]);
    expect(frequency.ratio).toBeCloseTo(2.189248388847858, 9);
    expect(frequency.probability).toBeCloseTo(0.13897711831800885, 8);
  });

  it('sees clusters as Christoffersen does, by the transitions between calm and struck sessions', () => {
    const { frequency, independence, both } = testExceedances(beyondAt(100, 10, 11, 12, 50, 51, 90), 0.95);
    expect(frequency.ratio).toBeCloseTo(0.19842212738650744, 9);
    expect(frequency.probability).toBeCloseTo(0.6559974850549283, 8);
    expect(independence.ratio).toBeCloseTo(10.445253467637961, 9);
    expect(independence.probability).toBeCloseTo(0.0012296503173087059, 8);
    expect(both.probability).toBeCloseTo(0.004883770092192985, 8);
  });

  it('has figures where no loss or every loss went beyond', () => {
    const none = testExceedances(beyondAt(100), 0.99);
    expect(none.frequency.ratio).toBeCloseTo(-200 * Math.log(0.99), 10);
    expect(none.independence).toEqual({ ratio: 0, probability: 1 });
    expect(testExceedances([true, true, true], 0.99).frequency.probability).toBeLessThan(1e-5);
  });

  it('passes a model that is right, and rejects one that is told half the risk', () => {
    const draws = new NormalDraws(5);
    const returns = Float64Array.from({ length: 1_250 }, () => 0.01 * draws.next());
    const plan = { windowSessions: 250, confidence: 0.95 };
    const right = backtestTail('normal', returns, plan);
    expect(right.sessions).toBe(1_000);
    expect(right.frequency.probability).toBeGreaterThan(0.01);
    const grown = returns.map((value, session) => (session < 250 ? value : value * 1.02 ** ((session - 250) / 10)));
    expect(backtestTail('historical', grown, plan).frequency.probability).toBeLessThan(0.01);
  });

  it('says a session from those before it only', () => {
    // The last session's crash is known to no window before it.
    const returns = Float64Array.of(0.01, -0.01, 0.01, -0.01, 0.01, -0.01, -0.5);
    const { exceedances, sessions } = backtestTail('historical', returns, { windowSessions: 4, confidence: 0.95 });
    expect([exceedances, sessions]).toEqual([1, 3]);
  });

  it.each([1, 7, 2.5])('is refused for a window of %f', (windowSessions) =>
    expect(() => backtestTail('normal', new Float64Array(7), { windowSessions, confidence: 0.95 })).toThrow('window'),
  );

  it('is refused for a single session', () => expect(() => testExceedances([true], 0.95)).toThrow('nothing to test'));
});
