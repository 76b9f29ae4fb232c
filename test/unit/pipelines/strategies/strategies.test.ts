import { describe, expect, it } from 'vitest';
import type { DailyBars } from '#domain/bars.ts';
import { dollars } from '#domain/money.ts';
import { parametersOf, type StrategyDefinition } from '#pipelines/strategies/definition.ts';
import { strategies } from '#pipelines/strategies/registry.ts';
import { firstRows, randomBars, weekdays } from '../randomBars.ts';
import { barsOfRows, fillTexts, playScript } from '../backtest/scripted.ts';

const named = (name: string): StrategyDefinition => strategies.find((one) => one.name === name)!;

function play(name: string, bars: readonly DailyBars[], given: Readonly<Record<string, number>> = {}) {
  const definition = named(name);
  return playScript(bars, definition.create({ bars, parameters: parametersOf(definition, given) }));
}

/** Bars that open where they closed before. */
function closes(prices: readonly number[], symbol = 'A'): DailyBars {
  return barsOfRows(
    prices.map((close, row) => {
      const open = prices[Math.max(0, row - 1)]!;
      return [open, Math.max(open, close), Math.min(open, close), close];
    }),
    { symbol },
  );
}

describe('sma-cross', () => {
  it('enters after the close that crosses over and leaves after the one that crosses under', () => {
    // Averages of two and three: under at the fourth close, over at the sixth, under at the eighth.
    const bars = [closes([10, 10, 10, 9, 9, 12, 13, 8, 8, 8])];
    expect(fillTexts(play('sma-cross', bars, { fast: 2, slow: 3, shares: 7 }))).toEqual([
      '6 open buy 7 @ 12',
      '8 open sell 7 @ 8',
    ]);
  });

  it('reads the same crossings across a split', () => {
    const plain = closes([10, 10, 10, 9, 9, 12, 13, 8, 8, 8]);
    const halved = { ...plain, actions: { dividend: new Float64Array(10), splitRatio: new Float64Array(10).fill(1) } };
    halved.actions.splitRatio[4] = 2;
    const half = (column: Float64Array): Float64Array => column.map((price, row) => (row < 4 ? price : price / 2));
    const split = {
      ...halved,
      open: half(plain.open),
      high: half(plain.high),
      low: half(plain.low),
      close: half(plain.close),
    };
    expect(fillTexts(play('sma-cross', [split], { fast: 2, slow: 3, shares: 14 }))).toEqual([
      '6 open buy 14 @ 6',
      '8 open sell 14 @ 4',
    ]);
  });

  it('buys an equal part of equity less a buffer where no shares are said', () => {
    const bars = [closes([10, 10, 10, 9, 9, 12, 13, 13]), closes([10, 10, 10, 10, 10, 10, 10, 10], 'B')];
    expect(fillTexts(play('sma-cross', bars, { fast: 2, slow: 3 }))).toEqual(['6 open buy 4083 @ 12']);
  });
});

describe('buy-and-hold and equal-weight', () => {
  it('buy equal parts once, and bring them back to it', () => {
    const bars = [closes([10, 10, 20, 20, 20]), closes([10, 10, 10, 10, 10], 'B')];
    expect(play('buy-and-hold', bars).trades).toBe(2);
    expect(fillTexts(play('equal-weight', bars, { every: 2 }))).toEqual([
      '1 open buy 4900 @ 10',
      '1 open buy 4900 @ 10',
      '3 open sell 1175 @ 20',
      // Half of 149,000 would be 2,550; the buffer of two percent leaves money for 2,252.
      '3 open buy 2252 @ 10',
    ]);
  });
});

describe('momentum', () => {
  it('holds those that rose most, the latest bars left out', () => {
    const late = closes([10, 10, 10, 10, 40, 40], 'L');
    const early = closes([10, 12, 13, 14, 14, 14], 'E');
    const result = play('momentum', [late, early], { lookback: 3, skip: 1, part: 0.5, every: 1 });
    // Before row 4 the bars end at row 3: E rose from row 0 to row 2. Then L's jump counts.
    expect(fillTexts(result)[0]).toBe('4 open buy 7000 @ 14');
  });

  it('refuses to leave out all it looks back at', () => {
    expect(() => play('momentum', [closes([10])], { lookback: 5, skip: 5 })).toThrow('not under lookback');
  });
});

describe('inverse-volatility', () => {
  it('gives the calmer symbol the larger part', () => {
    const calm = closes([100, 101, 100, 101, 100, 101]);
    const wild = closes([100, 102, 100, 102, 100, 102], 'B');
    const [first, second] = play('inverse-volatility', [calm, wild], { window: 3, every: 1 }).fills;
    const worth = [first, second].map((fill) => dollars(fill!.price) * fill!.quantity);
    expect(worth[0]! / worth[1]!).toBeCloseTo(2, 1);
  });
});

describe('channel-breakout', () => {
  it('is bought by a stop at the highest high and sold by one at the lowest low', () => {
    const bars = [closes([10, 11, 10, 11, 13, 14, 14, 9, 9])];
    expect(fillTexts(play('channel-breakout', bars, { entry: 3, exit: 2, shares: 5 }))).toEqual([
      '3 session buy 5 @ 11',
      '7 session sell 5 @ 13',
    ]);
  });
});

describe('rsi-reversion', () => {
  it('buys a fall within a rise and sells the recovery', () => {
    const bars = [closes([10, 12, 14, 16, 18, 20, 19, 18.5, 19.9, 20.5, 21])];
    expect(fillTexts(play('rsi-reversion', bars, { window: 2, trend: 5, recovery: 3, level: 10, shares: 4 }))).toEqual([
      '8 open buy 4 @ 18.5',
      '9 open sell 4 @ 19.9',
    ]);
  });
});

describe('every strategy', () => {
  const dates = weekdays(400);

  it.each(strategies.map(({ name }) => name))(
    '%s trades, and decides the same when what follows is not there',
    (name) => {
      const bars = ['A', 'B', 'C'].map((symbol, index) => randomBars(symbol, dates, 50 + index));
      const whole = play(name, bars);
      expect(whole.trades).toBeGreaterThan(0);
      const cut = 330;
      const past = play(
        name,
        bars.map((one) => firstRows(one, cut)),
      );
      expect(
        whole.orders.slice(0, past.orders.length).map(({ symbol, side, quantity }) => [symbol, side, quantity]),
      ).toEqual(past.orders.map(({ symbol, side, quantity }) => [symbol, side, quantity]));
    },
  );

  it('takes only the parameters it has, within their bounds', () => {
    const strategy = named('sma-cross');
    expect(parametersOf(strategy, { fast: 5 })).toEqual({ fast: 5, slow: 50, shares: 0 });
    expect(() => parametersOf(strategy, { fats: 5 })).toThrow('has no parameter fats, but fast, slow, shares');
    expect(() => parametersOf(strategy, { fast: 1.5 })).toThrow('not a whole number from 1');
    expect(() => strategy.create({ bars: [], parameters: parametersOf(strategy, { fast: 50 }) })).toThrow('not under');
  });
});
