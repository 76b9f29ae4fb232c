import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dollars } from '#domain/money.ts';
import { endedListings } from '#pipelines/backtest/bookings.ts';
import { layOutMarket, type BarMarket } from '#pipelines/backtest/barMarket.ts';
import type { BacktestResult } from '#pipelines/backtest/playStrategy.ts';
import type { Strategy } from '#pipelines/backtest/strategy.ts';
import { playedActivity } from '#pipelines/tearSheet/playedActivity.ts';
import { barsOfRows, order, playScript, rowsOf, type PriceRow } from '../backtest/scripted.ts';
import { randomNumbers, weekdays } from '../randomBars.ts';

const count = 40;
const last = weekdays(count)[count - 1]!;

/** Prices that wander, with splits and dividends here and there. */
function wanderingBars(symbol: string, next: () => number, printed: number) {
  let price = 50;
  const rows = Array.from({ length: printed }, (): PriceRow => {
    price = Math.max(5, price * (0.96 + 0.08 * next()));
    const close = Math.round(price * 100) / 100;
    return [close, close + 1, close - 1, close];
  });
  const at = (): number => Math.floor(printed * next());
  const splits = { [at()]: 2, [at()]: 1.5, [at()]: 1 / 7 };
  return barsOfRows(rows, { symbol, splits, dividends: { [at()]: 0.5 } });
}

/** Buys and sells at random, and is flat after the last auction. */
function trader(next: () => number): Strategy {
  return {
    beforeOpen(desk) {
      for (const symbol of desk.symbols.keys()) {
        const drawn = Math.floor(1 + 200 * next()) * (next() < 0.5 ? 1 : -1);
        const quantity = desk.session === last ? 0 - desk.held(symbol) : next() < 0.4 ? drawn : 0;
        if (quantity !== 0) desk.submit([order(quantity, 'market', { symbol, timeInForce: 'opening' })]);
      }
    },
  };
}

function play(seed: number): { readonly result: BacktestResult; readonly market: BarMarket } {
  const next = randomNumbers(seed);
  const bars = [wanderingBars('A', next, count), wanderingBars('B', next, count - 12)];
  const market = layOutMarket({ bars, dividends: 'credited' });
  const result = playScript(bars, trader(next), {
    market,
    rates: { halfSpreadBasisPoints: 20, commissionBasisPoints: 5 },
    delistings: endedListings(market),
    funding: { kind: 'margin', leverageMax: 3, financingBasisPoints: 500, borrowBasisPoints: 300 },
  });
  return { result, market };
}

describe('the activity of a played account', () => {
  it('is one whose trades earn what the account earned, beside dividends and interest', () => {
    const met = { splits: 0, delistings: 0, trades: 0 };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
        const { result, market } = play(seed);
        const { trades, costs } = playedActivity(result, market);
        const earned = trades.reduce((sum, { profitDollars }) => sum + profitDollars, 0);
        const { dividends, financing, borrow } = result;
        const account = dollars(result.equity.at(-1)!) - 100_000;
        expect(earned).toBeCloseTo(account - dollars(dividends) + dollars(financing) + dollars(borrow), 6);
        const { commission, 'half spreads': spreads, financing: interest } = costs.dollars;
        expect((commission ?? 0) + (spreads ?? 0)).toBeCloseTo(dollars(result.costs), 6);
        expect(interest ?? 0).toBe(dollars(financing));
        met.splits += result.splits.length;
        met.delistings += result.delistings.length;
        met.trades += trades.length;
      }),
      { numRuns: 100 },
    );
    expect(Math.min(met.splits, met.delistings, met.trades)).toBeGreaterThan(20);
  });

  it('has a figure of exposure and turnover a session, and no cost that nobody paid', () => {
    const bars = barsOfRows(rowsOf(5, [10, 11, 9, 10]));
    const market = layOutMarket({ bars: [bars], dividends: 'credited' });
    const { exposure, turnover, costs, trades } = playedActivity(playScript([bars], { 0: [order(5_000)] }), market);
    expect(exposure).toEqual([0, 0.5, 0.5, 0.5, 0.5]);
    expect(turnover).toEqual([0, 0.5, 0, 0, 0]);
    expect(costs).toEqual({ dollars: { commission: 0, 'half spreads': 0 }, tradedDollars: 50_000 });
    expect(trades).toEqual([]);
  });
});
