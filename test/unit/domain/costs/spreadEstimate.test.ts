import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { marketOfBars } from '#domain/costs/marketOfBars.ts';
import { abdiRanaldoSpread, corwinSchultzSpread, rollSpread, type PriceBars } from '#domain/costs/spreadEstimate.ts';
import { fitSpreadModel, modelledSpread } from '#domain/costs/spreadModel.ts';
import { seededRandom } from '#domain/random.ts';

const tradesADay = 390;

/** Days of trades at bid or ask around a walking middle. */
function played(spreadFraction: number, days: number): PriceBars {
  const random = seededRandom(7, 0);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const [high, low, close] = [new Float64Array(days), new Float64Array(days), new Float64Array(days)];
  let middle = Math.log(100);
  for (let day = 0; day < days; day += 1) {
    let [top, bottom, last] = [-Infinity, Infinity, 0];
    for (let trade = 0; trade < tradesADay; trade += 1) {
      middle += (0.01 / Math.sqrt(tradesADay)) * normal();
      last = middle + (random() < 0.5 ? -1 : 1) * (spreadFraction / 2);
      [top, bottom] = [Math.max(top, last), Math.min(bottom, last)];
    }
    [high[day], low[day], close[day]] = [Math.exp(top), Math.exp(bottom), Math.exp(last)];
  }
  return { high, low, close };
}

describe('a spread told from bars', () => {
  it.each([
    ['Corwin and Schultz', corwinSchultzSpread],
    ['Abdi and Ranaldo', abdiRanaldoSpread],
  ])('by %s is the one the bars were made with, within three standard errors and a fifth', (_, told) => {
    const { spreadFraction, standardError, observations } = told(played(0.02, 2_000));
    expect(observations).toBe(1_999);
    expect(Math.abs(spreadFraction! - 0.02)).toBeLessThan(3 * standardError! + 0.004);
    expect(standardError).toBeLessThan(0.002);
  });

  it('by Roll is the one the closes bounce by', () => {
    const { spreadFraction, standardError } = rollSpread(played(0.02, 2_000));
    expect(Math.abs(spreadFraction! - 0.02)).toBeLessThan(3 * standardError!);
  });

  it('by Roll is twice the root of minus the covariance, by hand', () => {
    // Changes 1, -1, 1, -1 in logarithms about a mean of 0: every product is minus one.
    const close = Float64Array.from([0, 1, 0, 1, 0], (power) => Math.exp(0.01 * power));
    const { spreadFraction, observations } = rollSpread({ high: close, low: close, close });
    expect(spreadFraction).toBeCloseTo(0.02, 12);
    expect(observations).toBe(3);
  });

  it('is none where closes trend, and none of two bars', () => {
    const close = Float64Array.from([1, 2, 8, 20, 30, 31]);
    const bars = { high: close, low: close, close };
    expect(rollSpread(bars).spreadFraction).toBeUndefined();
    expect(
      abdiRanaldoSpread({ high: close.subarray(0, 2), low: close.subarray(0, 2), close: close.subarray(0, 2) }),
    ).toEqual({ spreadFraction: undefined, standardError: undefined, observations: 1 });
  });

  it('by Corwin and Schultz is the formula of the paper, pair by pair, with gaps over night taken out', () => {
    // Ranges of the first pair and of the second; the third day has jumped by 50 dollars, and counts as 100.30 to 102.30.
    const told = corwinSchultzSpread({
      high: Float64Array.of(102, 102.2, 152.3),
      low: Float64Array.of(100, 100.2, 150.3),
      close: Float64Array.of(101, 100.3, 152),
    });
    const pair = (first: readonly [number, number], second: readonly [number, number]): number => {
      const beta = Math.log(first[0] / first[1]) ** 2 + Math.log(second[0] / second[1]) ** 2;
      const gamma = Math.log(Math.max(first[0], second[0]) / Math.min(first[1], second[1])) ** 2;
      const scale = 3 - 2 * Math.sqrt(2);
      const alpha = (Math.sqrt(2 * beta) - Math.sqrt(beta)) / scale - Math.sqrt(gamma / scale);
      return Math.max(0, (2 * (Math.exp(alpha) - 1)) / (1 + Math.exp(alpha)));
    };
    const pairs = [pair([102, 100], [102.2, 100.2]), pair([102.2, 100.2], [102.3, 100.3])] as const;
    expect(pairs[0]).toBeGreaterThan(0.001);
    expect(told.spreadFraction).toBeCloseTo((pairs[0] + pairs[1]) / 2, 12);
    expect(told.standardError).toBeCloseTo(Math.abs(pairs[0] - pairs[1]) / 2, 12);
  });

  it('does not change with the unit of prices', () =>
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 100, noNaN: true }), (factor) => {
        const bars = played(0.01, 60);
        const scaled = {
          high: bars.high.map((price) => price * factor),
          low: bars.low.map((price) => price * factor),
          close: bars.close.map((price) => price * factor),
        };
        for (const told of [corwinSchultzSpread, abdiRanaldoSpread, rollSpread]) {
          const [one, other] = [told(bars).spreadFraction ?? 0, told(scaled).spreadFraction ?? 0];
          expect(other).toBeCloseTo(one, 6);
        }
      }),
      { numRuns: 20 },
    ));

  it.each([
    { high: [1], low: [2], close: [1.5] },
    { high: [2], low: [0], close: [1] },
    { high: [2], low: [1], close: [Number.NaN] },
    { high: [2, 2], low: [1], close: [1] },
  ])('is refused of what are no bars: %o', ({ high, low, close }) => {
    const bars = { high: Float64Array.from(high), low: Float64Array.from(low), close: Float64Array.from(close) };
    for (const told of [corwinSchultzSpread, abdiRanaldoSpread, rollSpread]) {
      expect(() => told(bars)).toThrow(RangeError);
    }
  });
});

describe('the market of daily bars', () => {
  it('is that of the newest sessions', () => {
    const bars = played(0.01, 100);
    const volume = Float64Array.from({ length: 100 }, (_, day) => (day < 37 ? 1e9 : 1_000));
    const market = marketOfBars({ ...bars, volume });
    expect(market.sessions).toBe(63);
    expect(market.averageDailyVolume).toBe(1_000);
    expect(market.dailyVolatility).toBeGreaterThan(0.008);
    expect(market.dailyVolatility).toBeLessThan(0.018);
    expect(market.spreads['corwin-schultz']).toEqual(
      corwinSchultzSpread({ high: bars.high.subarray(37), low: bars.low.subarray(37), close: bars.close.subarray(37) }),
    );
  });

  it('is not told from fewer than 21 sessions', () =>
    expect(() => marketOfBars({ ...played(0.01, 20), volume: new Float64Array(20) })).toThrow(
      expect.objectContaining({ code: 'OBSERVATIONS_TOO_FEW' }),
    ));

  it('is refused with a volume that is none', () =>
    expect(() => marketOfBars({ ...played(0.01, 30), volume: new Float64Array(30).fill(-1) })).toThrow(RangeError));
});

describe('a model of spreads', () => {
  const markets = Array.from({ length: 40 }, (_, at) => ({
    dailyVolatility: 0.01 * 1.05 ** (at % 7),
    dailyDollarVolume: 1e6 * 1.3 ** (at % 11),
  }));
  const spread = ({ dailyVolatility, dailyDollarVolume }: (typeof markets)[number]): number =>
    0.5 * dailyVolatility ** 0.8 * dailyDollarVolume ** -0.4;

  it('finds how volatility and volume make them, and tells them again', () => {
    const model = fitSpreadModel(markets.map((market) => ({ ...market, spreadFraction: spread(market) })));
    expect(model.constant).toBeCloseTo(Math.log(0.5), 8);
    expect(model.volatilityExponent).toBeCloseTo(0.8, 8);
    expect(model.volumeExponent).toBeCloseTo(-0.4, 8);
    expect(model.rSquared).toBeCloseTo(1, 10);
    expect(modelledSpread(model, markets[3]!)).toBeCloseTo(spread(markets[3]!), 10);
  });

  it.each([
    ['nine observations', markets.slice(0, 9)],
    ['the same one again and again', markets.map(() => markets[0]!)],
  ])('is not fitted to %s', (_, some) =>
    expect(() => fitSpreadModel(some.map((market) => ({ ...market, spreadFraction: spread(market) })))).toThrow(
      expect.objectContaining({ code: 'OBSERVATIONS_TOO_FEW' }),
    ),
  );

  it('is not fitted to a spread of nothing, and told of no market without volume', () => {
    expect(() => fitSpreadModel(markets.map((market) => ({ ...market, spreadFraction: 0 })))).toThrow(RangeError);
    const model = { constant: 0, volatilityExponent: 1, volumeExponent: -1 };
    expect(() => modelledSpread(model, { dailyVolatility: 0.01, dailyDollarVolume: 0 })).toThrow(RangeError);
  });
});
