import { afterEach, describe, expect, test } from 'vitest';
import type { MarketDataProvider, Timeframe } from '#activities/ports/marketDataProvider.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { createAlphaVantageMarketData } from '#infra/alphaVantage/alphaVantageMarketData.ts';
import type { AlphaVantageOptions } from '#infra/alphaVantage/alphaVantageMarketData.ts';
import { downloadBars } from '#infra/providers/downloadBars.ts';
import { startScriptedVenue } from '../alpaca/scriptedVenue.ts';
import type { ScriptedAnswer, ScriptedVenue } from '../alpaca/scriptedVenue.ts';

// The vendor publishes no specification: answers are shaped as its documentation shows them, figures are Apple's.
let venue: ScriptedVenue | undefined;
let provider: MarketDataProvider | undefined;
afterEach(async () => {
  await venue?.stop();
  await provider?.close?.();
});

async function facing(script: readonly ScriptedAnswer[], options: Partial<AlphaVantageOptions> = {}) {
  venue = await startScriptedVenue(script);
  provider = createAlphaVantageMarketData({
    url: venue.url,
    apiKey: 'HIDDENKEY',
    allowance: { requestsPerMinute: 60_000, burst: 100 },
    requestsPerDay: null,
    limits: { retryWaitMs: 5, attemptsMax: 3, attemptTimeoutMs: 2_000 },
    ...options,
  });
  return { provider, venue };
}

const told = (body: unknown): ScriptedAnswer => ({ status: 200, body });
const range = { from: sessionDate('2020-08-28'), to: sessionDate('2020-09-01') };
const about = (symbol: string) => ({
  '1. Information': 'Daily Time Series with Splits and Dividend Events',
  '2. Symbol': symbol,
  '3. Last Refreshed': '2020-09-02',
  '4. Output Size': 'Full size',
  '5. Time Zone': 'US/Eastern',
});
const row = (close: string, changes: Readonly<Record<string, string | undefined>> = {}) => ({
  '1. open': close,
  '2. high': close,
  '3. low': close,
  '4. close': close,
  '5. adjusted close': '124.8075',
  '6. volume': '46907479',
  '7. dividend amount': '0.0000',
  '8. split coefficient': '1.0',
  ...changes,
});
const series = {
  '2020-09-02': row('131.4'),
  '2020-08-31': row('129.04', { '8. split coefficient': '4.0' }),
  '2020-08-28': row('499.23', { '7. dividend amount': '0.82' }),
  '2020-08-27': row('500.04'),
};
const daily = (changes: object = {}, symbol = 'AAPL') =>
  told({ 'Meta Data': about(symbol), 'Time Series (Daily)': { ...series, ...changes } });
const asking = (of: MarketDataProvider, symbol = 'AAPL', timeframe: Timeframe = '1Day') =>
  of.historicalBars!({ symbols: [symbol], range, timeframe });

describe('daily bars', () => {
  test('are as traded, oldest first, within the range, with what took effect and the adjusted close beside them', async () => {
    const asked = await facing([daily({}, 'BRK-B')]);
    const answer = await asking(asked.provider, 'BRK.B');
    expect(answer).toMatchObject({ kind: 'daily', scale: 'raw', withoutBars: [] });
    expect(answer.bars[0]).toMatchObject({
      symbol: 'BRK.B',
      sessions: ['2020-08-28', '2020-08-31'],
      close: new Float64Array([499.23, 129.04]),
      adjustedClose: new Float64Array([124.8075, 124.8075]),
      volume: new Float64Array([46_907_479, 46_907_479]),
      actions: { dividend: new Float64Array([0.82, 0]), splitRatio: new Float64Array([1, 4]) },
    });
    expect(asked.venue.requests).toEqual([
      'GET /query?function=TIME_SERIES_DAILY_ADJUSTED&symbol=BRK-B&outputsize=full&apikey=HIDDENKEY',
    ]);
  });

  test('cost a download one question a symbol: their actions need no other', async () => {
    const asked = await facing([daily()]);
    await downloadBars(asked.provider, { symbols: ['AAPL'], range, timeframe: '1Day' }, () => undefined);
    expect(asked.venue.requests).toHaveLength(1);
  });

  test.each<[string, ScriptedAnswer, string]>([
    ['of another symbol', daily({}, 'MSFT'), 'MSFT in place of AAPL'],
    [
      'without a close',
      daily({ '2020-08-28': row('1', { '4. close': undefined }) }),
      'Time Series (Daily).2020-08-28.4. close',
    ],
    ['with a close of no figure', daily({ '2020-08-28': row('1', { '4. close': 'N/A' }) }), '4. close'],
    ['with a day of no calendar', daily({ '2020-02-30': row('1') }), '2020-02-30'],
    [
      'of another zone',
      told({ 'Meta Data': { ...about('AAPL'), '5. Time Zone': 'UTC' }, 'Time Series (Daily)': {} }),
      'Time Zone',
    ],
    ['that are an empty answer', told({}), 'Meta Data'],
    ['that are a page of HTML', told('<html>'), 'no JSON'],
  ])('%s are PROVIDER_ANSWER_UNREADABLE and named', async (_, answer, named) => {
    const asked = await facing([answer]);
    await expect(asking(asked.provider)).rejects.toMatchObject({
      code: 'PROVIDER_ANSWER_UNREADABLE',
      message: expect.stringContaining(named),
    });
  });
});

describe('bars within sessions', () => {
  const month = (stamp: string, interval = '5min') =>
    told({
      'Meta Data': { '2. Symbol': 'AAPL', '4. Interval': interval, '6. Time Zone': 'US/Eastern' },
      [`Time Series (${interval})`]: {
        [stamp]: { '1. open': '1.5', '2. high': '2', '3. low': '1', '4. close': '1.75', '5. volume': '10' },
      },
    });

  test('are asked for month by month, raw, and keep the instant of New York at which they begin, summer and winter', async () => {
    const asked = await facing([month('2020-10-30 04:00:00'), month('2020-11-02 04:00:00')]);
    const across = { from: sessionDate('2020-10-30'), to: sessionDate('2020-11-02') };
    const answer = await asked.provider.historicalBars!({ symbols: ['AAPL'], range: across, timeframe: '5Min' });
    expect(answer.bars[0]).toMatchObject({
      lengthMs: 300_000,
      startMs: new Float64Array([Date.parse('2020-10-30T08:00:00Z'), Date.parse('2020-11-02T09:00:00Z')]),
      close: new Float64Array([1.75, 1.75]),
    });
    expect(
      asked.venue.requests.map((line) => new URL(line.slice(4), 'http://vendor').searchParams.get('month')),
    ).toEqual(['2020-10', '2020-11']);
    expect(asked.venue.requests[0]).toContain('interval=5min&month=2020-10&adjusted=false&extended_hours=true');
  });

  test('across the end of a year ask for its last month and the first of the next', async () => {
    const asked = await facing([month('2020-12-31 10:00:00')]);
    const across = { from: sessionDate('2020-12-31'), to: sessionDate('2021-01-04') };
    await asked.provider.historicalBars!({ symbols: ['AAPL'], range: across, timeframe: '5Min' });
    expect(asked.venue.requests.map((line) => /month=([\d-]+)/.exec(line)?.[1])).toEqual(['2020-12', '2021-01']);
  });

  test.each([
    ['another length than was asked for', month('2020-08-28 04:00:00', '1min'), '4. Interval'],
    ['a stamp that is none', month('28/08/2020 04:00'), 'Time Series (5min)'],
  ])('with %s are PROVIDER_ANSWER_UNREADABLE', async (_, answer, named) => {
    const asked = await facing([answer]);
    await expect(asking(asked.provider, 'AAPL', '5Min')).rejects.toMatchObject({
      code: 'PROVIDER_ANSWER_UNREADABLE',
      message: expect.stringContaining(named),
    });
  });
});

describe('what is said in place of data, always with status 200', () => {
  const day =
    'We have detected your API key as HIDDENKEY and our standard API rate limit is 25 requests per day. Please subscribe to any of the premium plans to instantly remove all daily rate limits.';
  const second =
    'Thank you for using Alpha Vantage! Please consider spreading out your free API requests more sparingly (1 request per second). You may subscribe to lift the free key rate limit (25 requests per day) and instantly unlock all premium endpoints';
  const minute =
    'Thank you for using Alpha Vantage! Our standard API call frequency is 5 calls per minute and 500 calls per day.';

  const said: readonly (readonly [string, object, { readonly code: string; readonly attempts: number }])[] = [
    ['the day is used up', { Information: day }, { code: 'PROVIDER_RATE_LIMITED', attempts: 1 }],
    ['the minute is used up', { Note: minute }, { code: 'PROVIDER_RATE_LIMITED', attempts: 3 }],
    ['the second is used up', { Information: second }, { code: 'PROVIDER_RATE_LIMITED', attempts: 3 }],
    [
      'the plan lacks it',
      { Information: 'This is a premium endpoint.' },
      { code: 'PROVIDER_CREDENTIALS_REFUSED', attempts: 1 },
    ],
    [
      'the key is wrong',
      { 'Error Message': 'the parameter apikey is invalid or missing.' },
      { code: 'PROVIDER_CREDENTIALS_REFUSED', attempts: 1 },
    ],
    ['the call is invalid', { 'Error Message': 'Invalid API call.' }, { code: 'PROVIDER_REFUSED', attempts: 1 }],
    ['something new', { Information: 'We are closed for maintenance.' }, { code: 'PROVIDER_REFUSED', attempts: 1 }],
    [
      'a note beside bars',
      { Note: 'Invalid API call.', 'Meta Data': about('AAPL'), 'Time Series (Daily)': series },
      { code: 'PROVIDER_REFUSED', attempts: 1 },
    ],
  ];

  test.each(said)('%s: a failure, never bars, and the key is not told', async (_, body, { code, attempts }) => {
    const asked = await facing([told(body)]);
    const error: unknown = await asking(asked.provider).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code });
    expect(JSON.stringify(error) + String(error)).not.toContain('HIDDENKEY');
    expect(asked.venue.requests).toHaveLength(attempts);
  });

  test('is not the end while another attempt is answered; neither are 5xx, a cut and a half-closed connection', async () => {
    const asked = await facing([told({ Note: minute }), { status: 503 }, 'halfClosed', 'reset', daily()], {
      limits: { retryWaitMs: 5, attemptsMax: 5 },
    });
    expect((await asking(asked.provider)).bars).toHaveLength(1);
    expect(asked.venue.requests).toHaveLength(5);
  });
});

test('the plan’s requests of a day are not gone over: what comes after is PROVIDER_RATE_LIMITED without being sent', async () => {
  const asked = await facing([daily()], { requestsPerDay: 2 });
  await asking(asked.provider);
  await asking(asked.provider);
  await expect(asking(asked.provider)).rejects.toMatchObject({
    code: 'PROVIDER_RATE_LIMITED',
    message: expect.stringContaining('the 2 requests a day of the plan are used up for 1440 minutes'),
  });
  expect(asked.venue.requests).toHaveLength(2);
});

test('splits and dividends are those of the range; what has no ex-date yet has not happened', async () => {
  const asked = await facing([
    told({
      symbol: 'AAPL',
      data: [
        { effective_date: '2020-08-31', split_factor: '4.0000' },
        { effective_date: '2014-06-09', split_factor: '7.0000' },
      ],
    }),
    told({
      symbol: 'AAPL',
      data: [
        {
          ex_dividend_date: 'None',
          declaration_date: 'None',
          record_date: 'None',
          payment_date: 'None',
          amount: '0.9',
        },
        { ex_dividend_date: '2020-08-28', declaration_date: '2020-07-30', amount: '0.82' },
      ],
    }),
  ]);
  expect(await asked.provider.corporateActions!({ symbols: ['AAPL'], range })).toEqual([
    { kind: 'split', symbol: 'AAPL', exDate: '2020-08-31', ratio: 4 },
    { kind: 'cashDividend', symbol: 'AAPL', exDate: '2020-08-28', amount: 0.82 },
  ]);
  const without = await facing([told({ symbol: 'AAPL', data: [{ effective_date: '2020-08-31', split_factor: '0' }] })]);
  await expect(without.provider.corporateActions!({ symbols: ['AAPL'], range })).rejects.toMatchObject({
    code: 'PROVIDER_ANSWER_UNREADABLE',
  });
});

describe('what is listed', () => {
  const header = 'symbol,name,exchange,assetType,ipoDate,delistingDate,status';
  const active = `${header}\r\nA,Agilent Technologies Inc,NYSE,Stock,1999-11-18,null,Active\r\nBRK-B,"Berkshire Hathaway, Inc",NYSE,Stock,1996-05-09,null,Active\r\n`;

  test('has what trades and what did, share classes after a point', async () => {
    const asked = await facing([
      told(active),
      told(`${header}\r\nAABA,Altaba Inc,NASDAQ,Stock,1996-04-12,2019-10-03,Delisted\r\n`),
    ]);
    expect(await asked.provider.instruments!()).toEqual([
      { symbol: 'A', name: 'Agilent Technologies Inc', exchange: 'NYSE', active: true },
      { symbol: 'BRK.B', name: 'Berkshire Hathaway, Inc', exchange: 'NYSE', active: true },
      { symbol: 'AABA', name: 'Altaba Inc', exchange: 'NASDAQ', active: false },
    ]);
  });

  test.each([
    ['another header', 'ticker,name\r\nA,B\r\n', 'PROVIDER_ANSWER_UNREADABLE'],
    ['an uneven line', `${header}\r\nA,Agilent\r\n`, 'PROVIDER_ANSWER_UNREADABLE'],
    ['a status of neither', active.replace('Active', 'Halted'), 'PROVIDER_ANSWER_UNREADABLE'],
    [
      'a refusal in JSON',
      '{"Information": "our standard API rate limit is 25 requests per day"}',
      'PROVIDER_RATE_LIMITED',
    ],
  ])('of %s is %s', async (_, body, code) => {
    const asked = await facing([told(body)]);
    await expect(asked.provider.instruments!()).rejects.toMatchObject({ code });
  });
});
