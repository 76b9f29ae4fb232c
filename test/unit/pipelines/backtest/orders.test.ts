import { describe, expect, it } from 'vitest';
import { dollars, moneyFromDollars, shares, type Money } from '#domain/money.ts';
import type { Strategy } from '#pipelines/backtest/strategy.ts';
import { weekdays } from '../randomBars.ts';
import { barsOfRows, fillTexts, limitAt, order, playScript, stopAt, type PriceRow } from './scripted.ts';

const flat: PriceRow = [100, 100, 100, 100];
const stay = { timeInForce: 'untilCancelled' } as const;

describe('an order decided after a close', () => {
  const bars = [barsOfRows([flat, [101, 103, 99, 102], [104, 106, 90, 105], flat])];

  it('meets the next open, not the close it was decided at', () => {
    expect(fillTexts(playScript(bars, { 0: [order(10)] }))).toEqual(['1 open buy 10 @ 101']);
  });

  it('for an auction meets only that one', () => {
    const opening = order(10, 'market', { timeInForce: 'opening' });
    const closing = order(10, 'market', { timeInForce: 'closing' });
    expect(fillTexts(playScript(bars, { 0: [opening, closing] }))).toEqual([
      '1 open buy 10 @ 101',
      '1 close buy 10 @ 102',
    ]);
  });

  it('meets the close it was decided at only when it says so, and the result tells how often', () => {
    const result = playScript(bars, { 1: [order(10, 'market', { timeInForce: 'thisClose' })] });
    expect(fillTexts(result)).toEqual(['1 close buy 10 @ 102']);
    expect(result.sameCloseFills).toBe(1);
  });

  it('on the last session fills nowhere', () => {
    expect(playScript(bars, { 3: [order(10)] }).fills).toEqual([]);
  });
});

describe('a limit order', () => {
  const bars = [barsOfRows([flat, [101, 103, 99, 102], [104, 106, 97, 105], flat])];

  it('fills at the open where that is better, else at its price when the range reached it', () => {
    expect(fillTexts(playScript(bars, { 0: [order(10, limitAt(102))] }))).toEqual(['1 open buy 10 @ 101']);
    expect(fillTexts(playScript(bars, { 0: [order(10, limitAt(99.5))] }))).toEqual(['1 session buy 10 @ 99.5']);
  });

  it('for the day expires with it; until cancelled it waits', () => {
    const day = playScript(bars, { 0: [order(10, limitAt(98))] });
    expect(day.orders[0]).toMatchObject({ state: 'expired', filledQuantity: 0 });
    expect(day.unfilledShares).toBe(10);
    expect(fillTexts(playScript(bars, { 0: [order(10, limitAt(98), stay)] }))).toEqual(['2 session buy 10 @ 98']);
  });

  it('in the closing auction is refused by a worse close', () => {
    const closing = { timeInForce: 'closing' } as const;
    expect(fillTexts(playScript(bars, { 0: [order(10, limitAt(101.5), closing)] }))).toEqual([]);
    expect(fillTexts(playScript(bars, { 0: [order(10, limitAt(102.5), closing)] }))).toEqual(['1 close buy 10 @ 102']);
  });
});

describe('a stop', () => {
  it('that the open gapped through fills at the open', () => {
    const bars = [barsOfRows([flat, flat, [80, 82, 79, 81], flat])];
    const result = playScript(bars, { 0: [order(10)], 1: [order(-10, stopAt(95), stay)] });
    expect(fillTexts(result)).toEqual(['1 open buy 10 @ 100', '2 open sell 10 @ 80']);
  });

  it('comes before a limit that the same bar reached: the worse of the two', () => {
    const bars = [barsOfRows([flat, flat, [100, 112, 88, 100], flat])];
    const bracket = [
      order(-10, limitAt(110), { ...stay, reduceOnly: true }),
      order(-10, stopAt(90), { ...stay, reduceOnly: true }),
    ];
    const result = playScript(bars, { 0: [order(10)], 1: bracket });
    expect(fillTexts(result)).toEqual(['1 open buy 10 @ 100', '2 session sell 10 @ 90']);
    // What took profit has nothing left to take it of.
    expect(result.orders[1]).toMatchObject({ state: 'cancelled', filledQuantity: 0 });
  });

  it('protects what a limit bought in the same bar; a profit is taken only where the close proves it', () => {
    const entry = order(10, limitAt(95), stay);
    const protect = order(-10, stopAt(90), { ...stay, reduceOnly: true });
    const profit = order(-10, limitAt(104), { ...stay, reduceOnly: true });
    const fell = [barsOfRows([flat, [100, 105, 89, 92], flat])];
    expect(fillTexts(playScript(fell, { 0: [entry, protect, profit] }))).toEqual([
      '1 session buy 10 @ 95',
      '1 session sell 10 @ 90',
    ]);
    // High before low, for all the bar says.
    const held = [barsOfRows([flat, [100, 105, 94, 96], [96, 97, 95, 96]])];
    expect(fillTexts(playScript(held, { 0: [entry, protect, profit] }))).toEqual(['1 session buy 10 @ 95']);
    const rose = [barsOfRows([flat, [100, 105, 94, 104.5], flat])];
    expect(fillTexts(playScript(rose, { 0: [entry, protect, profit] }))).toEqual([
      '1 session buy 10 @ 95',
      '1 close sell 10 @ 104',
    ]);
  });

  it('with a limit waits as a limit order once it was gapped through', () => {
    const bars = [barsOfRows([flat, flat, [80, 82, 79, 81], [81, 96, 81, 95]])];
    const guarded = { kind: 'stopLimit', stopPrice: moneyFromDollars(95), limitPrice: moneyFromDollars(94) } as const;
    const result = playScript(bars, { 0: [order(10)], 1: [order(-10, guarded, stay)] });
    expect(fillTexts(result)).toEqual(['1 open buy 10 @ 100', '3 session sell 10 @ 94']);
  });

  it('is not triggered while there is nothing that it could protect', () => {
    const bars = [barsOfRows([flat, [88, 89, 88, 88], flat, [95, 96, 89, 95], flat])];
    const protect = order(-10, stopAt(90), { ...stay, reduceOnly: true });
    const result = playScript(bars, { 0: [protect], 1: [order(10)] });
    expect(fillTexts(result)).toEqual(['2 open buy 10 @ 100', '3 session sell 10 @ 90']);
  });

  it('of a short position covers it', () => {
    const bars = [barsOfRows([flat, flat, [100, 112, 99, 110], flat])];
    const margin = {
      kind: 'margin',
      leverageMax: 2,
      financingBasisPoints: 0,
      borrowBasisPoints: 0,
    } as const;
    const cover = order(10, stopAt(105), { ...stay, reduceOnly: true });
    const result = playScript(bars, { 0: [order(-10)], 1: [cover] }, { funding: margin });
    expect(fillTexts(result)).toEqual(['1 open sell 10 @ 100', '2 session buy 10 @ 105']);
    expect(dollars(result.equity.at(-1)!)).toBe(100_000 - 50);
  });
});

describe('volume', () => {
  const rows: readonly PriceRow[] = [
    [100, 100, 100, 100, 1_000],
    [101, 103, 99, 102, 3_000],
    [104, 106, 97, 105, 3_000],
    flat,
  ];
  const part = { participationFraction: 0.1 };

  it('of the session before bounds the open, of its own all of it; the rest of a day order meets the close', () => {
    const result = playScript([barsOfRows(rows)], { 0: [order(1_000)] }, part);
    expect(fillTexts(result)).toEqual(['1 open buy 100 @ 101', '1 close buy 200 @ 102']);
    expect(result.orders[0]).toMatchObject({ state: 'expired', filledQuantity: 300 });
    expect(result.unfilledShares).toBe(700);
  });

  it('is shared by the orders of a symbol, oldest first', () => {
    const two = [order(80, 'market', { timeInForce: 'opening' }), order(80, 'market', { timeInForce: 'opening' })];
    expect(fillTexts(playScript([barsOfRows(rows)], { 0: two }, part))).toEqual([
      '1 open buy 80 @ 101',
      '1 open buy 20 @ 101',
    ]);
  });

  it('that is not enough lets an order rest until it is', () => {
    const result = playScript([barsOfRows(rows)], { 0: [order(1_000, limitAt(103), stay)] }, part);
    // What the open's part leaves of it meets the session no better than its limit, and never beyond the range.
    expect(fillTexts(result)).toEqual([
      '1 open buy 100 @ 101',
      '1 session buy 200 @ 103',
      '2 session buy 300 @ 103',
      '3 open buy 300 @ 100',
      // All the cash there is.
      '3 session buy 84 @ 100',
    ]);
  });
});

describe('an order that cannot be', () => {
  const bars = [barsOfRows([flat, flat, flat])];

  it('is refused at once', () => {
    const bad = [
      order(1, 'market', { symbol: 7 }),
      { ...order(1), quantity: shares(0) },
      order(1, limitAt(-1)),
      order(1, { kind: 'stop', stopPrice: 1.5 as Money }),
    ];
    for (const one of bad) expect(() => playScript(bars, { 0: [one] })).toThrow(RangeError);
    const thisClose = order(1, 'market', { timeInForce: 'thisClose' });
    const early: Strategy = { beforeOpen: (desk) => void desk.submit([thisClose]) };
    expect(() => playScript(bars, early)).toThrow('cannot be placed in the phase beforeOpen');
  });

  it('because nothing is held sells nothing in a cash account, and is no short', () => {
    const result = playScript(bars, { 0: [order(-10, stopAt(100), stay), order(-10)] });
    expect(result.fills).toEqual([]);
    expect(result.equity.map(dollars)).toEqual([100_000, 100_000, 100_000]);
  });

  it('is taken back by whoever placed it', () => {
    const withdraws: Strategy = {
      afterClose(desk) {
        for (const { id } of desk.working()) desk.cancel(id);
        if (desk.session === weekdays(1)[0]) desk.submit([order(10, limitAt(50), stay)]);
      },
    };
    const result = playScript(bars, withdraws);
    expect(result.orders).toMatchObject([{ state: 'cancelled', decidedAt: 'closed' }]);
    expect(result.unfilledShares).toBe(0);
  });
});
