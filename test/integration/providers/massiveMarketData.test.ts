import { afterEach, describe, expect, test } from 'vitest';
import type { MarketDataProvider } from '#activities/ports/marketDataProvider.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { createMassiveMarketData } from '#infra/massive/massiveMarketData.ts';
import { startScriptedVenue } from '../alpaca/scriptedVenue.ts';
import type { ScriptedAnswer, ScriptedVenue } from '../alpaca/scriptedVenue.ts';

let venue: ScriptedVenue | undefined;
let provider: MarketDataProvider | undefined;
afterEach(async () => {
  await venue?.stop();
  await provider?.close?.();
});

async function facing(...script: readonly ScriptedAnswer[]) {
  venue = await startScriptedVenue(script);
  provider = createMassiveMarketData({
    url: venue.url,
    apiKey: 'hidden-key',
    allowance: { requestsPerMinute: 60_000, burst: 100 },
    limits: { retryWaitMs: 5, attemptTimeoutMs: 2_000 },
  });
  return { provider, venue };
}

const fine = (body: object): ScriptedAnswer => ({ status: 200, body: { status: 'OK', request_id: '1', ...body } });
// The vendor names itself; we ask where we were told to.
const next = (path: string): string => `https://api.massive.com${path}?cursor=two`;
const range = { from: sessionDate('2020-08-27'), to: sessionDate('2020-09-01') };
const bar = (t: string, close: number) => ({ t: Date.parse(t), o: close, h: close + 1, l: close - 1, c: close, v: 10 });
const aapl = (...results: readonly object[]) => ({ ticker: 'AAPL', adjusted: false, results });
const collect = async <Item>(pages: AsyncIterable<readonly Item[]>): Promise<readonly Item[]> => {
  const all: Item[] = [];
  for await (const page of pages) all.push(...page);
  return all;
};

describe('bars', () => {
  const asking = (of: MarketDataProvider, symbols = ['AAPL']) =>
    of.historicalBars!({ symbols, range, timeframe: '1Day' });

  test('are asked for raw, symbol by symbol; the next page is asked where we were told to, not where it says', async () => {
    const asked = await facing(
      fine({
        ...aapl(bar('2020-08-27T04:00:00Z', 500.04)),
        next_url: next('/v2/aggs/ticker/AAPL/range/1/day/1598846400000/2020-09-01'),
      }),
      fine(aapl(bar('2020-08-31T04:00:00Z', 129.04))),
      fine({ ticker: 'NONE', adjusted: false, resultsCount: 0 }),
    );
    const answer = await asking(asked.provider, ['AAPL', 'NONE']);
    expect(answer).toMatchObject({ kind: 'daily', scale: 'raw', withoutBars: ['NONE'] });
    expect(answer.kind === 'daily' && answer.bars[0]).toMatchObject({
      symbol: 'AAPL',
      sessions: ['2020-08-27', '2020-08-31'],
      close: new Float64Array([500.04, 129.04]),
    });
    expect(asked.venue.requests).toEqual([
      'GET /v2/aggs/ticker/AAPL/range/1/day/2020-08-27/2020-09-01?adjusted=false&sort=asc&limit=50000',
      'GET /v2/aggs/ticker/AAPL/range/1/day/1598846400000/2020-09-01?cursor=two',
      'GET /v2/aggs/ticker/NONE/range/1/day/2020-08-27/2020-09-01?adjusted=false&sort=asc&limit=50000',
    ]);
  });

  test('of a broken connection, 5xx and 429 with Retry-After are asked for again, no sooner than it says', async () => {
    const script: readonly ScriptedAnswer[] = [
      'halfClosed',
      'reset',
      { status: 502 },
      { status: 429, headers: { 'retry-after': '1' }, body: { status: 'ERROR', error: 'maximum requests per minute' } },
      fine(aapl(bar('2020-08-27T04:00:00Z', 500.04))),
    ];
    const asked = await facing(...script);
    expect((await asking(asked.provider)).bars).toHaveLength(1);
    expect(asked.venue.requests).toHaveLength(script.length);
    const [limited = 0, again = 0] = asked.venue.arrivedAtMs.slice(-2);
    expect(again - limited).toBeGreaterThanOrEqual(995);
  });

  test.each<[string, ScriptedAnswer, string]>([
    ['adjusted though raw ones were asked for', fine({ ...aapl(), adjusted: true }), 'adjusted'],
    ['of another symbol', fine({ ...aapl(), ticker: 'MSFT' }), 'MSFT in place of AAPL'],
    ['with a figure as text', fine(aapl({ ...bar('2020-08-27T04:00:00Z', 1), c: '1' })), 'results[0].c'],
    ['without a close', fine(aapl({ ...bar('2020-08-27T04:00:00Z', 1), c: undefined })), 'results[0].c'],
    ['whose next page is no address', fine({ ...aapl(), next_url: 'two' }), 'next_url'],
  ])('%s are PROVIDER_ANSWER_UNREADABLE and named', async (_, answer, named) => {
    const asked = await facing(answer);
    await expect(asking(asked.provider)).rejects.toMatchObject({
      code: 'PROVIDER_ANSWER_UNREADABLE',
      message: expect.stringContaining(named),
    });
  });

  test('that a page promises and the next refuses, with status 200, are all thrown away: PROVIDER_REFUSED in its words', async () => {
    const asked = await facing(
      fine({ ...aapl(bar('2020-08-27T04:00:00Z', 500.04)), next_url: next('/v2/aggs/ticker/AAPL') }),
      { status: 200, body: { status: 'ERROR', error: 'the cursor expired' } },
    );
    await expect(asking(asked.provider)).rejects.toMatchObject({
      code: 'PROVIDER_REFUSED',
      message: expect.stringContaining('the cursor expired'),
    });
  });

  test('that the plan does not cover are PROVIDER_CREDENTIALS_REFUSED; the key is in no failure', async () => {
    const body = { status: 'NOT_AUTHORIZED', message: 'You are not entitled to this data.' };
    const asked = await facing({ status: 403, body });
    const error: unknown = await asking(asked.provider).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'PROVIDER_CREDENTIALS_REFUSED' });
    expect(String(error)).toContain('NOT_AUTHORIZED: You are not entitled');
    expect(JSON.stringify(error) + String(error)).not.toContain('hidden');
  });

  test('in pages that go in a circle are PROVIDER_PAGES_ENDLESS', async () => {
    const asked = await facing(fine({ ...aapl(), next_url: next('/v2/aggs/ticker/AAPL') }));
    await expect(asking(asked.provider)).rejects.toMatchObject({ code: 'PROVIDER_PAGES_ENDLESS' });
  });
});

describe('corporate actions', () => {
  test('of many symbols are asked for together; cash that is not in dollars is told, not computed with', async () => {
    const dividend = { ex_dividend_date: '2020-08-28', cash_amount: 0.82, distribution_type: 'recurring' };
    const asked = await facing(
      fine({
        results: [
          { ...dividend, ticker: 'AAPL', currency: 'USD' },
          { ...dividend, ticker: 'RY', currency: 'CAD' },
          { ...dividend, ticker: 'RY' },
          { ...dividend, ticker: 'AAPL', currency: 'USD', ex_dividend_date: '2020-09-02' },
        ],
      }),
      fine({
        results: [
          {
            ticker: 'AAPL',
            execution_date: '2020-08-31',
            split_from: 1,
            split_to: 4,
            adjustment_type: 'forward_split',
          },
          { ticker: 'RY', execution_date: '2020-09-01', split_from: 20, split_to: 1, adjustment_type: 'reverse_split' },
        ],
      }),
    );
    const told = await asked.provider.corporateActions!({ symbols: ['AAPL', 'RY'], range });
    expect(told).toEqual([
      { kind: 'cashDividend', symbol: 'AAPL', exDate: '2020-08-28', amount: 0.82 },
      { kind: 'other', symbol: 'RY', exDate: '2020-08-28', vendorKind: 'dividend in CAD' },
      { kind: 'other', symbol: 'RY', exDate: '2020-08-28', vendorKind: 'dividend in a currency not named' },
      { kind: 'split', symbol: 'AAPL', exDate: '2020-08-31', ratio: 4 },
      { kind: 'split', symbol: 'RY', exDate: '2020-09-01', ratio: 1 / 20 },
    ]);
    expect(asked.venue.requests[0]).toBe(
      'GET /stocks/v1/dividends?ticker.any_of=AAPL%2CRY&ex_dividend_date.gte=2020-08-27&ex_dividend_date.lte=2020-09-01' +
        '&limit=5000&sort=ticker.asc%2Cex_dividend_date.asc',
    );
  });

  test('of a symbol that nobody asked for, or without its amount, are PROVIDER_ANSWER_UNREADABLE', async () => {
    const row = { ticker: 'MSFT', ex_dividend_date: '2020-08-28', cash_amount: 0.82, currency: 'USD' };
    for (const results of [[row], [{ ...row, ticker: 'AAPL', cash_amount: undefined }]]) {
      const asked = await facing(fine({ results }));
      await expect(asked.provider.corporateActions!({ symbols: ['AAPL'], range })).rejects.toMatchObject({
        code: 'PROVIDER_ANSWER_UNREADABLE',
      });
    }
  });
});

describe('quotes and trades', () => {
  const fromMs = Date.parse('2022-05-10T14:11:12Z');
  const request = { symbol: 'AAPL', fromMs, toMs: fromMs + 1_000.5 };
  // Digits that a JavaScript number would round.
  const at = (nanoseconds: string, row: string) =>
    `{"sip_timestamp": ${BigInt(fromMs) * 1_000_000n + BigInt(nanoseconds)}, ${row}}`;
  const rows = (...all: readonly string[]): ScriptedAnswer => ({
    status: 200,
    body: `{"status":"OK","results":[${all.join()}]}`,
  });

  test('a quote’s sizes are shares, a missing side is 0, and the time keeps its microseconds', async () => {
    const asked = await facing(
      rows(
        at(
          '800638700',
          '"bid_price": 155.85, "bid_size": 4, "bid_exchange": 19, "ask_price": 155.87, "ask_size": 3, "ask_exchange": 15',
        ),
        at('900000000', '"bid_price": 155.85, "bid_size": 1, "bid_exchange": 19'),
      ),
    );
    const given = await collect(asked.provider.quotes!(request));
    expect(given).toMatchObject([
      { bid: 155.85, bidSize: 400, ask: 155.87, askSize: 300, exchange: '19/15', updateId: null },
      { bid: 155.85, bidSize: 100, ask: 0, askSize: 0, exchange: '19/' },
    ]);
    expect(given[0]!.venueMs! - fromMs).toBeCloseTo(800.6387, 3);
    expect(asked.venue.requests[0]).toBe(
      `GET /v3/quotes/AAPL?timestamp.gte=${fromMs}000000&timestamp.lt=${fromMs + 1_000}500000&order=asc&sort=timestamp&limit=50000`,
    );
  });

  test('trades that the tape took back, the records that say so, and those at our end are left out; a corrected one stands', async () => {
    const trade = (id: number, more = '') =>
      `"exchange": 11, "id": "${id}", "price": 156.43, "size": 10, "participant_timestamp": 1${more}`;
    const asked = await facing(
      rows(
        at('0', trade(1, ', "conditions": [12, 37]')),
        ...[1, 7, 8, 10, 11, 12].map((correction) =>
          at('1000', trade(100 + correction, `, "correction": ${correction}`)),
        ),
        at('1000500000', trade(2)),
      ),
    );
    const given = await collect(asked.provider.trades!(request));
    expect(given.map(({ tradeId, conditions, exchange }) => [tradeId, conditions, exchange])).toEqual([
      ['1', ['extendedHours', 'oddLot'], '11'],
      ['101', [], '11'],
    ]);
    const drifted = await facing(rows(at('0', trade(1, ', "correction": 3'))));
    await expect(collect(drifted.provider.trades!(request))).rejects.toMatchObject({
      code: 'PROVIDER_ANSWER_UNREADABLE',
    });
  });
});

test('the list of tickers has those that trade and those that did', async () => {
  const agilent = { ticker: 'A', name: 'Agilent Technologies Inc.', primary_exchange: 'XNYS', active: true };
  const asked = await facing(
    fine({ results: [agilent], next_url: next('/v3/reference/tickers') }),
    fine({ results: [] }),
    fine({ results: [{ ticker: 'AAI', name: 'AirTran', active: false }] }),
  );
  expect(await asked.provider.instruments!()).toEqual([
    { symbol: 'A', name: 'Agilent Technologies Inc.', exchange: 'XNYS', active: true },
    { symbol: 'AAI', name: 'AirTran', exchange: '', active: false },
  ]);
  expect(asked.venue.requests.map((line) => /active=\w+|cursor=\w+/.exec(line)?.[0])).toEqual([
    'active=true',
    'cursor=two',
    'active=false',
  ]);
});
