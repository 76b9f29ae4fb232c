import { describe, expect, test } from 'vitest';
import { newYorkTimeMs } from '#domain/newYorkTime.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { twsMessages } from '#test/fakes/twsMessages.ts';
import type { TwsAsked } from '#test/fakes/twsVendor.ts';
import { failureCode } from '../failureCode.ts';
import { dailyBars, noonMs, printsOf, quick, useHistoryDesk } from './ibkrHistory.ts';

describe("Interactive Brokers' history", () => {
  const desk = useHistoryDesk();

  test('speaks the versions whose sizes are shares, under its own client id', async () => {
    await desk.daily();
    expect(desk.vendor.server.greetings).toEqual(['v176..193']);
    expect(desk.askedOf('bars').map(({ clientId }) => clientId)).toEqual([7]);
  });

  test('asks for daily bars of the contract it looked up, in regular hours, and leaves out what lies before', async () => {
    desk.vendor.bars = [['20260331', 1, 1, 1, 1, 1, 1, 1], ...dailyBars];
    const answer = await desk.daily();
    expect(answer).toMatchObject({ kind: 'daily', scale: 'splitAdjusted', withoutBars: [] });
    expect(answer.bars).toEqual([
      {
        symbol: 'AAPL',
        sessions: ['2026-04-01', '2026-04-02'],
        open: new Float64Array([253.1, 254.2]),
        high: new Float64Array([256.4, 256.13]),
        low: new Float64Array([252, 250.65]),
        close: new Float64Array([255, 255.89]),
        volume: new Float64Array([3_000, 13_580_739]),
        adjustedClose: new Float64Array([Number.NaN, Number.NaN]),
      },
    ]);
    const [{ fields }] = desk.askedOf('bars') as [TwsAsked];
    expect([fields[2], fields[3]]).toEqual(['265598', 'AAPL']);
    expect(fields.slice(15, 21)).toEqual(['20260403-03:59:59', '1 day', '1 Y', '1', 'TRADES', '2']);
  });

  test('asks for minutes a session at a time, back to back, and never for days without one', async () => {
    const answered = newYorkTimeMs(sessionDate('2026-04-02'), '09:30') / 1_000;
    desk.vendor.bars = [[String(answered), '254.20', '254.80', '250.65', '252.53', '2829736', '252.266', 13633]];
    const week = { from: sessionDate('2026-04-01'), to: sessionDate('2026-04-06') };
    const answer = await desk.open().historicalBars!({ symbols: ['AAPL'], range: week, timeframe: '1Min' });
    // 2026-04-03 is Good Friday. Each question is answered alike; only in its own window does the bar count.
    const ends = ['20260402-03:59:59', '20260403-03:59:59', '20260407-03:59:59'];
    expect(desk.askedOf('bars').map(({ fields }) => fields[15])).toEqual(ends);
    expect(answer).toMatchObject({ kind: 'intraday', bars: [{ symbol: 'AAPL', lengthMs: 60_000 }] });
    expect(answer.bars[0]).toMatchObject({
      startMs: new Float64Array([answered * 1_000]),
      close: new Float64Array([252.53]),
    });
  });

  test('takes an answer without data as a symbol without bars', async () => {
    const text = 'Historical Market Data Service error message:HMDS query returned no data: AAPL@SMART';
    desk.vendor.trick = ({ kind, requestId }, peer) => {
      if (kind !== 'bars') return undefined;
      peer.send(...twsMessages.error(requestId, 162, text));
      return 'handled';
    };
    expect(await desk.daily()).toMatchObject({ bars: [], withoutBars: ['AAPL'] });
  });

  test('writes a class after a space, as the vendor does, and answers under our name', async () => {
    desk.vendor.stocks = [{ symbol: 'BRK B', contractId: 72063691, name: 'BERKSHIRE', primaryExchange: 'NYSE' }];
    expect(await desk.daily(['BRK.B'])).toMatchObject({ bars: [{ symbol: 'BRK.B' }] });
  });

  test('tells what a symbol is, and refuses to list all there is', async () => {
    expect(await desk.open().instruments!(['AAPL'])).toEqual([
      { symbol: 'AAPL', name: 'APPLE INC', exchange: 'NASDAQ', active: true },
    ]);
    expect(await failureCode(desk.provider.instruments!())).toBe('PROVIDER_CAPABILITY_MISSING');
  });

  test('has neither corporate actions nor past depth', () => {
    expect(Object.keys(desk.open())).not.toEqual(expect.arrayContaining(['corporateActions']));
    expect(Object.keys(desk.open())).not.toEqual(expect.arrayContaining(['depth']));
  });

  test.each([
    ['unknown', [], 'No security definition'],
    [
      'two stocks',
      [1, 2].map((contractId) => ({ symbol: 'AAPL', contractId, name: 'A', primaryExchange: 'NYSE' })),
      'several stocks: 1 at NYSE, 2 at NYSE',
    ],
  ])('refuses a symbol that is %s', async (_, stocks, words) => {
    desk.vendor.stocks = stocks;
    await expect(desk.daily()).rejects.toMatchObject({ code: 'PROVIDER_REFUSED' });
    await expect(desk.daily()).rejects.toThrow(words);
  });

  test('pages through trades without a loss or a double, also when a page ends within a second', async () => {
    // 700 ticks of one second stand across the end of the first page.
    const times = [...Array<number>(600).fill(1), ...Array<number>(700).fill(2), 3, 4, ...Array<number>(30).fill(5)];
    desk.vendor.prints = printsOf(times);
    const pages = [];
    const request = { symbol: 'AAPL', fromMs: noonMs, toMs: noonMs + 60_000 };
    for await (const page of desk.open().trades!(request)) pages.push(page);
    expect(pages.flat().map(({ size }) => size)).toEqual(times.map((_, index) => index + 1));
    expect(pages.flat()[0]).toMatchObject({
      kind: 'trade',
      symbol: 'AAPL',
      venueMs: noonMs + 1_000,
      price: 250,
      size: 1,
      exchange: 'ARCA',
      conditions: [],
      tradeId: null,
    });
    expect(desk.askedOf('ticks').map(({ fields }) => fields[15])).toEqual(['20260402-16:00:00', '20260402-16:00:02']);
  });

  test('counts a second of more ticks than fit a page once, as the vendor completes it', async () => {
    desk.vendor.completesSeconds = true;
    const times = [...Array<number>(10).fill(0), ...Array<number>(1_200).fill(1), ...Array<number>(1_100).fill(2), 3];
    desk.vendor.prints = printsOf(times);
    const trades = [];
    const rules = { pacing: { ...quick.pacing, identicalMs: 1 } };
    for await (const page of desk.open(rules).trades!({ symbol: 'AAPL', fromMs: noonMs, toMs: noonMs + 60_000 }))
      trades.push(...page);
    expect(trades.map(({ size }) => size)).toEqual(times.map((_, index) => index + 1));
  });

  test('keeps to the interval, its beginning within and its end without', async () => {
    desk.vendor.prints = printsOf([-1, 0, 1, 9, 10, 11]);
    const trades = [];
    for await (const page of desk.open().trades!({ symbol: 'AAPL', fromMs: noonMs, toMs: noonMs + 10_000 }))
      trades.push(...page);
    expect(trades.map(({ venueMs }) => (venueMs! - noonMs) / 1_000)).toEqual([0, 1, 9]);
  });

  test('asks for the ticks of each day with a session by itself', async () => {
    const monday = newYorkTimeMs(sessionDate('2026-04-06'), '10:00');
    desk.vendor.prints = [...printsOf([0]), { time: monday / 1_000, price: 260, size: 5, conditions: ' I', mask: 2 }];
    const trades = [];
    for await (const page of desk.open().trades!({ symbol: 'AAPL', fromMs: noonMs, toMs: monday + 1_000 }))
      trades.push(...page);
    expect(trades.map(({ venueMs }) => venueMs)).toEqual([noonMs, monday]);
    // A letter of the tape, and the vendor's mark of a trade that no tape reports.
    expect(trades[1]!.conditions).toEqual(['oddLot', 'unknown']);
    expect(desk.askedOf('ticks')).toHaveLength(2);
  });

  test('reads quotes, a side without one as nothing', async () => {
    const quote = { time: noonMs / 1_000, bid: 254.1, ask: -1, bidSize: '300', askSize: '7' };
    desk.vendor.quotes = [quote];
    const quotes = [];
    for await (const page of desk.open().quotes!({ symbol: 'AAPL', fromMs: noonMs, toMs: noonMs + 1 }))
      quotes.push(...page);
    expect(quotes).toMatchObject([{ kind: 'quote', bid: 254.1, bidSize: 300, ask: 0, askSize: 0, venueMs: noonMs }]);
  });
});
