import { afterEach, describe, expect, test } from 'vitest';
import type { MarketDataProvider } from '#activities/ports/marketDataProvider.ts';
import { fetchDailyBars } from '#activities/fetchDailyBars.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { createAlpacaMarketData } from '#infra/alpaca/alpacaMarketData.ts';
import { checkContract } from '#pipelines/contract/checkContract.ts';
import { defaultContractRules } from '#pipelines/contract/contractRules.ts';
import { startScriptedVenue } from '../alpaca/scriptedVenue.ts';
import type { ScriptedAnswer, ScriptedVenue } from '../alpaca/scriptedVenue.ts';
import { hasSpecification, startContractServer } from './contractServer.ts';

function alpacaAt(url: string): MarketDataProvider {
  return createAlpacaMarketData({
    credentials: { keyId: 'key', secretKey: 'secret' },
    dataUrl: url,
    tradingUrl: url,
    feed: 'sip',
    allowance: { requestsPerMinute: 60_000, burst: 100 },
    limits: { retryWaitMs: 5, attemptTimeoutMs: 2_000 },
  });
}

let venue: ScriptedVenue | undefined;
let provider: MarketDataProvider | undefined;
afterEach(async () => {
  await venue?.stop();
  await provider?.close?.();
});

async function facing(...bodies: readonly unknown[]) {
  const script: readonly ScriptedAnswer[] = bodies.map((body) => ({ status: 200, body }));
  venue = await startScriptedVenue(script);
  provider = alpacaAt(venue.url);
  return { provider, venue };
}

const range = { from: sessionDate('2020-08-27'), to: sessionDate('2020-09-01') };
const bar = (t: string, close: number) => ({
  t,
  o: close,
  h: close + 1,
  l: close - 1,
  c: close,
  v: 10,
  n: 1,
  vw: close,
});
const aapl = [
  bar('2020-08-27T04:00:00Z', 500.04),
  bar('2020-08-28T04:00:00Z', 499.23),
  bar('2020-08-31T04:00:00Z', 129.04),
  bar('2020-09-01T04:00:00Z', 134.18),
];
const noActions = { corporate_actions: {}, next_page_token: null };

describe('bars', () => {
  test('of several pages are put together by symbol, raw, named by their session in New York', async () => {
    const asked = await facing(
      { bars: { AAPL: aapl.slice(0, 3) }, next_page_token: 'two' },
      { bars: {}, next_page_token: 'three' },
      { bars: { AAPL: aapl.slice(3), 'BRK.B': aapl.slice(0, 1) }, next_page_token: null },
    );
    const symbols = ['AAPL', 'BRK.B', 'NONE'];
    const answer = await asked.provider.historicalBars!({ symbols, range, timeframe: '1Day' });
    expect(answer).toMatchObject({ kind: 'daily', scale: 'raw', withoutBars: ['NONE'] });
    expect(answer.bars.map(({ symbol, close }) => [symbol, [...close]])).toEqual([
      ['AAPL', [500.04, 499.23, 129.04, 134.18]],
      ['BRK.B', [500.04]],
    ]);
    expect(answer.kind === 'daily' && answer.bars[0]?.sessions).toEqual([
      '2020-08-27',
      '2020-08-28',
      '2020-08-31',
      '2020-09-01',
    ]);
    expect(asked.venue.requests[0]).toBe(
      'GET /v2/stocks/bars?symbols=AAPL%2CBRK.B%2CNONE&timeframe=1Day&start=2020-08-27T04%3A00%3A00.000Z' +
        '&end=2020-09-02T03%3A59%3A59.000Z&adjustment=raw&limit=10000&feed=sip&sort=asc',
    );
    expect(asked.venue.requests[1]).toContain('page_token=two');
  });

  test('within sessions keep the instant at which they begin, and their length', async () => {
    const asked = await facing({ bars: { AAPL: [bar('2020-08-27T13:30:00Z', 500)] }, next_page_token: null });
    const answer = await asked.provider.historicalBars!({ symbols: ['AAPL'], range, timeframe: '5Min' });
    expect(answer.bars[0]).toMatchObject({
      lengthMs: 300_000,
      startMs: new Float64Array([Date.parse('2020-08-27T13:30:00Z')]),
    });
  });

  test('of a page that drifted from the specification are all thrown away, and the place is named', async () => {
    const drifted = { ...aapl[1], c: '499.23' };
    const asked = await facing(
      { bars: { AAPL: aapl.slice(0, 1) }, next_page_token: 'two' },
      { bars: { AAPL: [aapl[2], drifted] }, next_page_token: null },
    );
    await expect(asked.provider.historicalBars!({ symbols: ['AAPL'], range, timeframe: '1Day' })).rejects.toMatchObject(
      {
        code: 'PROVIDER_ANSWER_UNREADABLE',
        message: expect.stringContaining('bars.AAPL[1].c'),
      },
    );
    const other = await facing({ bars: { MSFT: aapl }, next_page_token: null });
    await expect(other.provider.historicalBars!({ symbols: ['AAPL'], range, timeframe: '1Day' })).rejects.toMatchObject(
      { code: 'PROVIDER_ANSWER_UNREADABLE' },
    );
  });
});

describe('corporate actions', () => {
  test('are those whose ex-date lies in the range, on the scale of their day; what is no cash or ratio is told as other', async () => {
    const about = { symbol: 'AAPL', cusip: '1', id: '1', process_date: '2020-08-31' };
    const asked = await facing({
      corporate_actions: {
        forward_splits: [{ ...about, ex_date: '2020-08-31', new_rate: 4, old_rate: 1 }],
        reverse_splits: [{ ...about, ex_date: '2020-09-01', new_rate: 1, old_rate: 20 }],
        stock_dividends: [{ ...about, ex_date: '2020-08-27', rate: 0.05 }],
        cash_dividends: [
          { ...about, ex_date: '2020-08-28', rate: 0.82, special: false, foreign: false },
          { ...about, ex_date: '2020-08-28', rate: 1, special: false, foreign: true, currency: 'EUR' },
          { ...about, ex_date: '2020-08-07', rate: 0.82, special: false, foreign: false },
        ],
        spin_offs: [{ source_symbol: 'AAPL', new_symbol: 'NEW', ex_date: '2020-08-31', process_date: '2020-08-31' }],
      },
      next_page_token: null,
    });
    const told = await asked.provider.corporateActions!({ symbols: ['AAPL'], range });
    const of = (day: string) => ({ symbol: 'AAPL', exDate: sessionDate(day) });
    expect(told).toEqual([
      { kind: 'cashDividend', ...of('2020-08-28'), amount: 0.82 },
      { kind: 'other', ...of('2020-08-28'), vendorKind: 'cash_dividends in EUR' },
      { kind: 'split', ...of('2020-08-31'), ratio: 4 },
      { kind: 'split', ...of('2020-09-01'), ratio: 1 / 20 },
      { kind: 'split', ...of('2020-08-27'), ratio: 1.05 },
      { kind: 'other', ...of('2020-08-31'), vendorKind: 'spin_offs' },
    ]);
  });

  test('make raw bars publishable: the day of the split is no crash, and the benchmark grows through it', async () => {
    const split = { symbol: 'AAPL', cusip: '1', id: '1', process_date: '2020-08-31', ex_date: '2020-08-31' };
    const bars = { bars: { AAPL: aapl }, next_page_token: null };
    const actions = {
      corporate_actions: { forward_splits: [{ ...split, new_rate: 4, old_rate: 1 }] },
      next_page_token: null,
    };
    const asked = await facing(bars, actions, bars, actions);
    const universe = { symbols: ['AAPL'], benchmarkSymbol: 'AAPL', firstSession: range.from };
    const fetched = await fetchDailyBars(asked.provider, universe, { range });
    const report = checkContract(fetched.bars, {
      rules: defaultContractRules,
      expectedSessions: fetched.bars[0]!.sessions,
    });
    expect([report.verdict, report.quarantined]).toEqual(['publishable', []]);
    expect(report.bars[0]!.adjustedClose[0]).toBeCloseTo(500.04 / 4, 9);
    expect(fetched.benchmark.close[2]).toBeCloseTo(129.04 * 4, 9);
    expect(fetched.benchmark.source).toEqual(Array.from({ length: 4 }, () => 'AAPL total return'));
  });

  test('of a dataset with a symbol that has no bars: PROVIDER_BARS_MISSING, nothing is ingested', async () => {
    const asked = await facing({ bars: { AAPL: aapl }, next_page_token: null }, noActions);
    const universe = { symbols: ['AAPL', 'APPL'], benchmarkSymbol: 'SPY', firstSession: range.from };
    await expect(fetchDailyBars(asked.provider, universe, { range })).rejects.toMatchObject({
      code: 'PROVIDER_BARS_MISSING',
      details: { symbols: ['APPL'] },
    });
  });
});

describe('quotes and trades', () => {
  const request = {
    symbol: 'AAPL',
    fromMs: Date.parse('2022-01-03T09:00:00Z'),
    toMs: Date.parse('2022-01-03T10:00:00Z'),
  };
  const collect = async <Item>(pages: AsyncIterable<readonly Item[]>): Promise<readonly Item[]> => {
    const all: Item[] = [];
    for await (const page of pages) all.push(...page);
    return all;
  };

  test('a quote’s sizes are shares, also from the years in which the vendor told round lots', async () => {
    const quote = { ap: 178.8, as: 4, ax: 'Q', bp: 0, bs: 0, bx: ' ', c: ['R'], z: 'C' };
    const page = (t: string) => ({ quotes: { AAPL: [{ ...quote, t }] }, next_page_token: null });
    const early = await facing(page('2022-01-03T09:00:00.028294451Z'));
    const [given] = await collect(early.provider.quotes!(request));
    expect(given).toMatchObject({ bid: 0, bidSize: 0, ask: 178.8, askSize: 400, exchange: ' /Q' });
    expect(given?.venueMs).toBeCloseTo(Date.parse('2022-01-03T09:00:00Z') + 28.294451, 3);
    const late = await facing(page('2025-11-03T15:00:00Z'));
    const toMs = Date.parse('2025-11-04T00:00:00Z');
    expect((await collect(late.provider.quotes!({ ...request, toMs })))[0]?.askSize).toBe(4);
  });

  test('trades keep their conditions in our words; those that the tape took back, and those at our end, are left out', async () => {
    const trade = { p: 178.26, s: 1, x: 'P', z: 'C', t: '2022-01-03T09:00:00.24483968Z', c: ['@', 'F', 'T', 'I'] };
    const asked = await facing({
      trades: {
        AAPL: [
          { ...trade, i: 1, u: 'canceled' },
          { ...trade, i: 2, u: 'incorrect' },
          { ...trade, i: 3, u: 'corrected' },
          { ...trade, i: 4, c: null },
          { ...trade, i: 5, t: '2022-01-03T10:00:00Z' },
        ],
      },
      next_page_token: null,
    });
    const given = await collect(asked.provider.trades!(request));
    expect(given.map(({ tradeId, conditions }) => [tradeId, conditions])).toEqual([
      ['3', ['regular', 'intermarketSweep', 'extendedHours', 'oddLot']],
      ['4', []],
    ]);
    const unknown = await facing({ trades: { AAPL: [{ ...trade, i: 6, c: ['?'] }] }, next_page_token: null });
    expect((await collect(unknown.provider.trades!(request)))[0]?.conditions).toEqual(['unknown']);
  });
});

const isPresent = hasSpecification('alpaca/market-data-api.json') && hasSpecification('alpaca/trading-api.json');

describe.skipIf(!isPresent)("held against Alpaca's own OpenAPI specification", () => {
  const paged = (body: Readonly<Record<string, unknown>>, isLastPage: boolean): unknown =>
    'next_page_token' in body ? { ...body, next_page_token: isLastPage ? null : 'second' } : body;
  const isLaterPage = (query: URLSearchParams): boolean => query.has('page_token');

  test('every question is one it allows, and its own examples are read', async () => {
    const server = await startContractServer({ file: 'alpaca/market-data-api.json', complete: paged, isLaterPage });
    provider = alpacaAt(server.url);
    try {
      const symbols = ['AAPL'];
      const days = { from: sessionDate('2022-01-01'), to: sessionDate('2022-01-31') };
      for (const timeframe of provider.timeframes) {
        const { bars } = await provider.historicalBars!({ symbols, range: days, timeframe });
        expect(bars[0]?.close[0]).toBe(178.21);
      }
      const request = { symbol: 'AAPL', fromMs: Date.parse('2022-01-03'), toMs: Date.parse('2022-01-04') };
      let [trades, quotes] = [0, 0];
      for await (const page of provider.trades!(request)) trades += page.length;
      for await (const page of provider.quotes!(request)) quotes += page.length;
      expect([trades, quotes]).toEqual([4, 4]);
      const year = { from: sessionDate('2023-01-01'), to: sessionDate('2023-12-31') };
      const told = await provider.corporateActions!({ symbols, range: year });
      expect(told).toContainEqual({ kind: 'split', symbol: 'SRE', exDate: '2023-08-22', ratio: 2 });
      expect(told).toContainEqual({ kind: 'cashDividend', symbol: 'FCF', exDate: '2023-05-04', amount: 0.125 });
      expect(told).toContainEqual({ kind: 'other', symbol: 'JUPW', exDate: '2023-08-15', vendorKind: 'spin_offs' });
      expect(server.refusals).toEqual([]);
      expect(new Set(server.operations).size).toBe(4);
    } finally {
      await server.stop();
    }
  });

  test('the list of stocks is read, and a question it does not allow would be noticed', async () => {
    const server = await startContractServer({ file: 'alpaca/trading-api.json', isLaterPage });
    provider = alpacaAt(server.url);
    try {
      expect(await provider.instruments!()).toContainEqual({
        symbol: 'AAPL',
        name: 'Apple Inc. Common Stock',
        exchange: 'NASDAQ',
        active: true,
      });
      const response = await fetch(`${server.url}/v2/assets?colour=red`);
      expect(response.status).toBe(400);
      expect(server.refusals).toHaveLength(1);
    } finally {
      await server.stop();
    }
  });
});
