import { assert, constantFrom, dictionary, double, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExposureBook } from '#domain/exposureBook.ts';
import { checkTrade } from '#domain/limits.ts';
import { moneyFromDollars, shares } from '#domain/money.ts';
import { withinSectors } from '#domain/sectorLimits.ts';
import { sizeForecasts } from '#domain/sizing.ts';

const sectors = { fractionMax: 0.3, bySymbol: { AAPL: 'tech', NVDA: 'tech', JPM: 'banks' } };

describe('weights by sector', () => {
  test('are cut in equal proportion where a sector has too much, and left where it has not or is unknown', () => {
    const cut = withinSectors({ AAPL: 0.4, NVDA: 0.2, JPM: 0.3, XOM: 0.5 }, sectors);
    expect(cut.AAPL).toBeCloseTo(0.2, 12);
    expect(cut.NVDA).toBeCloseTo(0.1, 12);
    expect([cut.JPM, cut.XOM]).toEqual([0.3, 0.5]);
    expect(withinSectors({ AAPL: 0.9 }, undefined)).toEqual({ AAPL: 0.9 });
  });

  test('never hold more of a sector than allowed, nor more of a symbol than before', () => {
    const symbols = constantFrom('AAPL', 'NVDA', 'JPM', 'XOM');
    assert(
      property(dictionary(symbols, double({ min: 0, max: 1, noNaN: true })), (weights) => {
        const cut = withinSectors(weights, sectors);
        expect((cut.AAPL ?? 0) + (cut.NVDA ?? 0)).toBeLessThanOrEqual(0.3 + 1e-12);
        expect(cut.JPM ?? 0).toBeLessThanOrEqual(0.3 + 1e-12);
        for (const [symbol, weight] of Object.entries(weights)) expect(cut[symbol]).toBeLessThanOrEqual(weight);
      }),
    );
  });

  test('are kept by the sizing of forecasts', () => {
    const sure = { mean: 0.05, standardDeviation: 0.001 };
    const limits = { positionFractionMax: 0.25, leverageMax: 1, volatilityTargetFraction: 1, confidenceMin: 0 };
    const forecasts = ['AAPL', 'NVDA', 'JPM'].map((symbol) => ({ symbol, ...sure }));
    expect(sizeForecasts(forecasts, limits)).toEqual({ AAPL: 0.25, NVDA: 0.25, JPM: 0.25 });
    expect(sizeForecasts(forecasts, { ...limits, sectors })).toEqual({ AAPL: 0.15, NVDA: 0.15, JPM: 0.25 });
  });
});

describe('an order', () => {
  const trade = {
    symbol: 'AAPL',
    side: 'buy',
    quantity: shares(100),
    reduceOnly: false,
    referencePrice: moneyFromDollars(100),
  } as const;
  const account = {
    equity: moneyFromDollars(100_000),
    buyingPower: moneyFromDollars(100_000),
    state: 'active',
    positions: { NVDA: shares(200), JPM: shares(300) },
    grossExposure: moneyFromDollars(50_000),
    dayOpenEquity: moneyFromDollars(100_000),
    highWaterMark: moneyFromDollars(100_000),
    ordersToday: 0,
    ordersLastMinute: 0,
    turnoverToday: moneyFromDollars(0),
    working: [],
    lastPrices: { AAPL: moneyFromDollars(100), NVDA: moneyFromDollars(100), JPM: moneyFromDollars(100) },
    phase: 'open',
  } as const;
  const limits = {
    orderNotionalMax: moneyFromDollars(50_000),
    positionFractionMax: 1,
    leverageMax: 1,
    ordersPerSessionMax: 10,
    priceCollarFraction: 0.2,
    restricted: [],
  };

  test('may fill its sector to the limit, positions in it counted, and not a share more', () => {
    const book = new ExposureBook(account, sectors.bySymbol);
    const larger = { ...trade, quantity: shares(101) };
    expect(checkTrade(trade, book, { ...limits, sectors })).toEqual({ kind: 'allowed' });
    expect(checkTrade(larger, book, { ...limits, sectors })).toEqual({
      kind: 'reduced',
      quantity: 100,
      reduction: { code: 'SECTOR_OVER_LIMIT', limit: '0.3', actual: '0.301 in tech', asked: 101 },
    });
    expect(checkTrade(larger, book, limits)).toEqual({ kind: 'allowed' });
  });
});
