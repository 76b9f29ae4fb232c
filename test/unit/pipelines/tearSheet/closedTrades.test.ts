import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sessionDate } from '#domain/sessionDate.ts';
import { closedTrades, costsOfFills, type SheetFill } from '#pipelines/tearSheet/closedTrades.ts';

type Executed = readonly [side: 'buy' | 'sell', quantity: number, priceDollars: number];

const fill = (day: number, [side, quantity, priceDollars]: Executed, paid = 0): SheetFill => ({
  session: sessionDate(`2024-01-${String(day).padStart(2, '0')}`),
  symbol: 'AAA',
  side,
  quantity,
  priceDollars,
  costsDollars: { commission: paid },
  costsInPriceDollars: {},
});

describe('trades from flat to flat', () => {
  it('bear every cost of their fills, and know what was held at most', () =>
    expect(
      closedTrades([fill(1, ['buy', 10, 10], 1), fill(2, ['buy', 10, 20], 1), fill(3, ['sell', 20, 25], 2)]),
    ).toEqual([
      {
        symbol: 'AAA',
        side: 'long',
        quantity: 20,
        openedOn: '2024-01-01',
        closedOn: '2024-01-03',
        profitDollars: 500 - 300 - 4,
        profitFraction: 196 / 300,
      },
    ]));

  it('of a short position gain by a fall', () => {
    const [trade] = closedTrades([fill(1, ['sell', 5, 100]), fill(2, ['buy', 5, 90])]);
    expect(trade).toMatchObject({ side: 'short', quantity: 5, profitDollars: 50, profitFraction: 0.1 });
  });

  it('end where a fill crosses zero, which opens the next', () => {
    const trades = closedTrades([fill(1, ['buy', 5, 10]), fill(2, ['sell', 8, 12], 1), fill(3, ['buy', 3, 11])]);
    expect(trades.map(({ side, quantity, profitDollars }) => [side, quantity, profitDollars])).toEqual([
      ['long', 5, 9],
      ['short', 3, 3],
    ]);
  });

  it('know the most that was held, though it was less when more was bought', () => {
    const fills = [
      fill(1, ['buy', 20, 10]),
      fill(2, ['sell', 15, 10]),
      fill(3, ['buy', 5, 10]),
      fill(4, ['sell', 10, 10]),
    ];
    expect(closedTrades(fills)).toMatchObject([{ quantity: 20 }]);
  });

  it('are none while a position is open', () => expect(closedTrades([fill(1, ['buy', 5, 10])])).toEqual([]));

  it('refuse a fill of nothing', () => expect(() => closedTrades([fill(1, ['buy', 0, 10])])).toThrow(RangeError));

  it('together earn exactly what the fills moved in cash, once everything is sold', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            side: fc.constantFrom('buy' as const, 'sell' as const),
            quantity: fc.integer({ min: 1, max: 50 }),
            price: fc.integer({ min: 1, max: 200 }),
            paid: fc.integer({ min: 0, max: 3 }),
          }),
          { maxLength: 40 },
        ),
        (drawn) => {
          const fills = drawn.map(({ side, quantity, price, paid }) => fill(1, [side, quantity, price], paid));
          const held = fills.reduce((sum, { side, quantity }) => sum + (side === 'buy' ? quantity : -quantity), 0);
          const all = held === 0 ? fills : [...fills, fill(2, [held > 0 ? 'sell' : 'buy', Math.abs(held), 7])];
          const cash = all.reduce(
            (sum, { side, quantity, priceDollars, costsDollars }) =>
              sum + (side === 'buy' ? -1 : 1) * quantity * priceDollars - costsDollars.commission!,
            0,
          );
          const earned = closedTrades(all).reduce((sum, { profitDollars }) => sum + profitDollars, 0);
          expect(earned).toBeCloseTo(cash, 8);
        },
      ),
    ));
});

describe('what comes without an execution', () => {
  it('splits shares, and pays for the fraction left', () => {
    const split = { kind: 'split', session: sessionDate('2024-01-02'), symbol: 'AAA' } as const;
    const trades = closedTrades(
      [fill(1, ['buy', 5, 30], 1), fill(2, ['sell', 7, 22])],
      [{ ...split, quantity: 7, cashDollars: 10 }],
    );
    expect(trades).toMatchObject([{ quantity: 7, profitDollars: 7 * 22 + 10 - 150 - 1, closedOn: '2024-01-02' }]);
    const gone = closedTrades([fill(1, ['sell', 1, 30])], [{ ...split, quantity: 0, cashDollars: -28 }]);
    expect(gone).toMatchObject([{ side: 'short', quantity: 1, profitDollars: 2 }]);
  });

  it('pays out what is held when a listing ends, at nothing perhaps, and closes the trade', () => {
    const paidOut = { kind: 'paidOut', session: sessionDate('2024-01-05'), symbol: 'AAA' } as const;
    const held = [fill(1, ['buy', 5, 10], 1)];
    expect(closedTrades(held, [{ ...paidOut, priceDollars: 0 }])).toMatchObject([
      { side: 'long', closedOn: '2024-01-05', profitDollars: -51 },
    ]);
    expect(closedTrades(held, [{ ...paidOut, symbol: 'BBB', priceDollars: 3 }])).toEqual([]);
  });
});

describe('costs of fills', () => {
  it('that the price holds are told, and never taken from a profit a second time', () => {
    const spread = { costsInPriceDollars: { spread: 5 } };
    const fills = [
      { ...fill(1, ['buy', 10, 10], 1), ...spread },
      { ...fill(2, ['sell', 10, 12], 1), ...spread },
    ];
    expect(closedTrades(fills)[0]!.profitDollars).toBe(18);
    expect(costsOfFills(fills).dollars).toEqual({ commission: 2, spread: 10 });
  });

  it('are summed by kind beside the notional traded', () =>
    expect(costsOfFills([fill(1, ['buy', 10, 10], 1), fill(2, ['sell', 10, 12], 2)])).toEqual({
      dollars: { commission: 3 },
      tradedDollars: 220,
    }));
});
