import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CheckedAccount } from '#domain/checkedAccount.ts';
import { denials, type DenialCode } from '#domain/denials.ts';
import { ExposureBook } from '#domain/exposureBook.ts';
import { checkTrade, checkTrades, type TradeAnswer } from '#domain/limits.ts';
import { money, moneyFromDollars, shares } from '#domain/money.ts';
import type { PreTradeLimits } from '#domain/preTradeLimits.ts';
import { rebalance, type Trade } from '#domain/rebalance.ts';

const limits: PreTradeLimits = {
  orderNotionalMax: moneyFromDollars(12_000),
  positionFractionMax: 0.15,
  leverageMax: 1,
  ordersPerSessionMax: 10,
  priceCollarFraction: 0.05,
  restricted: ['GME'],
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
  lastPrices: { IBM: moneyFromDollars(100), AAPL: moneyFromDollars(100), GME: moneyFromDollars(10) },
  phase: 'beforeOpen',
};
const buy: Trade = {
  symbol: 'AAPL',
  side: 'buy',
  quantity: shares(100),
  reduceOnly: false,
  referencePrice: moneyFromDollars(100),
};
const sell: Trade = { ...buy, symbol: 'IBM', side: 'sell', reduceOnly: true };

const check = (trade: Trade, of: CheckedAccount, within: PreTradeLimits): TradeAnswer =>
  checkTrade(trade, new ExposureBook(of, within.sectors?.bySymbol), within);

type Case = readonly [
  code: DenialCode,
  trade: Partial<Trade>,
  account: Partial<CheckedAccount>,
  limits?: Partial<PreTradeLimits>,
];

const refusals: readonly Case[] = [
  ['OUTSIDE_SESSION_HOURS', {}, { phase: 'closed' }],
  ['RESTRICTED_SYMBOL', { symbol: 'GME' }, {}],
  ['FALSE_REDUCTION', { reduceOnly: true }, {}],
  ['FALSE_REDUCTION', { ...sell, quantity: shares(101) }, {}],
  ['SALE_OVER_POSITION', { ...sell, quantity: shares(101), reduceOnly: false }, {}],
  ['SALE_OVER_POSITION', { side: 'sell' }, {}],
  ['EXPOSURE_WHILE_REDUCING', {}, { state: 'reducing' }],
  ['EXPOSURE_WHILE_REDUCING', {}, { state: 'halted' }],
  ['DUPLICATE_ORDER', {}, { working: [{ clientOrderId: 'a', symbol: 'AAPL', side: 'buy', quantity: shares(1) }] }],
  ['PRICE_OUTSIDE_COLLAR', { referencePrice: moneyFromDollars(94.99) }, {}],
  ['PRICE_OUTSIDE_COLLAR', { referencePrice: moneyFromDollars(105.01) }, {}],
  ['PRICE_OUTSIDE_COLLAR', {}, { lastPrices: {} }],
  ['ORDER_NOTIONAL_OVER_LIMIT', { quantity: shares(121) }, {}],
  ['POSITION_OVER_LIMIT', {}, { positions: { AAPL: shares(150) } }],
  ['SECTOR_OVER_LIMIT', {}, {}, { sectors: { fractionMax: 0.1, bySymbol: { AAPL: 'tech', IBM: 'tech' } } }],
  [
    'SECTOR_OVER_LIMIT',
    {},
    { lastPrices: { AAPL: moneyFromDollars(100) } },
    { sectors: { fractionMax: 0.9, bySymbol: { AAPL: 'tech', IBM: 'tech' } } },
  ],
  ['POSITION_OVER_LIMIT', {}, { equity: money(0) }],
  ['POSITION_OVER_LIMIT', {}, { equity: money(-1) }],
  ['POSITION_OVER_LIMIT', {}, { equity: money(0) }, { positionFractionMax: Number.POSITIVE_INFINITY }],
  ['LEVERAGE_OVER_LIMIT', {}, { grossExposure: moneyFromDollars(99_901) }],
  ['BUYING_POWER_EXCEEDED', {}, { buyingPower: moneyFromDollars(99) }],
  ['TRADE_RISK_OVER_LIMIT', {}, {}, { tradeRisk: { fractionMax: 0.0000001, stopLossFraction: 0.5 } }],
  ['GROSS_OVER_LIMIT', {}, {}, { grossNotionalMax: moneyFromDollars(10_050) }],
  ['NET_OVER_LIMIT', {}, {}, { netFractionMax: 0.1 }],
  ['TURNOVER_OVER_LIMIT', {}, { turnoverToday: moneyFromDollars(99_950) }, { turnoverFractionMax: 1 }],
  ['DAILY_LOSS_OVER_LIMIT', {}, { dayOpenEquity: moneyFromDollars(110_000) }, { dailyLossFractionMax: 0.05 }],
  ['DRAWDOWN_OVER_LIMIT', {}, { highWaterMark: moneyFromDollars(120_000) }, { drawdownFractionMax: 0.1 }],
  ['ORDER_RATE_OVER_LIMIT', {}, { ordersLastMinute: 3 }, { ordersPerMinuteMax: 3 }],
  ['ORDERS_OVER_LIMIT', {}, { ordersToday: 10 }],
  ['ORDERS_OVER_LIMIT', sell, { ordersToday: 10 }],
];

/** Denials that the ledger makes under its own lock, not these checks. */
const ofTheLedger = ['ACCOUNT_REDUCING', 'ACCOUNT_HALTED', 'SESSION_PAST', 'SYMBOL_HALTED'];

describe('the checks before a trade', () => {
  it.each(refusals.map(([code, trade, changed, other]) => ({ code, trade, changed, other })))(
    'deny with $code: trade $trade, account $changed',
    ({ code, trade, changed, other }) =>
      expect(check({ ...buy, ...trade }, { ...account, ...changed }, { ...limits, ...other })).toMatchObject({
        kind: 'denied',
        code,
        limit: expect.stringMatching(/./),
        actual: expect.stringMatching(/./),
      }),
  );

  it('allow what no rule forbids', () => {
    expect(check(buy, account, limits)).toEqual({ kind: 'allowed' });
    expect(check(sell, account, limits)).toEqual({ kind: 'allowed' });
  });

  it('allow what stands exactly at a limit', () => {
    const at = { ...buy, quantity: shares(120), referencePrice: moneyFromDollars(100) };
    expect(check(at, { ...account, positions: { AAPL: shares(30) } }, limits)).toEqual({ kind: 'allowed' });
    expect(check(buy, { ...account, grossExposure: moneyFromDollars(90_000) }, limits)).toEqual({ kind: 'allowed' });
    expect(check(buy, { ...account, buyingPower: moneyFromDollars(10_000) }, limits)).toEqual({ kind: 'allowed' });
    expect(check({ ...buy, referencePrice: moneyFromDollars(105) }, account, limits)).toEqual({ kind: 'allowed' });
  });

  it('let a reducing or halted account sell, beyond the size of an order too', () => {
    const large = { ...sell, quantity: shares(1_000) };
    const holding = { ...account, positions: { IBM: shares(1_000) } };
    expect(check(large, { ...holding, state: 'reducing' }, limits)).toEqual({ kind: 'allowed' });
    expect(check(large, { ...holding, state: 'halted' }, limits)).toEqual({ kind: 'allowed' });
  });

  it('let only a purchase within a short position call itself reduce-only', () => {
    const short = { ...account, positions: { AAPL: shares(-100) } };
    expect(check({ ...buy, reduceOnly: true }, short, limits)).toEqual({ kind: 'allowed' });
    const turning = { ...buy, quantity: shares(101), reduceOnly: true };
    expect(check(turning, short, limits)).toMatchObject({ code: 'FALSE_REDUCTION' });
  });

  it.each([
    {
      code: 'TRADE_RISK_OVER_LIMIT',
      quantity: 40,
      within: { tradeRisk: { fractionMax: 0.002, stopLossFraction: 0.05 } },
      figures: ['0.002', '0.005'],
    },
    { code: 'POSITION_OVER_LIMIT', quantity: 99, of: { positions: { AAPL: shares(51) } }, figures: ['0.15', '0.151'] },
    {
      code: 'GROSS_OVER_LIMIT',
      quantity: 50,
      within: { grossNotionalMax: moneyFromDollars(15_000) },
      figures: ['15000', '20000'],
    },
    { code: 'NET_OVER_LIMIT', quantity: 50, within: { netFractionMax: 0.15 }, figures: ['0.15', '0.2'] },
    {
      code: 'LEVERAGE_OVER_LIMIT',
      quantity: 99,
      of: { grossExposure: moneyFromDollars(90_001) },
      figures: ['1', '1.00001'],
    },
    {
      code: 'TURNOVER_OVER_LIMIT',
      quantity: 70,
      of: { turnoverToday: moneyFromDollars(3_000) },
      within: { turnoverFractionMax: 0.1 },
      figures: ['0.1', '0.13'],
    },
    {
      code: 'BUYING_POWER_EXCEEDED',
      quantity: 99,
      of: { buyingPower: moneyFromDollars(9_999) },
      figures: ['9999', '10000'],
    },
  ])('cut a purchase over $code to $quantity shares', ({ code, quantity, of, within, figures: [limit, actual] }) =>
    expect(check(buy, { ...account, ...of }, { ...limits, ...within })).toEqual({
      kind: 'reduced',
      quantity,
      reduction: { code, limit, actual, asked: 100 },
    }),
  );

  it('tell the limit that leaves least room', () => {
    const narrow = { ...limits, netFractionMax: 0.15, grossNotionalMax: moneyFromDollars(13_000) };
    expect(check(buy, account, narrow)).toMatchObject({ quantity: 30, reduction: { code: 'GROSS_OVER_LIMIT' } });
  });

  it('take a purchase at the worse of its price and the last one', () => {
    const dear = { ...account, lastPrices: { AAPL: moneyFromDollars(104) }, buyingPower: moneyFromDollars(10_399) };
    expect(check(buy, dear, limits)).toMatchObject({ kind: 'reduced', quantity: 99 });
  });

  it('count what open buys may add, and nothing that open sales may take away', () => {
    const open = { clientOrderId: 'o', symbol: 'MSFT', side: 'buy', quantity: shares(800) } as const;
    const prices = { ...account.lastPrices, MSFT: moneyFromDollars(100) };
    const busy = { ...account, lastPrices: prices, working: [open] };
    // Of 100,000: 10,000 held, 80,000 on order.
    expect(check({ ...buy, quantity: shares(110) }, busy, limits)).toMatchObject({ quantity: 100 });
    const selling = { ...open, clientOrderId: 's', symbol: 'IBM', side: 'sell', quantity: shares(100) } as const;
    const both = { ...busy, working: [open, selling] };
    expect(check({ ...buy, quantity: shares(110) }, both, limits)).toMatchObject({ quantity: 100 });
  });

  it('deny every purchase while an open one has no price', () => {
    const open = { clientOrderId: 'o', symbol: 'NEW', side: 'buy', quantity: shares(1) } as const;
    expect(check(buy, { ...account, working: [open] }, limits)).toMatchObject({ code: 'LEVERAGE_OVER_LIMIT' });
    expect(check(sell, { ...account, working: [open] }, limits)).toEqual({ kind: 'allowed' });
  });

  it('have a provoked, documented denial for every code of theirs', () => {
    const provoked = new Set(refusals.map(([code]) => code));
    expect([...provoked, ...ofTheLedger].sort()).toEqual(Object.keys(denials).sort());
    for (const { summary, action } of Object.values(denials)) {
      expect(summary).toMatch(/^[A-Z].*\.$/);
      expect(action).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe('the checks of a batch', () => {
  it('count every allowed trade for the next one, and no denied one', () => {
    const poor = { ...account, buyingPower: moneyFromDollars(10_000), ordersToday: 8 };
    const prices = { ...account.lastPrices, MSFT: moneyFromDollars(100) };
    const batch = [buy, { ...buy, symbol: 'MSFT' }, sell, { ...sell, quantity: shares(1) }];
    const outcome = checkTrades(batch, { ...poor, lastPrices: prices }, limits);
    expect(outcome.map((checked) => (checked.kind === 'denied' ? checked.denial.code : checked.kind))).toEqual([
      'allowed',
      'BUYING_POWER_EXCEEDED',
      'allowed',
      'FALSE_REDUCTION',
    ]);
  });

  it('let a purchase spend what a sale before it brings', () => {
    const empty = { ...account, buyingPower: money(0) };
    const spend = (quantity: number): string =>
      checkTrades([sell, { ...buy, quantity: shares(quantity) }], empty, limits)[1]?.kind ?? '';
    expect([spend(100), spend(101)]).toEqual(['allowed', 'reduced']);
  });

  it('never let a batch take the account over leverage, a position over its cap or cash below zero', () => {
    const trade = fc.record({
      symbol: fc.constantFrom('AAPL', 'IBM', 'MSFT'),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      quantity: fc.integer({ min: 1, max: 200 }).map(shares),
      reduceOnly: fc.boolean(),
      referencePrice: fc.constant(moneyFromDollars(100)),
    });
    const start = {
      ...account,
      buyingPower: moneyFromDollars(25_000),
      lastPrices: { ...account.lastPrices, MSFT: moneyFromDollars(100) },
    };
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 12 }), (batch) => {
        const held: Record<string, number> = { IBM: 100 };
        let cash = 25_000;
        for (const checked of checkTrades(batch, start, limits)) {
          if (checked.kind === 'denied') continue;
          const { symbol, side, quantity } = checked.trade;
          held[symbol] = (held[symbol] ?? 0) + (side === 'buy' ? 1 : -1) * quantity;
          cash -= (side === 'buy' ? 100 : -100) * quantity;
          expect(cash).toBeGreaterThanOrEqual(0);
          expect(held[symbol]).toBeGreaterThanOrEqual(0);
          expect((held[symbol] ?? 0) * 100).toBeLessThanOrEqual(15_000);
        }
      }),
    );
  });

  it('allow every trade of a rebalance that was sized within the same limits', () =>
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 14 }), { minLength: 3, maxLength: 3 }), (percents) => {
        const symbols = ['AAPL', 'IBM', 'MSFT'];
        const targets = Object.fromEntries(symbols.map((symbol, index) => [symbol, (percents[index] ?? 0) / 100]));
        const prices = { ...account.lastPrices, MSFT: moneyFromDollars(37.42) };
        const generous = { ...limits, orderNotionalMax: moneyFromDollars(100_000) };
        const holdings = { equity: account.equity, cash: account.buyingPower, positions: account.positions, prices };
        const trades = rebalance(targets, holdings, { noTradeFraction: 0.001, cashBufferFraction: 0.1 });
        const checked = checkTrades(trades, { ...account, lastPrices: prices }, generous);
        expect(checked.filter(({ kind }) => kind === 'denied')).toEqual([]);
      }),
    ));
});
