import { existsSync, readFileSync } from 'node:fs';
import { array, assert, double, float, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StepOutcome } from '#models/environment/environment.ts';
import type { StockMarket } from '#models/environment/stockMarket.ts';
import { StockTradingEnvironment, type TradingRules } from '#models/environment/stockTrading.ts';
import { RandomSource } from '#models/randomSource.ts';
import { formulaActions, returnsMarket, returnsShape } from '#test/bench/returnsMarket.ts';

const rules: TradingRules = {
  environments: 1,
  initialCash: 1_000,
  sharesMax: 10,
  buyCostFraction: 0.01,
  sellCostFraction: 0.02,
  rewardScale: 1,
  observation: 'raw',
};
const handMarket: StockMarket = {
  sessions: 4,
  stocks: 2,
  prices: Float64Array.of(100, 10, 110, 9, 120, 8, 90, 12),
  indicators: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  turbulence: Float64Array.of(99, 0, 50, 0),
};
const step = (environment: StockTradingEnvironment, ...actions: number[]): StepOutcome =>
  environment.step(Float32Array.from(actions));

/** A random market and actions for it, all from one seed. */
function drawn({ sessions, stocks, seed }: { sessions: number; stocks: number; seed: number }): {
  readonly market: StockMarket;
  readonly actions: (count: number) => Float32Array;
} {
  const random = new RandomSource(seed, 1);
  const floats = (length: number, scale: number): Float64Array =>
    Float64Array.from({ length }, () => scale * (0.01 + random.uniform()));
  const market = {
    sessions,
    stocks,
    prices: floats(sessions * stocks, 200),
    indicators: floats(sessions * stocks * 2, 1),
    predictions: floats(sessions * stocks, 0.02),
    turbulence: floats(sessions, 100),
  };
  return { market, actions: (count) => Float32Array.from({ length: count }, () => 2 * random.uniform() - 1) };
}

describe('the stock trading environment', () => {
  it('trades as worked out by hand', () => {
    const environment = new StockTradingEnvironment(handMarket, rules);
    expect([...environment.observations]).toEqual([1_000, 100, 10, 0, 0, 1, 2]);
    // 10 of the first wanted, larger than 9.9 of the second cut to 9: 1,000 / 101 pays for 9, the 91 left for 9 at 10.10.
    const first = step(environment, 1, 0.99);
    const cash = 1_000 - 9 * 100 * 1.01 - 9 * 10 * 1.01;
    const account = environment.accounts[0]!;
    expect([...account.shares]).toEqual([9, 9]);
    expect(account.cash).toBeCloseTo(cash, 10);
    expect(account.paidCosts).toBeCloseTo(9.9, 10);
    expect(first.rewards[0]).toBeCloseTo(9 * 110 + 9 * 9 + cash - 1_000, 10);
    expect([...environment.observations]).toEqual([Math.fround(account.cash), 110, 9, 9, 9, 3, 4]);
    // Sells come first and pay for the buy: 5 of the first at 110 less 2 percent, then 10 of the second at 9.09.
    const before = account.cash;
    step(environment, -0.5, 1);
    expect([...account.shares]).toEqual([4, 19]);
    expect(account.cash).toBeCloseTo(before + 5 * 110 * 0.98 - 10 * 9 * 1.01, 10);
    expect(account.trades).toBe(4);
    const last = step(environment, 0, 0);
    expect([...last.truncated, ...last.terminated]).toEqual([1, 0]);
    expect([...last.reached.subarray(1, 5)]).toEqual([90, 12, 4, 19]);
    expect([...environment.observations]).toEqual([1_000, 100, 10, 0, 0, 1, 2]);
  });

  it('sells everything and buys nothing in turbulence, but not in the first session', () => {
    const environment = new StockTradingEnvironment(handMarket, { ...rules, turbulenceThreshold: 50 });
    const account = environment.accounts[0]!;
    step(environment, 0.2, 0);
    expect([...account.shares]).toEqual([2, 0]);
    step(environment, 0, 0.3);
    expect([...account.shares]).toEqual([2, 3]);
    const before = account.cash;
    const { reached } = step(environment, 1, 1);
    expect(reached[0]).toBeCloseTo(before + (2 * 120 + 3 * 8) * 0.98, 3);
    expect([...reached.subarray(3, 5)]).toEqual([0, 0]);
  });

  const expectedFile = '../shared/bench/expected/finrl_env.json';
  const hasFinRl = existsSync(expectedFile);
  if (!hasFinRl) console.log(`skipped: there is no ${expectedFile}, so the environment is not compared with FinRL's`);
  it.skipIf(!hasFinRl)("walks FinRL's own trajectory exactly, to the last bit", () => {
    const expected = JSON.parse(readFileSync(expectedFile, 'utf8')) as {
      readonly rows: readonly (readonly number[])[];
      readonly shares_after_250: readonly number[];
    };
    const size = { stocks: 30, sessions: 2_520, total: returnsShape[1] };
    const market = returnsMarket('../shared/bench/inputs/rets500.bin', size, 1);
    const environment = new StockTradingEnvironment(market, {
      ...rules,
      initialCash: 1_000_000,
      sharesMax: 128,
      buyCostFraction: 0.001,
      sellCostFraction: 0.001,
      rewardScale: 1e-4,
    });
    const account = environment.accounts[0]!;
    const walked = expected.rows.map((_, i) => {
      const { rewards } = environment.step(formulaActions(i, 30));
      return [account.cash, account.assets, rewards[0], account.paidCosts, account.trades];
    });
    expect(walked).toEqual(expected.rows);
    expect([...account.shares]).toEqual(expected.shares_after_250);
  });

  const sizes = record({
    sessions: integer({ min: 2, max: 30 }),
    stocks: integer({ min: 1, max: 8 }),
    seed: integer(),
  });

  it('never creates cash, borrows, sells short, or trades more than the limit', () => {
    const costs = double({ min: 0, max: 0.1, noNaN: true });
    const keeps = property(sizes, costs, integer({ min: 1, max: 200 }), (size, cost, sharesMax) => {
      const { market, actions } = drawn(size);
      const environment = new StockTradingEnvironment(market, {
        ...rules,
        sharesMax,
        buyCostFraction: cost,
        sellCostFraction: cost,
        turbulenceThreshold: 90,
      });
      const account = environment.accounts[0]!;
      for (let session = 0; session < size.sessions - 2; session += 1) {
        const before = { cash: account.cash, shares: account.shares.slice(), costs: account.paidCosts };
        const prices = market.prices.subarray(session * size.stocks, (session + 1) * size.stocks);
        environment.step(actions(size.stocks));
        const isTurbulent = session > 0 && market.turbulence![session]! >= 90;
        // What holdings lost in value at the traded prices, cash won, less the costs.
        let bought = 0;
        for (const [stock, price] of prices.entries()) {
          const change = account.shares[stock]! - before.shares[stock]!;
          expect(Math.abs(change) <= sharesMax || (isTurbulent && account.shares[stock] === 0)).toBe(true);
          expect(account.shares[stock]).toSatisfy((held: number) => Number.isInteger(held) && held >= 0);
          bought += change * price;
        }
        const paid = account.paidCosts - before.costs;
        expect(account.cash).toBeGreaterThanOrEqual(0);
        expect(paid).toBeGreaterThanOrEqual(0);
        expect(Math.abs(before.cash - bought - paid - account.cash)).toBeLessThan(1e-6);
      }
    });
    assert(keeps, { numRuns: 200 });
  });

  it('gives the rewards that add up to what the account gained', () => {
    const addsUp = property(sizes, (size) => {
      const { market, actions } = drawn(size);
      const environment = new StockTradingEnvironment(market, rules);
      const account = environment.accounts[0]!;
      let gained = 0;
      for (let session = 0; session < size.sessions - 2; session += 1) {
        gained += environment.step(actions(size.stocks)).rewards[0]!;
      }
      expect(gained).toBeCloseTo(account.assets - rules.initialCash, 6);
    });
    assert(addsUp, { numRuns: 50 });
  });

  it('gives the same run for the same seed, and goes on the same from a saved state', () => {
    const repeats = property(sizes, integer({ min: 2, max: 4 }), (size, environments) => {
      const { market, actions } = drawn(size);
      const given = { ...rules, environments, episodeSessions: Math.max(2, size.sessions >> 1) };
      const orders = Array.from({ length: 20 }, () => actions(environments * size.stocks));
      const run = (environment: StockTradingEnvironment, from: number): readonly unknown[] =>
        orders.slice(from).map((order) => {
          const { rewards, truncated, reached } = environment.step(order);
          return [[...rewards], [...truncated], [...reached], [...environment.observations]];
        });
      const environment = new StockTradingEnvironment(market, given);
      environment.reset(size.seed);
      const first = run(environment, 0);
      environment.reset(size.seed);
      for (const order of orders.slice(0, 7)) environment.step(order);
      const saved = JSON.parse(JSON.stringify(environment.save())) as ReturnType<typeof environment.save>;
      const other = new StockTradingEnvironment(market, given);
      other.restore(saved);
      expect(other.observations).toEqual(environment.observations);
      expect(run(environment, 7)).toEqual(first.slice(7));
      expect(run(other, 7)).toEqual(first.slice(7));
    });
    assert(repeats, { numRuns: 30 });
  });

  it('keeps environments apart: many at once walk as each alone', () => {
    const apart = property(sizes, (size) => {
      const { market, actions } = drawn(size);
      const together = new StockTradingEnvironment(market, { ...rules, environments: 3 });
      const alone = Array.from({ length: 3 }, () => new StockTradingEnvironment(market, rules));
      for (let session = 0; session < 12; session += 1) {
        const order = actions(3 * size.stocks);
        const { rewards } = together.step(order);
        for (const [at, one] of alone.entries()) {
          const own = order.subarray(at * size.stocks, (at + 1) * size.stocks);
          expect(one.step(own).rewards[0]).toBe(rewards[at]);
        }
      }
    });
    assert(apart, { numRuns: 30 });
  });

  it('shows forecasts last, and fractions when it is asked to scale', () => {
    const market = { ...handMarket, predictions: Float64Array.of(0.5, 0.25, 0, 0, 0, 0, 0, 0) };
    const environment = new StockTradingEnvironment(market, { ...rules, observation: 'scaled' });
    expect([...environment.observations]).toEqual([1, 1, 1, 0, 0, 1, 2, 0.5, 0.25]);
    step(environment, 0.5, 0);
    const seen = [...environment.observations];
    const wanted = [(1_000 - 5 * 101) / 1_000, 1.1, 0.9, (5 * 110) / 1_000, 0, 3, 4, 0, 0];
    for (const [at, value] of wanted.entries()) expect(seen[at]).toBeCloseTo(value, 6);
  });

  it('refuses actions out of range, or too few of them', () => {
    const environment = new StockTradingEnvironment(handMarket, rules);
    const wrong = array(float({ min: Math.fround(1.001), noNaN: true, noDefaultInfinity: true }), {
      minLength: 2,
      maxLength: 2,
    });
    const refused = property(wrong, (actions) => {
      expect(() => step(environment, ...actions)).toThrow(RangeError);
    });
    assert(refused);
    for (const actions of [[0], [0, Number.NaN], [0, 0, 0], [-1.5, 0]]) {
      expect(() => step(environment, ...actions)).toThrow(RangeError);
    }
  });

  it.each<readonly [string, Partial<StockMarket>]>([
    ['columns that do not fit', { prices: new Float64Array(7) }],
    ['indicators within a stock', { indicators: new Float64Array(7) }],
    ['predictions of another length', { predictions: new Float64Array(3) }],
    ['turbulence of another length', { turbulence: new Float64Array(3) }],
  ])('refuses a market of %s (MODEL_SHAPE_MISMATCH)', (_, change) => {
    expect(() => new StockTradingEnvironment({ ...handMarket, ...change }, rules)).toThrow(
      expect.objectContaining({ code: 'MODEL_SHAPE_MISMATCH' }),
    );
  });

  it('refuses prices of nothing and indicators that are no numbers', () => {
    const prices = handMarket.prices.with(3, 0);
    const indicators = handMarket.indicators.with(3, Number.NaN);
    expect(() => new StockTradingEnvironment({ ...handMarket, prices }, rules)).toThrow(/no price: 0/);
    expect(() => new StockTradingEnvironment({ ...handMarket, indicators }, rules)).toThrow(/indicators .* NaN/);
  });

  it.each<readonly [keyof TradingRules, Partial<TradingRules>]>([
    ['environments', { environments: 0 }],
    ['initialCash', { initialCash: Number.NaN }],
    ['sharesMax', { sharesMax: 1.5 }],
    ['buyCostFraction', { buyCostFraction: 1 }],
    ['sellCostFraction', { sellCostFraction: -0.1 }],
    ['rewardScale', { rewardScale: 0 }],
    ['episodeSessions', { episodeSessions: 5 }],
  ])('refuses rules with a wrong %s', (name, change) => {
    expect(() => new StockTradingEnvironment(handMarket, { ...rules, ...change })).toThrow(new RegExp(name));
  });
});
