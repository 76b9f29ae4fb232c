import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccountAgent, type KeptAccount } from '#models/agents/accountAgent.ts';
import { tradingRules } from '#models/agents/tradingRules.ts';
import { StockTradingEnvironment } from '#models/environment/stockTrading.ts';
import type { StockMarket } from '#models/environment/stockMarket.ts';
import { RandomSource } from '#models/randomSource.ts';
import { smallTrading, wanderingMarket } from './smallAgents.ts';

const trading = { ...smallTrading, episodeSessions: null };
const saved = { trading, turbulenceThreshold: null };
const pricesAt = ({ prices, stocks }: StockMarket, session: number): Float64Array =>
  prices.subarray(session * stocks, (session + 1) * stocks);
const ordering = (orders: Float32Array) => ({ orders: () => orders });

/** Random orders of two stocks. */
function randomOrders(random: RandomSource): Float32Array {
  return random.fillNormal(new Float32Array(2)).map((value) => Math.max(-1, Math.min(1, value)));
}

describe('an agent at an account that is kept elsewhere', () => {
  it('sees what the environment shows on the same history, to the last bit, and its orders come to the same shares', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000 }), fc.boolean(), (seed, alarmed) => {
        const plain = wanderingMarket(seed);
        const turbulence = Float64Array.from({ length: plain.sessions }, (_, session) => session % 7);
        const market = alarmed ? { ...plain, turbulence } : plain;
        const turbulenceThreshold = alarmed ? 6 : null;
        const rules = tradingRules(trading, { environments: 1, turbulenceThreshold });
        const environment = new StockTradingEnvironment(market, rules);
        const [kept] = environment.accounts;
        const random = new RandomSource(seed, 1);
        // The step to the last session ends the episode, and another begins at once.
        for (let session = 0; session < market.sessions - 2; session += 1) {
          const orders = randomOrders(random);
          const given = { trading, turbulenceThreshold };
          const agent = new AccountAgent(given, ordering(orders), { market, worth: trading.initialCash });
          const { cash } = kept!;
          const account: KeptAccount = { cash, shares: kept!.shares.slice(), prices: pricesAt(market, session) };
          expect(agent.observe(session, account)).toEqual(environment.observations);
          const wanted = agent.wantedShares(session, account);
          environment.step(orders);
          expect(wanted).toEqual(kept!.shares);
        }
      }),
      { numRuns: 20 },
    ));

  it('orders as much more as the account is larger than the one it learnt with, and sees it alike', () => {
    const market = wanderingMarket(4);
    const at = (worth: number) => {
      const agent = new AccountAgent(saved, ordering(Float32Array.of(1, 0)), { market, worth });
      const account = { cash: worth, shares: new Float64Array(2), prices: pricesAt(market, 0) };
      return { seen: agent.observe(0, account), wanted: agent.wantedShares(0, account) };
    };
    expect([...at(10_000).wanted]).toEqual([trading.sharesMax, 0]);
    expect([...at(40_000).wanted]).toEqual([4 * trading.sharesMax, 0]);
    expect(at(40_000).seen).toEqual(at(10_000).seen);
  });

  it('values what is held at the prices of the account, though the market’s are adjusted for later dividends', () => {
    const market = wanderingMarket(5);
    const agent = new AccountAgent(saved, ordering(new Float32Array(2)), { market, worth: 10_000 });
    const prices = pricesAt(market, 3).map((price) => price * 1.25);
    const seen = agent.observe(3, { cash: 0, shares: Float64Array.of(40, 0), prices });
    expect(seen[3]).toBeCloseTo((40 * prices[0]!) / 10_000, 5);
  });

  it.each([
    ['orders what is no number', Float32Array.of(Number.NaN, 0), 1],
    ['sees what is none', Float32Array.of(0, 0), Number.POSITIVE_INFINITY],
  ])('is not traded on when it %s (FORECAST_NOT_FINITE)', (_, orders, cash) => {
    const market = wanderingMarket(6);
    const agent = new AccountAgent(saved, ordering(orders), { market, worth: 10_000 });
    const account = { cash, shares: new Float64Array(2), prices: pricesAt(market, 0) };
    expect(() => agent.wantedShares(0, account)).toThrow(expect.objectContaining({ code: 'FORECAST_NOT_FINITE' }));
  });
});
