import { existsSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FeedKind } from '#activities/ports/marketFeed.ts';
import { yahooPolling } from '#infra/yahoo/yahooPolling.ts';
import { plimsoll } from '#test/unit/console/commandLine.ts';
import { hear, type HeardFeed } from '#test/unit/infra/feeds/feedHarness.ts';

const soon = { timeout: 20_000, interval: 10 };
const minuteMs = 60_000;

/** Yahoo as it is seen from outside: a page that sets a cookie, a crumb for it, quotes for both, and charts for everybody. */
interface FakeYahoo {
  readonly url: string;
  readonly asked: string[];
  quote: object | undefined;
  /** Closes of minutes, the newest last. */
  closes: (number | null)[];
  mood: 'answers' | 'tooMany' | 'fails' | 'html' | 'halfClosed';
  /** The crumb that is taken; another is given from then on. */
  crumb: string;
}

const quoteOf = (bid: number, changes: object = {}): object => ({
  symbol: 'BRK-B',
  currency: 'USD',
  exchangeDataDelayedBy: 0,
  bid,
  bidSize: 2,
  ask: bid + 1,
  askSize: 3,
  ...changes,
});
const firstMs = Date.parse('2024-06-28T14:00:00Z');

let yahoo: FakeYahoo;
let server: Server;
let heard: HeardFeed | undefined;
let closing: (() => Promise<void>) | undefined;
beforeEach(async () => {
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://yahoo');
    yahoo.asked.push(`${pathname}${pathname === '/v7/finance/quote' ? ` ${searchParams.get('symbols')}` : ''}`);
    const send = (status: number, body: unknown): void => {
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    if (pathname === '/cookie') {
      response.writeHead(404, { 'set-cookie': ['A1=one; Path=/; Secure', 'A3=three; HttpOnly'] }).end();
      return;
    }
    if (yahoo.mood === 'tooMany') return send(429, 'Too Many Requests');
    if (yahoo.mood === 'fails') return send(503, '');
    if (yahoo.mood === 'html') return send(200, '<html>');
    if (yahoo.mood === 'halfClosed') {
      request.socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"quote');
      return;
    }
    const hasCookie = request.headers.cookie === 'A1=one; A3=three';
    if (pathname === '/v1/test/getcrumb') return send(hasCookie ? 200 : 401, yahoo.crumb);
    if (pathname === '/v7/finance/quote') {
      const isLetIn = hasCookie && searchParams.get('crumb') === yahoo.crumb;
      const result = yahoo.quote ? [yahoo.quote] : [];
      return isLetIn ? send(200, { quoteResponse: { result, error: null } }) : send(401, { finance: 'Invalid Crumb' });
    }
    const column = yahoo.closes;
    const one = {
      meta: { currency: 'USD', symbol: 'BRK-B', dataGranularity: '1m' },
      timestamp: column.map((_, index) => (firstMs + index * minuteMs) / 1_000),
      indicators: { quote: [{ open: column, high: column, low: column, close: column, volume: column }] },
    };
    send(pathname.endsWith('/NONE') ? 404 : 200, { chart: { result: [one], error: null } });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  yahoo = { url, asked: [], quote: quoteOf(10), closes: [1, 2, 3], mood: 'answers', crumb: 'first' };
});
afterEach(async () => {
  await heard?.feed.close();
  await closing?.();
  server.closeAllConnections();
  server.close();
  [heard, closing] = [undefined, undefined];
});

function listenTo(kinds: readonly FeedKind[], rules: Parameters<typeof hear>[1]['rules'] = {}): HeardFeed {
  const stream = yahooPolling({
    url: yahoo.url,
    cookieUrl: `${yahoo.url}/cookie`,
    allowance: { requestsPerMinute: 60_000, burst: 100 },
    pollIntervalMs: 20,
    questionTimeoutMs: 2_000,
  });
  closing = () => stream.close();
  heard = hear(stream, { request: { symbols: ['BRK.B'], kinds }, rules });
  return heard;
}

const bids = (from: HeardFeed): readonly number[] => from.ofKind('quote').map(({ bid }) => bid);

describe('quotes', () => {
  test('are told when they change, also back to what they were, with sizes in shares and no stamp of their own', async () => {
    const feed = listenTo(['quotes']);
    await feed.feed.start();
    await vi.waitFor(() => expect(bids(feed)).toEqual([10]), soon);
    for (const bid of [11, 10]) {
      const rounds = yahoo.asked.length;
      await vi.waitFor(() => expect(yahoo.asked.length).toBeGreaterThan(rounds + 3), soon);
      yahoo.quote = quoteOf(bid);
      await vi.waitFor(() => expect(bids(feed).at(-1)).toBe(bid), soon);
    }
    expect(bids(feed)).toEqual([10, 11, 10]);
    expect(feed.ofKind('quote')[0]).toMatchObject({ symbol: 'BRK.B', bidSize: 200, askSize: 300, venueMs: null });
    expect(yahoo.asked.slice(0, 3)).toEqual(['/cookie', '/v1/test/getcrumb', '/v7/finance/quote BRK-B']);
    expect(yahoo.asked.filter((line) => line === '/cookie')).toHaveLength(1);
  });

  test('go on with another pass when theirs is taken no longer; the time between is told as a gap', async () => {
    const feed = listenTo(['quotes']);
    await feed.feed.start();
    await vi.waitFor(() => expect(bids(feed)).toEqual([10]), soon);
    [yahoo.crumb, yahoo.quote] = ['second', quoteOf(12)];
    await vi.waitFor(() => expect(bids(feed).at(-1)).toBe(12), soon);
    expect(feed.ofKind('feedState').map(({ state }) => state)).toEqual(['live', 'down', 'live']);
    expect(feed.ofKind('feedState')[1]?.reason).toContain('Invalid Crumb');
    expect(feed.ofKind('feedState')[1]?.reason).not.toContain('first');
    expect(feed.ofKind('feedGap')).toMatchObject([{ symbol: 'BRK.B', problem: 'there is no source of history' }]);
  });

  test.each(['tooMany', 'fails', 'html', 'halfClosed'] as const)(
    'that cannot be had (%s) are asked for again with back-off, and come once they can be',
    async (mood) => {
      yahoo.mood = mood;
      const feed = listenTo(['quotes']);
      const started = feed.feed.start();
      await vi.waitFor(() => expect(yahoo.asked.filter((line) => line === '/cookie').length).toBeGreaterThan(3), soon);
      yahoo.mood = 'answers';
      await started;
      await vi.waitFor(() => expect(bids(feed)).toEqual([10]), soon);
    },
  );

  test('that stay as they are for too long are stale, and fresh again with the next change', async () => {
    const silence = { silenceMaxMs: 200, expects: () => true };
    const feed = listenTo(['quotes'], { silence });
    await feed.feed.start();
    await vi.waitFor(() => expect(feed.ofKind('feedStale')).toHaveLength(1), soon);
    yahoo.quote = quoteOf(11);
    await vi.waitFor(() => expect(feed.ofKind('feedFresh')).toHaveLength(1), soon);
  });

  test.each([
    { name: 'of an unknown symbol', quote: undefined, code: 'FEED_REFUSED', named: 'it knows no BRK.B' },
    {
      name: 'that come late',
      quote: quoteOf(10, { exchangeDataDelayedBy: 15 }),
      code: 'FEED_UNREACHABLE',
      named: 'exchangeDataDelayedBy',
    },
    {
      name: 'in another currency',
      quote: quoteOf(10, { currency: 'GBp' }),
      code: 'FEED_UNREACHABLE',
      named: 'currency',
    },
  ])('$name end the feed: $code', async ({ quote, code, named }) => {
    yahoo.quote = quote;
    const feed = listenTo(['quotes'], { failuresMax: 3 });
    await expect(feed.feed.start()).rejects.toMatchObject({ code, message: expect.stringContaining(named) });
  });
});

describe('bars of a minute', () => {
  const closes = (from: HeardFeed): readonly number[] => from.ofKind('bar').map(({ close }) => close);

  test('are told once, when a later one stands, and those of a time without a connection are made up for', async () => {
    const feed = listenTo(['bars']);
    await feed.feed.start();
    await vi.waitFor(() => expect(yahoo.asked.length).toBeGreaterThan(3), soon);
    expect(closes(feed)).toEqual([]);
    yahoo.closes = [1, 2, 3.5, 4];
    await vi.waitFor(() => expect(closes(feed)).toEqual([3.5]), soon);
    yahoo.mood = 'fails';
    await vi.waitFor(() => expect(feed.ofKind('feedState').at(-1)?.state).toBe('down'), soon);
    // A minute without a trade has no figures and no bar.
    yahoo.closes = [1, 2, 3.5, 4.5, null, 6, 7];
    yahoo.mood = 'answers';
    await vi.waitFor(() => expect(closes(feed)).toEqual([3.5, 4.5, 6]), soon);
    expect(feed.ofKind('bar').at(-1)).toMatchObject({
      startMs: firstMs + 5 * minuteMs,
      venueMs: firstMs + 6 * minuteMs,
      lengthMs: minuteMs,
      symbol: 'BRK.B',
    });
  });
});

test.each(['trades', 'depth'])('%s are refused: Yahoo has none', async (kind) => {
  const { error } = await plimsoll(
    `data capture --provider yahoo --symbols AAPL --kinds ${kind} --folder /nowhere/none`,
  );
  expect(error).toContain(`FEED_REFUSED: yahoo carries no ${kind}`);
});

const recorded = path.resolve(import.meta.dirname, '../../../../shared/data/fundamentals/yahoo_json/quote-AAPL.json');
if (!existsSync(recorded)) console.warn('skipped: recorded quotes are not beside this checkout (../shared/data)');

test.skipIf(!existsSync(recorded))('a recorded answer is read', async () => {
  const { body } = JSON.parse(readFileSync(recorded, 'utf8')) as {
    readonly body: { readonly quoteResponse: { readonly result: readonly object[] } };
  };
  yahoo.quote = { ...body.quoteResponse.result[0], symbol: 'BRK-B' };
  const feed = listenTo(['quotes']);
  await feed.feed.start();
  await vi.waitFor(
    () => expect(feed.ofKind('quote')).toMatchObject([{ bid: 244.44, bidSize: 200, ask: 253.37, askSize: 100 }]),
    soon,
  );
});
