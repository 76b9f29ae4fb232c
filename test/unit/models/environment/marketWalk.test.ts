import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarketWalk } from '#models/environment/marketWalk.ts';
import { playSimpleHoldings } from '#models/environment/simpleHoldings.ts';
import { StockTradingEnvironment, type TradingRules } from '#models/environment/stockTrading.ts';
import { RandomSource } from '#models/randomSource.ts';
import { wanderingMarket } from '../agents/smallAgents.ts';

const rules: TradingRules = {
  environments: 1,
  initialCash: 10_000,
  sharesMax: 80,
  buyCostFraction: 0.002,
  sellCostFraction: 0.001,
  rewardScale: 0.5,
  observation: 'scaled',
};

/** Orders drawn by a seed, shape [sessions - 1][stocks]. */
function randomOrders(seed: number, sessions: number): readonly Float32Array[] {
  const random = new RandomSource(seed, 0);
  return Array.from({ length: sessions - 1 }, () => Float32Array.from({ length: 2 }, () => 2 * random.uniform() - 1));
}

describe('a walk through a market', () => {
  it('sees, gains and pays as the environment does, with turbulence and limits', () => {
    const seeds = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(seeds, fc.option(fc.double({ min: 0.05, max: 1, noNaN: true })), (seed, holdingFractionMax) => {
        const plain = wanderingMarket(seed, 20);
        const turbulence = Float64Array.from({ length: 20 }, (_, session) => (session % 7 === 6 ? 9 : 1));
        const market = { ...plain, turbulence };
        const own = { ...rules, turbulenceThreshold: 5, ...(holdingFractionMax && { holdingFractionMax }) };
        const environment = new StockTradingEnvironment(market, own);
        const walk = new MarketWalk(market, own);
        for (const orders of randomOrders(seed, 20)) {
          expect(walk.observation).toEqual(environment.observations.slice());
          const before = walk.worth;
          const { rewards } = environment.step(orders);
          const paidBefore = walk.played().paidCosts;
          walk.step(orders);
          expect(rewards[0]).toBe((walk.worth - before) * rules.rewardScale);
          expect(walk.played().paidCosts).toBeGreaterThanOrEqual(paidBefore);
        }
        expect(walk.isOver).toBe(true);
        expect(walk.played().assets).toHaveLength(20);
      }),
      { numRuns: 40 },
    );
  });

  it('never buys a stock beyond its part of the account', () => {
    const limits = fc.double({ min: 0.02, max: 0.9, noNaN: true });
    const property = fc.property(fc.integer({ min: 0, max: 1_000 }), limits, (seed, holdingFractionMax) => {
      const walk = new MarketWalk(wanderingMarket(seed, 20), { ...rules, holdingFractionMax });
      for (const orders of randomOrders(seed, 20)) {
        const [before, prices, worth] = [walk.shares.slice(), walk.prices.slice(), walk.worth];
        walk.step(orders);
        const parts = [...walk.shares].map((held, stock) => (held > before[stock]! ? held * prices[stock]! : 0));
        expect(Math.max(...parts)).toBeLessThanOrEqual(holdingFractionMax * worth);
      }
    });
    expect(() => fc.assert(property, { numRuns: 40 })).not.toThrow();
  });
});

describe('what an agent must beat', () => {
  const market = wanderingMarket(5, 30);
  const played = playSimpleHoldings(market, { ...rules, holdingFractionMax: 0.1 });

  it('is cash, which neither gains nor pays', () => {
    expect(new Set(played.cash.assets)).toEqual(new Set([10_000]));
    expect(played.cash.paidCosts).toBe(0);
  });

  it('is holding what was bought on the first session, by the prices alone', () => {
    const { assets, traded, paidCosts } = played['buy and hold'];
    const part = 10_000 / 2 / 1.002;
    const shares = [0, 1].map((stock) => Math.floor(part / market.prices[stock]!));
    const bought = shares.reduce((sum, held, stock) => sum + held * market.prices[stock]!, 0);
    expect(traded.slice(1).every((value) => value === 0)).toBe(true);
    expect(traded[0]).toBeCloseTo(bought, 9);
    expect(paidCosts).toBeCloseTo(0.002 * bought, 9);
    const worth = shares.reduce((sum, held, stock) => sum + held * market.prices[58 + stock]!, 0);
    expect(assets.at(-1)).toBeCloseTo(10_000 - bought - paidCosts + worth, 6);
  });

  it('is the same part of every stock, within a share, after each session is traded', () => {
    const walk = new MarketWalk(market, rules);
    const { traded } = played['equal weight'];
    expect(traded.slice(1).some((value) => value > 0)).toBe(true);
    expect(walk.isFirst).toBe(true);
    expect(played['equal weight'].paidCosts).toBeGreaterThan(played['buy and hold'].paidCosts);
  });
});
