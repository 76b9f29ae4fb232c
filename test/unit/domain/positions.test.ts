import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { money, shares } from '#domain/money.ts';
import {
  averagePrice,
  lossStreak,
  playFills,
  realisedProfit,
  unrealisedProfit,
  type PositionFill,
} from '#domain/positions.ts';

const fill = (side: 'buy' | 'sell', quantity: number, price: number): PositionFill => ({
  symbol: 'AAPL',
  side,
  quantity: shares(quantity),
  price: money(price),
  commission: money(0),
});
const charged = (commission: number, given: PositionFill): PositionFill => ({
  ...given,
  commission: money(commission),
});
const anyFill = fc.record({
  symbol: fc.constantFrom('AAPL', 'IBM'),
  side: fc.constantFrom('buy' as const, 'sell' as const),
  quantity: fc.integer({ min: 1, max: 5_000 }).map(shares),
  price: fc.integer({ min: 1, max: 50_000_000 }).map(money),
  commission: fc.nat({ max: 10_000 }).map(money),
});
const trip = (profit: number) => ({ symbol: 'AAPL', profit: money(profit) });

describe('positions', () => {
  it('cost their average price, which a sale leaves as it is', () => {
    const { positions } = playFills([fill('buy', 100, 100), fill('buy', 100, 200), fill('sell', 50, 500)]);
    expect(positions.AAPL).toEqual({ quantity: 150, paid: 5_000, costBasis: 22_500, realised: 17_500 });
    expect(positions.AAPL && averagePrice(positions.AAPL)).toBe(150);
    expect(positions.AAPL && unrealisedProfit(positions.AAPL, money(140))).toBe(-1_500);
  });

  it('may be short, and earn when the price falls', () => {
    const { positions } = playFills([fill('sell', 10, 100), fill('buy', 4, 60)]);
    expect(positions.AAPL).toMatchObject({ quantity: -6, costBasis: -600, realised: 160 });
    expect(positions.AAPL && averagePrice(positions.AAPL)).toBe(100);
    expect(positions.AAPL && unrealisedProfit(positions.AAPL, money(50))).toBe(300);
  });

  it('close a round trip when they reach zero, with its profit net of commissions', () => {
    const book = playFills([
      charged(3, fill('buy', 10, 100)),
      charged(2, fill('sell', 4, 110)),
      charged(2, fill('sell', 6, 90)),
    ]);
    expect(book).toEqual({ positions: {}, roundTrips: [{ symbol: 'AAPL', profit: 440 + 540 - 1_000 - 7 }] });
  });

  it('close one round trip and open the next when a fill crosses zero', () => {
    const book = playFills([fill('buy', 10, 100), charged(5, fill('sell', 15, 120))]);
    expect(book.roundTrips).toEqual([{ symbol: 'AAPL', profit: 195 }]);
    expect(book.positions.AAPL).toEqual({ quantity: -5, paid: -600, costBasis: -600, realised: 0 });
  });

  it('take shares a split adds without paying for them, and a reverse split takes off', () => {
    const splitBy = (count: number) => ({ symbol: 'AAPL', shares: shares(count) });
    const forward = playFills([fill('buy', 10, 400), splitBy(30)]);
    expect(forward.positions.AAPL).toEqual({ quantity: 40, paid: 4_000, costBasis: 4_000, realised: 0 });
    const sold = playFills([fill('buy', 10, 400), splitBy(30), fill('sell', 40, 110)]);
    expect(sold).toEqual({ positions: {}, roundTrips: [{ symbol: 'AAPL', profit: 400 }] });
    expect(playFills([fill('buy', 10, 40), splitBy(-9)]).positions.AAPL).toMatchObject({ quantity: 1, costBasis: 400 });
  });

  it('add up to the fills: shares are the sum of shares, and profit is all cash once everything is sold', () =>
    fc.assert(
      fc.property(fc.array(anyFill, { maxLength: 40 }), (fills) => {
        const { positions } = playFills(fills);
        const closing = Object.entries(positions).map(([symbol, { quantity }]): PositionFill => ({
          symbol,
          side: quantity > 0 ? 'sell' : 'buy',
          quantity: shares(Math.abs(quantity)),
          price: money(1_234),
          commission: money(0),
        }));
        const cash = [...fills, ...closing].reduce((sum, { side, quantity, price, commission }) => {
          return sum + (side === 'buy' ? -1 : 1) * quantity * price - commission;
        }, 0);
        const flat = playFills([...fills, ...closing]);
        expect(flat.positions).toEqual({});
        expect(realisedProfit(flat)).toBe(cash);
        for (const symbol of ['AAPL', 'IBM']) {
          const bought = fills
            .filter((one) => one.symbol === symbol)
            .reduce((sum, { side, quantity }) => sum + (side === 'buy' ? 1 : -1) * quantity, 0);
          expect(positions[symbol]?.quantity ?? 0).toBe(bought);
        }
      }),
    ));

  it('split profit into realised and unrealised without losing any of it', () =>
    fc.assert(
      fc.property(fc.array(anyFill, { maxLength: 40 }), fc.integer({ min: 1, max: 1_000_000 }), (fills, price) => {
        const book = playFills(fills);
        const open = Object.values(book.positions);
        const unrealised = open.reduce((sum, position) => sum + unrealisedProfit(position, money(price)), 0);
        const worth = open.reduce((sum, { quantity }) => sum + quantity * price, 0);
        const cash = fills.reduce((sum, { side, quantity, price: paid, commission }) => {
          return sum + (side === 'buy' ? -1 : 1) * quantity * paid - commission;
        }, 0);
        expect(realisedProfit(book) + unrealised).toBe(cash + worth);
      }),
    ));

  it('keep their average price between the lowest and the highest paid', () => {
    const buys = fc.array(
      anyFill.map((one) => ({ ...one, symbol: 'AAPL', side: 'buy' as const })),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(buys, (fills) => {
        const { AAPL } = playFills(fills).positions;
        const prices = fills.map(({ price }) => price);
        expect(AAPL && averagePrice(AAPL)).toBeGreaterThanOrEqual(Math.min(...prices));
        expect(AAPL && averagePrice(AAPL)).toBeLessThanOrEqual(Math.max(...prices));
      }),
    );
  });

  it.each([
    [0, 100],
    [-1, 100],
    [1, 0],
  ])('refuse a fill of %d shares at %d', (quantity, price) =>
    expect(() => playFills([fill('buy', quantity, price)])).toThrow(RangeError),
  );
});

describe('the loss streak', () => {
  it.each([
    [[], 0],
    [[-1], 1],
    [[-1, 5, -1, -2], 2],
    [[-1, -1, 5], 0],
    [[-3, 0], 0],
    [[-1, -1, -1, -1, -1], 5],
  ])('after trips of %j is %d', (profits, streak) => expect(lossStreak(profits.map(trip))).toBe(streak));

  it('counts a trip as lost that its costs turned into a loss', () => {
    const { roundTrips } = playFills([charged(60, fill('buy', 10, 100)), charged(60, fill('sell', 10, 110))]);
    expect(roundTrips).toEqual([trip(-20)]);
    expect(lossStreak(roundTrips)).toBe(1);
  });
});
