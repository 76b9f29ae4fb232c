import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money, shares } from '#domain/money.ts';
import { layOutMarket, type BarMarket } from '#pipelines/backtest/barMarket.ts';
import { crossingHoldings, fastBacktest } from '#pipelines/backtest/fastBacktest.ts';
import { playStrategy } from '#pipelines/backtest/playStrategy.ts';
import type { Strategy } from '#pipelines/backtest/strategy.ts';
import { parametersOf } from '#pipelines/strategies/definition.ts';
import { smaCross } from '#pipelines/strategies/smaCross.ts';
import { firstRows, randomBars, randomNumbers, weekdays } from '../randomBars.ts';

const dates = weekdays(150);
const cash = money(1e13);
const rates = { halfSpreadBasisPoints: 3, commissionBasisPoints: 7 };

function marketOf(seed: number, symbols: number): BarMarket {
  const bars = Array.from({ length: symbols }, (_, index) => randomBars(`S${index}`, dates, seed + index));
  return layOutMarket({ bars, dividends: 'ignored' });
}

/** Orders what is missing to the holdings of columns, for the next opening auction. */
function following(holdings: readonly Int32Array[]): Strategy {
  let row = -1;
  return {
    afterClose(desk) {
      row += 1;
      for (const [symbol, wanted] of holdings.entries()) {
        const change = wanted[row]! - desk.held(symbol);
        if (change === 0) continue;
        const quantity = shares(Math.abs(change));
        const side = change > 0 ? 'buy' : 'sell';
        desk.submit([{ symbol, side, quantity, terms: { kind: 'market' }, timeInForce: 'opening' }]);
      }
    },
  };
}

describe('the fast path', () => {
  const seeds = fc.integer({ min: 1, max: 1_000_000 });

  it('makes the same money as the event core, to the last unit, whatever is held', () => {
    let traded = 0;
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 4 }), (seed, symbols) => {
        const market = marketOf(seed, symbols);
        const next = randomNumbers(seed);
        const holdings = market.symbols.map(() => {
          let held = 0;
          return Int32Array.from(dates, () => (next() < 0.3 ? (held = Math.floor(500 * next())) : held));
        });
        const fast = fastBacktest({ market, holdings, cash, rates });
        const core = playStrategy({ market, strategy: following(holdings), cash, rates });
        expect(Array.from(fast.equity)).toEqual(core.equity);
        expect([fast.trades, fast.costs]).toEqual([core.trades, core.costs]);
        traded += fast.trades;
      }),
      { numRuns: 40 },
    );
    expect(traded).toBeGreaterThan(1_000);
  });

  it('crosses averages as the strategy does', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 10, max: 30 }),
        (seed, fastBars, slowBars) => {
          const market = marketOf(seed, 2);
          const parameters = parametersOf(smaCross, { fast: fastBars, slow: slowBars, shares: 100 });
          const core = playStrategy({ market, strategy: smaCross.create({ bars: [], parameters }), cash, rates });
          const holdings = market.symbols.map(({ close }) =>
            crossingHoldings(close, { fast: fastBars, slow: slowBars, quantity: 100 }),
          );
          const fast = fastBacktest({ market, holdings, cash, rates });
          expect(Array.from(fast.equity)).toEqual(core.equity);
          expect(fast.trades).toBe(core.trades);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('refuses what it does not cover', () => {
    const market = marketOf(1, 1);
    const holdings = [new Int32Array(dates.length).fill(100)];
    expect(() => fastBacktest({ market, holdings: [], cash, rates })).toThrow('needs a bar and a holding');
    expect(() => fastBacktest({ market, holdings, cash: money(1_000), rates })).toThrow('cash is overdrawn');
    const [one, other] = [randomBars('A', dates, 1), firstRows(randomBars('B', dates, 2), 100)];
    const gaps = layOutMarket({ bars: [one, other], dividends: 'ignored' });
    expect(() => fastBacktest({ market: gaps, holdings: [holdings[0]!, holdings[0]!], cash, rates })).toThrow(
      'B needs',
    );
  });
});
