import { describe, expect, it } from 'vitest';
import { layOutMarket } from '#pipelines/backtest/barMarket.ts';
import { heldBook, type HeldBook } from '#pipelines/stress/heldBook.ts';
import { barsOfRows, order, playScript, rowsOf, type PriceRow } from '../backtest/scripted.ts';
import { weekdays } from '../randomBars.ts';

type Named = Parameters<typeof barsOfRows>[1];

function bookOf(
  rows: readonly PriceRow[],
  script: Parameters<typeof playScript>[1],
  named: Named = {},
): HeldBook | undefined {
  const bars = [barsOfRows(rows, named)];
  const market = layOutMarket({ bars, dividends: 'credited' });
  const funding = { kind: 'margin', leverageMax: 2, financingBasisPoints: 0, borrowBasisPoints: 0 } as const;
  return heldBook(playScript(bars, script, { market, funding }), market);
}

const dates = weekdays(60);
const flat = rowsOf(40, [10, 10, 10, 10, 1_000]);
/** Flat at 10, then the row, then flat at its close. */
const opening = (row: PriceRow): readonly PriceRow[] => [...flat, row, ...rowsOf(5, [row[3], row[3], row[3], row[3]])];

describe('the fullest book of an account', () => {
  it('is that of the close at which most was held of equity, with what traded of it in a quarter', () => {
    const book = bookOf(flat, { 2: [order(2_000)], 30: [order(3_000)], 35: [order(-4_000)] });
    expect(book).toMatchObject({ session: dates[31], equityDollars: 100_000 });
    expect(book!.positions).toEqual([{ symbol: 'A', value: 50_000, dailyValueTraded: 10_000, dailyVolatility: 0 }]);
  });

  it('knows neither volume nor deviation of a listing younger than a month, and no book where nothing was held', () => {
    expect(bookOf(flat, { 2: [order(2_000)] })!.positions).toMatchObject([
      { dailyValueTraded: null, dailyVolatility: null },
    ]);
    expect(bookOf(flat, {})).toBeUndefined();
  });
});

describe('openings through a stop', () => {
  it('are those further against the position than the stop lies, told with what stops at their prices had lost', () => {
    const { openings, through, worst } = bookOf(opening([9, 9, 9, 9]), { 30: [order(5_000)] })!.stopGaps;
    expect([openings, through]).toEqual([14, 1]);
    expect(worst).toEqual({
      session: dates[40],
      symbols: ['A'],
      change: expect.closeTo(-0.05, 12) as number,
      changeAtStops: expect.closeTo(-0.025, 12) as number,
    });
    const short = bookOf(opening([12, 12, 12, 12]), { 30: [order(-5_000)] })!.stopGaps;
    expect(short).toMatchObject({ through: 1, worst: { change: expect.closeTo(-0.1, 12) as number } });
  });

  it('are none within the stop, none in favour, and none of what was flat overnight', () => {
    const buy = { 30: [order(5_000)] };
    expect(bookOf(opening([9.6, 9.6, 9.6, 9.6]), buy)!.stopGaps).toMatchObject({ through: 0, worst: null });
    expect(bookOf(opening([12, 12, 12, 12]), buy)!.stopGaps).toMatchObject({ through: 0, worst: null });
    const gone = { 30: [order(5_000)], 38: [order(-5_000)] };
    expect(bookOf(opening([5, 5, 5, 5]), gone)!.stopGaps).toMatchObject({ through: 0, openings: 8 });
  });

  it('are not made by a split or a dividend', () => {
    const buy = { 30: [order(5_000)] };
    expect(bookOf(opening([5, 5, 5, 5]), buy, { splits: { 40: 2 } })!.stopGaps).toMatchObject({ through: 0 });
    expect(bookOf(opening([9, 9, 9, 9]), buy, { dividends: { 40: 1 } })!.stopGaps).toMatchObject({ through: 0 });
    expect(bookOf(opening([4, 4, 4, 4]), buy, { splits: { 40: 2 } })!.stopGaps).toMatchObject({
      through: 1,
      worst: { change: expect.closeTo(-0.1, 12) as number },
    });
  });
});
