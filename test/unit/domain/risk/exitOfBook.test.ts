import { describe, expect, it } from 'vitest';
import { exitOfBook, type HeldPosition } from '#domain/risk/exitOfBook.ts';

const held = (symbol: string, value: number, dailyValueTraded: number): HeldPosition => ({
  symbol,
  value,
  dailyValueTraded,
  dailyVolatility: 0.02,
});
const usual = { volumeFraction: 1, participationFraction: 0.1, coefficient: 1 };

describe('leaving a book', () => {
  const book = [held('A', 100_000, 1_000_000), held('B', -30_000, 100_000), held('C', 0, 1)];

  it('takes as many sessions as its slowest position at our part of what trades', () => {
    expect(exitOfBook(book, usual)).toMatchObject({ sessions: 3, slowest: 'B' });
    expect(exitOfBook(book, { ...usual, volumeFraction: 0.5 }).sessions).toBe(6);
    expect(exitOfBook([held('A', 100_000, 1_000_000)], usual).sessions).toBe(1);
  });

  it('moves prices by the square root of each position over its volume, long and short alike', () => {
    const impact = 100_000 * 0.02 * Math.sqrt(0.1) + 30_000 * 0.02 * Math.sqrt(0.3);
    expect(exitOfBook(book, usual).impact).toBeCloseTo(impact, 8);
    expect(exitOfBook(book, { ...usual, volumeFraction: 0.5 }).impact).toBeCloseTo(impact * Math.SQRT2, 8);
  });

  it('of nothing takes nothing', () =>
    expect(exitOfBook([], usual)).toEqual({ sessions: 0, slowest: null, impact: 0 }));

  it('refuses a part that is none, and a position whose market is none', () => {
    expect(() => exitOfBook(book, { ...usual, volumeFraction: 0 })).toThrow(RangeError);
    expect(() => exitOfBook(book, { ...usual, participationFraction: 1.1 })).toThrow(RangeError);
    expect(() => exitOfBook([held('A', 1, 0)], usual)).toThrow(RangeError);
  });
});
