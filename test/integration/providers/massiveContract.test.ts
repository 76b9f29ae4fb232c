import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Document } from 'openapi-backend';
import type { MarketDataProvider } from '#activities/ports/marketDataProvider.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { createMassiveMarketData } from '#infra/massive/massiveMarketData.ts';
import { startScriptedVenue } from '../alpaca/scriptedVenue.ts';
import type { ScriptedVenue } from '../alpaca/scriptedVenue.ts';
import { hasSpecification, startContractServer } from './contractServer.ts';
import type { ContractServer } from './contractServer.ts';

let server: ContractServer | ScriptedVenue | undefined;
let provider: MarketDataProvider | undefined;
afterEach(async () => {
  await server?.stop();
  await provider?.close?.();
  [server, provider] = [undefined, undefined];
});

function massiveAt(url: string): MarketDataProvider {
  provider = createMassiveMarketData({ url, apiKey: 'key', allowance: { requestsPerMinute: 60_000, burst: 100 } });
  return provider;
}

async function collect<Item>(pages: AsyncIterable<readonly Item[]>): Promise<readonly Item[]> {
  const all: Item[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

const file = 'massive/openapi.json';

describe.skipIf(!hasSpecification(file))("held against Massive's own OpenAPI specification", () => {
  // Of one path the document has a twin for each class of assets, told apart by the parameter's name only; and the cursor
  // of the next page, which its examples have, is among no operation's parameters.
  const repair = (document: Document): Document => {
    const cursor = { name: 'cursor', in: 'query', schema: { type: 'string' } };
    const paths = Object.entries(document.paths ?? {})
      .filter(([name]) => !/\{(crypto|forex|fx|indices|options)Ticker\}/.test(name))
      .map(([name, { get, ...other } = {}]) => [
        name,
        { ...other, ...(get && { get: { ...get, parameters: [...(get.parameters ?? []), cursor] } }) },
      ]);
    return { ...document, paths: Object.fromEntries(paths) };
  };
  // Its examples are of adjusted bars, and always name a next page.
  const complete = ({ next_url: next, ...body }: Readonly<Record<string, unknown>>, isLastPage: boolean): unknown => ({
    ...body,
    ...('adjusted' in body && { adjusted: false }),
    ...(!isLastPage && next !== undefined && { next_url: next }),
  });

  test('every question is one it allows, and its own examples are read, in two pages where they name one', async () => {
    const contract = await startContractServer({
      file,
      repair,
      complete,
      isLaterPage: (query) => query.has('cursor'),
    });
    server = contract;
    const massive = massiveAt(contract.url);
    const symbols = ['AAPL'];
    const days = { from: sessionDate('2020-01-01'), to: sessionDate('2020-01-31') };
    for (const timeframe of massive.timeframes) {
      const { bars } = await massive.historicalBars!({ symbols, range: days, timeframe });
      expect(bars[0]?.close).toEqual(new Float64Array([75.0875, 74.3575, 75.0875, 74.3575]));
    }
    const request = { symbol: 'AAPL', fromMs: Date.parse('2018-02-02'), toMs: Date.parse('2018-02-03') };
    expect((await collect(massive.trades!(request))).map(({ price, tradeId }) => [price, tradeId])).toEqual([
      [171.55, '1'],
      [171.55, '2'],
      [171.55, '1'],
      [171.55, '2'],
    ]);
    expect((await collect(massive.quotes!(request))).map(({ bid, bidSize }) => [bid, bidSize])).toEqual([
      [102.7, 6_000],
      [170, 200],
      [102.7, 6_000],
      [170, 200],
    ]);
    const years = { from: sessionDate('2005-01-01'), to: sessionDate('2025-12-31') };
    expect(await massive.corporateActions!({ symbols, range: years })).toEqual([
      { kind: 'cashDividend', symbol: 'AAPL', exDate: '2025-08-11', amount: 0.26 },
      { kind: 'split', symbol: 'AAPL', exDate: '2005-02-28', ratio: 2 },
    ]);
    expect(await massive.instruments!()).toContainEqual({
      symbol: 'A',
      name: 'Agilent Technologies Inc.',
      exchange: 'XNYS',
      active: true,
    });
    expect(contract.refusals).toEqual([]);
    expect(new Set(contract.operations).size).toBe(6);
  });

  test('a question that it does not allow would be noticed', async () => {
    const contract = await startContractServer({ file, repair, isLaterPage: () => false });
    server = contract;
    for (const question of ['/v3/quotes/AAPL?colour=red', '/v3/quotes/AAPL?limit=50001', '/v3/depth/AAPL']) {
      expect((await fetch(`${contract.url}${question}`)).ok).toBe(false);
    }
    expect(contract.refusals).toHaveLength(3);
  });
});

const recorded = path.resolve(
  import.meta.dirname,
  '../../../../shared/vendor/recordings/massive-client-python/test_rest/mocks',
);
const isPresent = existsSync(recorded);
if (!isPresent) console.warn('skipped: recorded answers are not beside this checkout (../shared/vendor/recordings)');

describe.skipIf(!isPresent)('a recorded answer', () => {
  type Body = Readonly<Record<string, unknown>>;
  const recording = (name: string): Body => JSON.parse(readFileSync(path.join(recorded, name), 'utf8')) as Body;
  const replaying = async (...bodies: readonly Body[]) => {
    const venue = await startScriptedVenue(bodies.map((body) => ({ status: 200, body })));
    server = venue;
    return { massive: massiveAt(venue.url), venue };
  };
  const range = { from: sessionDate('2005-04-01'), to: sessionDate('2005-04-04') };
  const bars = 'v2/aggs/ticker/AAPL/range/1/day/2005-04-01/2005-04-04.json';

  test('of bars that were adjusted is refused, since raw ones are asked for; the same ones raw give their sessions', async () => {
    const adjusted = await replaying(recording(bars));
    const question = { symbols: ['AAPL'], range, timeframe: '1Day' } as const;
    await expect(adjusted.massive.historicalBars!(question)).rejects.toMatchObject({
      code: 'PROVIDER_ANSWER_UNREADABLE',
      message: expect.stringContaining('adjusted'),
    });
    await adjusted.venue.stop();
    const raw = await replaying({ ...recording(bars), adjusted: false });
    const answer = await raw.massive.historicalBars!(question);
    expect(answer.kind === 'daily' && answer.bars[0]?.sessions).toEqual(['2005-04-01', '2005-04-04']);
    expect([...answer.bars[0]!.close]).toEqual([1.4604, 1.4675]);
  });

  test('of quotes is read over both of its pages', async () => {
    const cursor =
      'YXA9MTkyODgxNjYmYXM9JmxpbWl0PTEwJm9yZGVyPWRlc2Mmc29ydD10aW1lc3RhbXAmdGltZXN0YW1wLmx0ZT0yMDIyLTA1LTEwVDE0JTNBMTElM0ExMi42OTA2NjExODla';
    const { massive, venue } = await replaying(
      recording('v3/quotes/AAPL.json'),
      recording(`v3/quotes/AAPL&cursor=${cursor}.json`),
    );
    const fromMs = Date.parse('2022-05-10T14:11:12Z');
    const quotes = await collect(massive.quotes!({ symbol: 'AAPL', fromMs, toMs: fromMs + 1_000 }));
    expect(quotes).toHaveLength(20);
    expect(quotes[0]).toMatchObject({ bid: 155.85, bidSize: 400, ask: 155.87, askSize: 300, exchange: '19/15' });
    expect(quotes[0]!.venueMs! - fromMs).toBeCloseTo(800.6387, 3);
    expect(venue.requests[1]).toBe(`GET /v3/quotes/AAPL?cursor=${cursor}`);
  });

  test('of trades with one id at two exchanges gives both, corrected as they are', async () => {
    const { massive } = await replaying(recording('v3/trades/AAPL&limit=2.json'));
    const fromMs = Date.parse('2022-04-28T21:00:00Z');
    const trades = await collect(massive.trades!({ symbol: 'AAPL', fromMs, toMs: fromMs + 3_600_000 }));
    expect(trades.map(({ tradeId, exchange, price }) => [tradeId, exchange, price])).toEqual([
      ['183276', '11', 156.43],
      ['183276', '12', 157.43],
    ]);
    expect(trades[0]?.conditions).toEqual(['extendedHours', 'oddLot']);
  });

  test('of splits gives their ratios in either direction, and of tickers both of its pages', async () => {
    const none = { status: 'OK', results: [] };
    const symbols = ['GOOGL', 'GOOG', 'CTO', 'SHOP', 'DXCM', 'AMZN', 'BRW', 'CM', 'CIG.C'];
    const splits = await replaying(none, recording('v3/reference/splits.json'));
    const told = await splits.massive.corporateActions!({
      symbols,
      range: { from: sessionDate('2022-05-01'), to: sessionDate('2022-07-31') },
    });
    expect(told).toContainEqual({ kind: 'split', symbol: 'GOOGL', exDate: '2022-07-18', ratio: 20 });
    expect(told).toContainEqual({ kind: 'split', symbol: 'BRW', exDate: '2022-05-20', ratio: 0.5 });
    expect(told).toContainEqual({ kind: 'split', symbol: 'CIG.C', exDate: '2022-05-02', ratio: 4 / 3 });
    await splits.venue.stop();
    const second =
      'YWN0aXZlPXRydWUmZGF0ZT0yMDIyLTA0LTI3JmxpbWl0PTImb3JkZXI9YXNjJnBhZ2VfbWFya2VyPUFBJTdDZjEyMmJjYmY4YWQwNzRmZmJlMTZmNjkxOWQ0ZDc3NjZlMzA3MWNmNmU1Nzg3OGE0OGU1NjQ1YzQyM2U3NzJhOSZzb3J0PXRpY2tlcg';
    const tickers = await replaying(
      recording('v3/reference/tickers.json'),
      recording(`v3/reference/tickers&cursor=${second}.json`),
      none,
    );
    expect((await tickers.massive.instruments!()).map(({ symbol }) => symbol)).toEqual(['A', 'AA', 'AAA', 'AAAU']);
  });
});
