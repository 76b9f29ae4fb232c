import { describe, expect, it } from 'vitest';
import type { CheckedAccount } from '#domain/checkedAccount.ts';
import { ExposureBook } from '#domain/exposureBook.ts';
import { breachesOf } from '#domain/limits.ts';
import { money, moneyFromDollars, shares } from '#domain/money.ts';

const limits = {
  orderNotionalMax: moneyFromDollars(12_000),
  positionFractionMax: 0.15,
  leverageMax: 1,
  ordersPerSessionMax: 10,
  priceCollarFraction: 0.05,
  restricted: [],
};
const account: CheckedAccount = {
  equity: moneyFromDollars(100_000),
  buyingPower: moneyFromDollars(90_000),
  state: 'active',
  positions: { IBM: shares(100) },
  grossExposure: moneyFromDollars(10_000),
  dayOpenEquity: moneyFromDollars(100_000),
  highWaterMark: moneyFromDollars(100_000),
  ordersToday: 0,
  ordersLastMinute: 0,
  turnoverToday: money(0),
  working: [],
  lastPrices: { IBM: moneyFromDollars(100), AAPL: moneyFromDollars(100) },
  phase: 'open',
};

describe('the limits after a fill', () => {
  const wide = { ...limits, dailyLossFractionMax: 0.05, drawdownFractionMax: 0.1 };

  it('are kept by what was allowed, and name what a worse price or a fall brought over them', () => {
    const book = new ExposureBook(account);
    const order = { clientOrderId: 'o', symbol: 'AAPL', side: 'buy', quantity: shares(100) } as const;
    book.open(order);
    book.fill('o', { ...order, price: moneyFromDollars(100) });
    expect(breachesOf(book, wide)).toEqual([]);
    book.mark('AAPL', moneyFromDollars(170));
    expect(book.equity).toBe(moneyFromDollars(107_000));
    expect(breachesOf(book, wide)).toEqual([
      { code: 'POSITION_OVER_LIMIT', of: 'AAPL', limit: '0.15', actual: expect.stringMatching(/^0\.1588.* in AAPL$/) },
    ]);
    expect(breachesOf(book, wide, ['IBM'])).toEqual([]);
    book.mark('AAPL', moneyFromDollars(20));
    expect(breachesOf(book, wide).map(({ code }) => code)).toEqual(['DAILY_LOSS_OVER_LIMIT']);
    book.mark('IBM', moneyFromDollars(50));
    expect(breachesOf(book, wide).map(({ code }) => code)).toEqual(['DAILY_LOSS_OVER_LIMIT', 'DRAWDOWN_OVER_LIMIT']);
  });

  it('refuse a fill of what was never open, or of more than was', () => {
    const book = new ExposureBook(account);
    const order = { clientOrderId: 'o', symbol: 'AAPL', side: 'buy', quantity: shares(100) } as const;
    const price = moneyFromDollars(100);
    expect(() => book.fill('o', { ...order, price })).toThrow('not open');
    book.open(order);
    expect(() => book.open(order)).toThrow('open already');
    expect(() => book.fill('o', { ...order, quantity: shares(101), price })).toThrow('has 100 left');
    book.end('AAPL', 'o');
    expect(() => book.end('AAPL', 'o')).toThrow('not open');
    expect([book.gross, book.turnover]).toEqual([account.grossExposure, 0]);
  });
});
