import { describe, expect, it } from 'vitest';
import { marketOfBars, spreadEstimators } from '#domain/costs/marketOfBars.ts';
import type { DailyBars } from '#domain/bars.ts';
import { layOutMarket } from '#pipelines/backtest/barMarket.ts';
import type { MarketCostRules } from '#pipelines/backtest/marketCosts.ts';
import { playedActivity } from '#pipelines/tearSheet/playedActivity.ts';
import { randomBars, weekdays } from '../randomBars.ts';
import { limitAt, order, playScript } from './scripted.ts';

const dates = weekdays(120);
const bars = randomBars('A', dates, 5);
const fixed = { halfSpreadBasisPoints: 3, commissionBasisPoints: 0 };
const impact = { kind: 'squareRoot', coefficient: 1 } as const;
const play = (marketCosts: MarketCostRules, script: Parameters<typeof playScript>[1], given: DailyBars = bars) =>
  playScript([given], script, { rates: fixed, marketCosts });
/** What was known of the market before the session of a row. */
const before = (row: number) => {
  const of = (column: Float64Array): Float64Array => column.subarray(0, row);
  return marketOfBars({ high: of(bars.high), low: of(bars.low), close: of(bars.close), volume: of(bars.volume) });
};
const open = (row: number): number => Math.round(bars.open[row]! * 10_000);
/** A price moved against a purchase, rounded against it. */
const bought = (row: number, basisPoints: number): number =>
  open(row) + Math.ceil((open(row) * basisPoints) / 10_000 - 1e-9);

describe('costs that bars tell', () => {
  it.each(spreadEstimators)('take half of the spread that %s tells of the quarter before', (spread) => {
    const [fill] = play({ spread }, { 80: [order(200)] }).fills;
    const told = before(81).spreads[spread].spreadFraction;
    expect(fill!.price).toBeCloseTo(bought(81, told === undefined ? 3 : told * 5_000), -1);
    expect(fill).not.toHaveProperty('impact');
  });

  it('move a price by the square root of the order over what trades, beside the fixed half spread', () => {
    const [fill] = play({ impact }, { 80: [order(400)] }).fills;
    const { averageDailyVolume, dailyVolatility } = before(81);
    const basisPoints = dailyVolatility * Math.sqrt(400 / averageDailyVolume) * 10_000;
    expect(fill!.price).toBeCloseTo(bought(81, 3 + basisPoints), -1);
    expect(fill!.slippage).toBe((fill!.price - open(81)) * 400);
    expect(fill!.impact! / fill!.slippage).toBeCloseTo(basisPoints / (3 + basisPoints), 4);
    const market = layOutMarket({ bars: [bars], dividends: 'credited' });
    const { costs } = playedActivity(play({ impact }, { 80: [order(400)] }), market);
    expect(costs.dollars.impact).toBeCloseTo(fill!.impact! / 10_000, 10);
    expect(costs.dollars['half spreads']).toBeCloseTo((fill!.slippage - fill!.impact!) / 10_000, 10);
  });

  it('grow with the order, and with the coefficient', () => {
    const paid = (quantity: number, coefficient: number): number => {
      const [fill] = play({ impact: { ...impact, coefficient } }, { 80: [order(quantity)] }).fills;
      return fill!.impact! / quantity;
    };
    expect(paid(400, 1) / paid(100, 1)).toBeCloseTo(2, 1);
    expect(paid(400, 2) / paid(400, 1)).toBeCloseTo(2, 1);
  });

  it('never take an order beyond its limit', () => {
    const limit = open(81) / 10_000 + 0.01;
    const [fill] = play({ impact }, { 80: [order(500, limitAt(limit))] }).fills;
    expect(fill!.price).toBeLessThanOrEqual(Math.round(limit * 10_000));
  });

  it('are the fixed ones while less than a month of bars is known, and those fills are counted', () => {
    const script = { 5: [order(10)], 19: [order(10)], 20: [order(10)], 60: [order(-10)] };
    const result = play({ impact, spread: 'corwin-schultz' }, script);
    expect(result.unmeasuredFills).toBe(2);
    expect(result.fills[0]!.price).toBe(bought(6, 3));
    expect(result.fills.map(({ impact: moved }) => moved! > 0)).toEqual([false, false, true, true]);
    expect(playScript([bars], script, { rates: fixed }).unmeasuredFills).toBe(0);
  });

  it('know nothing of the session they are paid in', () => {
    const later = { ...bars, volume: bars.volume.map((volume, row) => (row >= 81 ? volume * 9 : volume)) };
    const [one, other] = [bars, later].map((given) => play({ impact, spread: 'roll' }, { 80: [order(300)] }, given));
    expect(one!.fills).toEqual(other!.fills);
  });

  it('are the same for a history that a split runs through, in shares of their day', () => {
    const split = (column: Float64Array, factor: number) =>
      column.map((value, row) => (row >= 60 ? value * factor : value));
    const raw: DailyBars = {
      ...bars,
      open: split(bars.open, 0.5),
      high: split(bars.high, 0.5),
      low: split(bars.low, 0.5),
      close: split(bars.close, 0.5),
      volume: split(bars.volume, 2),
      actions: {
        splitRatio: Float64Array.from(dates, (_, row) => (row === 60 ? 2 : 1)),
        dividend: new Float64Array(dates.length),
      },
    };
    const [whole] = play({ impact, spread: 'abdi-ranaldo' }, { 80: [order(200)] }).fills;
    const [halves] = play({ impact, spread: 'abdi-ranaldo' }, { 80: [order(400)] }, raw).fills;
    expect(halves!.slippage / whole!.slippage).toBeCloseTo(1, 2);
    expect(halves!.impact! / whole!.impact!).toBeCloseTo(1, 2);
  });
});
