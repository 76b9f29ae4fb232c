import { describe, expect, it } from 'vitest';
import { playEnsembles, trackWeights } from '#models/agents/agentEnsemble.ts';
import type { ServedPolicy } from '#models/agents/agentPolicy.ts';
import { tradingRules } from '#models/agents/tradingRules.ts';
import { MarketWalk } from '#models/environment/marketWalk.ts';
import type { StockMarket } from '#models/environment/stockMarket.ts';
import { smallTrading } from './smallAgents.ts';

const settings = { halfLife: 10, sharpness: 5 };
const rules = tradingRules(
  { ...smallTrading, holdingFractionMax: null, episodeSessions: null },
  { environments: 1, turbulenceThreshold: null },
);
/** The first stock rises, the second falls, both unevenly. */
const market: StockMarket = {
  sessions: 40,
  stocks: 2,
  prices: Float64Array.from({ length: 80 }, (_, at) => {
    const [session, stock] = [Math.floor(at / 2), at % 2];
    return 50 * (stock === 0 ? 1.01 : 0.99) ** session * (session % 2 === 0 ? 1 : 1.002);
  }),
  indicators: new Float64Array(0),
};
const policy = (...orders: number[]): ServedPolicy => ({
  answer: () => Float32Array.from(orders),
  orders: () => Float32Array.from(orders),
  release: () => Promise.resolve(),
});

describe('weights by recent performance', () => {
  it('sum to one, and are larger for who earned more for its risk of late', () => {
    const weights = trackWeights(
      [
        [0.01, 0.02, 0.01],
        [-0.01, 0.01, -0.02],
        [0, 0, 0],
      ],
      settings,
    );
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(weights[0]).toBeGreaterThan(weights[2]!);
    expect(weights[2]).toBeGreaterThan(weights[1]!);
  });

  it('forget: the same returns in the other order weigh otherwise', () => {
    const rising = [-0.01, 0, 0.01, 0.02];
    const [late, early] = trackWeights([rising, rising.toReversed()], { ...settings, halfLife: 1 });
    expect(late).toBeGreaterThan(early!);
  });

  it('are alike before there are two returns', () =>
    expect([...trackWeights([[0.5], [-0.5]], settings)]).toEqual([0.5, 0.5]));
});

describe('agents played as one', () => {
  it('trade the mean of their orders; alone, one trades as it does by itself', () => {
    const { average } = playEnsembles([policy(1, 0), policy(0, 1)], { market, rules }, settings);
    const walk = new MarketWalk(market, rules);
    while (!walk.isOver) walk.step(Float32Array.of(0.5, 0.5));
    expect(average).toEqual(walk.played());
    const alone = playEnsembles([policy(0.5, 0.5)], { market, rules }, settings);
    expect(alone).toEqual({ average: walk.played(), 'recent performance': walk.played() });
  });

  it('earn more where the one is trusted who bought what rises', () => {
    const played = playEnsembles([policy(1, 0), policy(0, 1)], { market, rules }, settings);
    expect(played['recent performance'].assets.at(-1)).toBeGreaterThan(played.average.assets.at(-1)!);
  });
});
