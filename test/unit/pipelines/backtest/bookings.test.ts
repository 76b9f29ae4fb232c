import { describe, expect, it } from 'vitest';
import { dollars, moneyFromDollars } from '#domain/money.ts';
import { layOutMarket } from '#pipelines/backtest/barMarket.ts';
import { endedListings } from '#pipelines/backtest/bookings.ts';
import { weekdays } from '../randomBars.ts';
import { barsOfRows, fillTexts, limitAt, order, playScript, rowsOf, type PriceRow } from './scripted.ts';

const flat: PriceRow = [100, 100, 100, 100];
const dates = weekdays(20);
const margin = { kind: 'margin', leverageMax: 2, financingBasisPoints: 360, borrowBasisPoints: 720 } as const;

describe('a dividend', () => {
  const bars = [barsOfRows([flat, flat, [99, 99, 99, 99], flat], { dividends: { 2: 1 } })];

  it('is cash on the ex-date for who held the shares at the close before', () => {
    const result = playScript(bars, { 0: [order(10)], 1: [order(10)] });
    expect(result.dividends).toBe(moneyFromDollars(10));
    expect(result.equity.map(dollars)).toEqual([100_000, 100_000, 100_000, 100_020]);
  });

  it('is owed by who is short', () => {
    expect(dollars(playScript(bars, { 0: [order(-10)] }, { funding: margin }).dividends)).toBe(-10);
  });
});

describe('a split', () => {
  const halves: PriceRow = [50, 50, 50, 50];

  it('multiplies shares and resting orders, divides their prices, and makes no money', () => {
    const bars = [barsOfRows([flat, flat, halves, [48, 48, 44, 48]], { splits: { 2: 2 } })];
    const rest = order(5, limitAt(90), { timeInForce: 'untilCancelled' });
    const result = playScript(bars, { 0: [order(10)], 1: [rest] });
    expect(fillTexts(result)).toEqual(['1 open buy 10 @ 100', '3 session buy 10 @ 45']);
    // 20 shares at 48 and 10 bought at 45.
    expect(result.equity.map(dollars)).toEqual([100_000, 100_000, 100_000, 100_000 - 20 * 2 + 10 * 3]);
  });

  it('pays the fraction of a share that is left', () => {
    const tens: PriceRow = [1_000, 1_000, 1_000, 1_000];
    const bars = [barsOfRows([flat, flat, tens], { splits: { 2: 0.1 } })];
    const result = playScript(bars, { 0: [order(15)] });
    expect(dollars(result.cashInLieu)).toBe(500);
    expect(dollars(result.equity.at(-1)!)).toBe(100_000);
  });

  it('pays a dividend of its day for each new share', () => {
    const bars = [barsOfRows([flat, flat, halves], { splits: { 2: 2 }, dividends: { 2: 0.5 } })];
    expect(dollars(playScript(bars, { 0: [order(10)] }).dividends)).toBe(10);
  });

  it('is no jump in the history that a strategy reads, and its prices come back in shares of today', () => {
    const seen: (readonly [number, number])[] = [];
    playScript([barsOfRows([flat, halves, halves], { splits: { 1: 2 } })], {
      beforeOpen: ({ history }) => void seen.push([history.close(0), history.priceToday(0, 1_000_000)]),
    });
    expect(seen).toEqual([
      [Number.NaN, 1_000_000],
      [1_000_000, 500_000],
      [1_000_000, 500_000],
    ]);
  });
});

describe('a listing that ends', () => {
  const other = barsOfRows(rowsOf(10, flat), { symbol: 'B' });
  const gone = barsOfRows([flat, flat, [90, 90, 80, 80]]);

  it('pays each share at the last close, and the result says so', () => {
    const market = layOutMarket({ bars: [gone, other], dividends: 'ignored' });
    const result = playScript([gone, other], { 0: [order(10)] }, { delistings: endedListings(market) });
    expect(result.delistings).toEqual([
      { symbol: 'A', session: dates[3], quantity: 10, price: 800_000, basis: 'lastClose' },
    ]);
    expect(dollars(result.equity.at(-1)!)).toBe(100_000 - 200);
    expect(result.exposure).toBeCloseTo((1_000 / 100_000 + 800 / 99_800) / 10, 12);
  });

  it('pays a stated price, and ends what was ordered', () => {
    const delistings = [{ symbol: 'A', session: dates[3]!, price: moneyFromDollars(5) }];
    const rest = order(5, limitAt(50), { timeInForce: 'untilCancelled' });
    const result = playScript([gone, other], { 0: [order(10), rest] }, { delistings });
    expect(result.delistings).toMatchObject([{ basis: 'stated', price: 50_000 }]);
    expect(dollars(result.equity.at(-1)!)).toBe(100_000 - 950);
    expect(result.orders[1]).toMatchObject({ state: 'cancelled' });
  });

  it('is one only when bars stop well before the market does', () => {
    const quiet = layOutMarket({ bars: [barsOfRows(rowsOf(8, flat)), other], dividends: 'ignored' });
    expect(endedListings(quiet)).toEqual([]);
    expect(endedListings(quiet, 2)).toEqual([{ symbol: 'A', session: dates[8] }]);
  });
});

describe('borrowing', () => {
  // 2020-01-01 is a Wednesday: rows 1 and 2 are Thursday and Friday, row 3 the Monday after.
  const bars = [barsOfRows(rowsOf(4, flat))];

  it('costs interest by calendar days on cash that is not there', () => {
    // 50,000 dollars borrowed from Thursday on at 3.6 percent of 360 days: 5 dollars a day, one night and a weekend.
    const result = playScript(bars, { 0: [order(1_500)] }, { funding: margin });
    expect(dollars(result.financing)).toBeCloseTo(20, 2);
    expect(dollars(result.equity.at(-1)!)).toBeCloseTo(100_000 - 20, 2);
  });

  it('costs a fee on shares sold short', () => {
    const result = playScript(bars, { 0: [order(-500)] }, { funding: margin });
    expect(dollars(result.borrow)).toBeCloseTo(40, 6);
    expect(result.financing).toBe(0);
  });

  it('stops at the multiple of equity, and reducing is always allowed', () => {
    const result = playScript(bars, { 0: [order(5_000)], 1: [order(-5_000)] }, { funding: margin });
    // 2,000 shares are twice the equity; sold, and as many short again as equity less interest bears.
    expect(fillTexts(result)).toEqual(['1 open buy 2000 @ 100', '2 open sell 3999 @ 100']);
  });
});
