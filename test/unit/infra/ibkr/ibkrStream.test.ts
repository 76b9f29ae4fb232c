import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FeedKind } from '#activities/ports/marketFeed.ts';
import { createSequencedBook } from '#domain/depthSequence.ts';
import { newYorkTimeMs } from '#domain/newYorkTime.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { providerHistory } from '#infra/feeds/providerHistory.ts';
import { deskRules } from '#infra/ibkr/ibkrDesk.ts';
import { createIbkrMarketData } from '#infra/ibkr/ibkrMarketData.ts';
import { ibkrStream, type IbkrStreamRules } from '#infra/ibkr/ibkrStream.ts';
import { twsMessages, type FakePrint, type FakeQuote } from '#test/fakes/twsMessages.ts';
import { startTwsVendor, type TwsVendor } from '#test/fakes/twsVendor.ts';
import { hear, quickRules, type HeardFeed } from '../feeds/feedHarness.ts';

const soon = { timeout: 20_000, interval: 10 };
const rules: IbkrStreamRules = { depthRows: 3, sameInstrumentMs: 50, sameBookMs: 50, messagesPerSecond: 1_000 };
const gaps = { ...quickRules.gaps, overlapMs: 2_000, timeoutMs: 10_000 };
// A clock of a session: history is asked of days with one only.
const noonMs = newYorkTimeMs(sessionDate('2026-04-02'), '12:00');
const startedMs = Date.now();
const nowMs = (): number => noonMs + Date.now() - startedMs;
const pacing = { ...deskRules.pacing, identicalMs: 10, burstMs: 1, burstMax: 1_000, windowMax: 10_000 };

describe("Interactive Brokers' live feed", () => {
  let vendor: TwsVendor;
  let heardFeed: HeardFeed | undefined;
  let closeHistory: (() => Promise<void>) | undefined;
  const begin = async (
    kinds: readonly FeedKind[] = ['trades'],
    given: Parameters<typeof hear>[1] & { readonly stream?: Partial<IbkrStreamRules> } = {},
  ): Promise<HeardFeed> => {
    const address = { host: '127.0.0.1', port: vendor.server.port };
    const provider = createIbkrMarketData({ ...address, clientId: 72, rules: { pacing, retryWaitMs: 20 } });
    closeHistory = async () => provider.close?.();
    const { stream, request, ...others } = given;
    heardFeed = hear(ibkrStream({ ...address, clientId: 71, rules: { ...rules, ...stream } }), {
      history: providerHistory(provider, { eventsMax: 10_000 }),
      request: { kinds, ...request },
      nowMs,
      ...others,
      rules: { gaps, ...others.rules },
    });
    await heardFeed.feed.start();
    return heardFeed;
  };
  /** Trades on the tape, each of a size of its own, a second apart; and told live. */
  const beganSecond = noonMs / 1_000 - 100;
  const print = (size: number): FakePrint => ({ time: beganSecond + size, price: '126.51', size, conditions: ' I' });
  const tell = (from: number, to: number): void => {
    const fresh = Array.from({ length: to - from + 1 }, (_, index) => print(from + index));
    vendor.prints = [...vendor.prints, ...fresh];
    for (const one of fresh) vendor.publish('AllLast', (id) => twsMessages.trade(id, one));
  };
  const sizes = (): readonly number[] => heardFeed!.ofKind('trade').map(({ size }) => size);
  const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);
  const states = (): readonly string[] => heardFeed!.ofKind('feedState').map(({ state }) => state);
  const heardAll = (count: number): Promise<void> => vi.waitFor(() => expect(sizes()).toHaveLength(count), soon);
  const subscribed = (...kinds: readonly string[]): Promise<void> =>
    vi.waitFor(() => expect(vendor.subscriptions.map(({ kind }) => kind).sort()).toEqual([...kinds].sort()), soon);
  const row = (...fields: readonly (string | number)[]): void =>
    vendor.publish('depth', (id) => twsMessages.depthRow(id, fields));
  const levels = (): unknown => {
    const book = createSequencedBook();
    const outcomes = [...heardFeed!.ofKind('depthSnapshot'), ...heardFeed!.ofKind('depthUpdate')]
      .toSorted((a, b) => a.lastUpdateId - b.lastUpdateId)
      .flatMap((event) => book.take(event).map(({ kind }) => kind));
    expect(new Set(outcomes)).toEqual(new Set(['applied']));
    const { bid, ask } = book.book.best();
    return { bid, ask };
  };
  beforeEach(async () => {
    vendor = await startTwsVendor();
  });
  afterEach(async () => {
    await heardFeed?.feed.close();
    await closeHistory?.();
    heardFeed = undefined;
    await vendor.server.stop();
  });

  test('looks a symbol up, subscribes to every tick of it, and hands on trades and quotes', async () => {
    const { ofKind } = await begin(['trades', 'quotes']);
    await subscribed('AllLast', 'BidAsk');
    expect(vendor.asked.filter(({ kind }) => kind === 'tickByTick').map(({ fields }) => fields[2])).toEqual([
      '265598',
      '265598',
    ]);
    tell(1, 2);
    const quote: FakeQuote = { time: beganSecond + 3, bid: 126.5, ask: 126.52, bidSize: 300, askSize: '100' };
    vendor.publish('BidAsk', (id) => twsMessages.quote(id, quote));
    await vi.waitFor(() => expect(ofKind('quote')).toHaveLength(1), soon);
    expect(ofKind('trade')[0]).toMatchObject({
      symbol: 'AAPL',
      price: 126.51,
      size: 1,
      exchange: 'ARCA',
      conditions: ['oddLot'],
      venueMs: (beganSecond + 1) * 1_000,
    });
    expect(ofKind('quote')[0]).toMatchObject({ bid: 126.5, bidSize: 300, ask: 126.52, askSize: 100 });
  });

  test('keeps a quote that comes back to an earlier one within the second', async () => {
    const { ofKind } = await begin(['quotes']);
    for (const bid of [126.5, 126.49, 126.5]) {
      vendor.publish('BidAsk', (id) =>
        twsMessages.quote(id, { time: beganSecond, bid, ask: 126.52, bidSize: 1, askSize: 1 }),
      );
    }
    await vi.waitFor(() => expect(ofKind('quote').map(({ bid }) => bid)).toEqual([126.5, 126.49, 126.5]), soon);
  });

  test('serves several consumers, and subscribes to what a new one wants besides', async () => {
    vendor.stocks = [...vendor.stocks, { symbol: 'MSFT', contractId: 272093, name: 'M', primaryExchange: 'NASDAQ' }];
    const { feed, subscription } = await begin(['trades']);
    const both = { consumer: 'b', symbols: ['AAPL', 'MSFT'], kinds: ['trades'] as const, queueEventsMax: 9 };
    const other = feed.subscribe({ ...both, quotes: 'latest' });
    await subscribed('AllLast', 'AllLast');
    tell(1, 3);
    await heardAll(3);
    // One notice and three trades; for the other the same trades under both symbols, as the vendor tells them.
    expect([subscription.counts.delivered, other.counts.waiting]).toEqual([4, 6]);
    other.close();
  });

  test.each<readonly [string, () => void]>([
    ['cut', () => vendor.peers.forEach((peer) => peer.clientId === 71 && peer.cut())],
    ['closed by half', () => vendor.peers.forEach((peer) => peer.clientId === 71 && peer.closeHalf())],
    ['silent', () => vendor.peers.forEach((peer) => peer.clientId === 71 && peer.freeze())],
    ['garbled', () => vendor.peers.forEach((peer) => peer.clientId === 71 && peer.sendBytes(Buffer.alloc(8, 0xff)))],
  ])('loses nothing that history has and doubles nothing when the line is %s', async (_, break_) => {
    await begin();
    tell(1, 20);
    await heardAll(20);
    break_();
    vendor.prints = [...vendor.prints, ...Array.from({ length: 20 }, (__, index) => print(21 + index))];
    await vi.waitFor(() => expect(states()).toEqual(['live', 'down', 'live']), soon);
    await subscribed('AllLast');
    tell(41, 60);
    await heardAll(60);
    expect(sizes()).toEqual(upTo(60));
    expect(heardFeed!.ofKind('feedGap')).toMatchObject([{ symbol: 'AAPL', problem: null }]);
  });

  test.each([
    [1102, 'restored - data maintained', 1],
    [1101, 'restored - data lost', 2],
  ])('is down while TWS has lost the vendor; after %s (%s) it has subscribed %s times', async (code, text, times) => {
    await begin();
    tell(1, 5);
    await heardAll(5);
    vendor.notice(1100, 'Connectivity between IB and TWS has been lost');
    await vi.waitFor(() => expect(states()).toEqual(['live', 'down']), soon);
    vendor.prints = [...vendor.prints, print(6), print(7)];
    vendor.notice(code, text);
    await vi.waitFor(() => expect(states()).toEqual(['live', 'down', 'live']), soon);
    await heardAll(7);
    expect(sizes()).toEqual(upTo(7));
    expect(vendor.server.connectedAtMs.length).toBeLessThanOrEqual(2);
    expect(vendor.asked.filter(({ kind }) => kind === 'tickByTick')).toHaveLength(times);
  });

  test('is down while the farm of its data is, and fills what it missed', async () => {
    await begin();
    vendor.notice(2103, 'Market data farm connection is broken:usfarm');
    await vi.waitFor(() => expect(states()).toEqual(['live', 'down']), soon);
    vendor.notice(2104, 'Market data farm connection is OK:usfarm');
    await vi.waitFor(() => expect(states()).toEqual(['live', 'down', 'live']), soon);
    await vi.waitFor(() => expect(heardFeed!.ofKind('feedGap')).toHaveLength(1), soon);
  });

  test('asks history for what a message held that nobody can read, and goes on', async () => {
    const { registry } = await begin();
    tell(1, 3);
    await heardAll(3);
    vendor.prints = [...vendor.prints, print(4)];
    vendor.publish('AllLast', (id) => [99, id, 2, 'soon', 'x']);
    await heardAll(4);
    tell(5, 6);
    await heardAll(6);
    expect(sizes()).toEqual(upTo(6));
    expect(await registry.getSingleMetricAsString('plimsoll_feed_incidents_total')).toMatch(/"unreadable"} 1/);
  });

  test('tells of ticks that are repeated later as late, and puts none in a wrong place', async () => {
    const { ofKind } = await begin();
    tell(1, 3);
    await heardAll(3);
    vendor.publish('AllLast', (id) => twsMessages.trade(id, print(1)));
    await vi.waitFor(() => expect(ofKind('late')).toMatchObject([{ event: { size: 1 } }]), soon);
    expect(sizes()).toEqual(upTo(3));
  });

  test('notices a market that fell silent', async () => {
    const { ofKind } = await begin(['trades'], {
      rules: { gaps, silence: { silenceMaxMs: 300, expects: () => true } },
    });
    await vi.waitFor(() => expect(ofKind('feedStale')).toMatchObject([{ symbol: 'AAPL' }]), soon);
    tell(1, 1);
    await vi.waitFor(() => expect(ofKind('feedFresh')).toHaveLength(1), soon);
  });

  test('waits with a second subscription to the same ticks as long as the vendor demands', async () => {
    await begin(['trades'], { stream: { sameInstrumentMs: 700 } });
    vendor.peers.forEach((peer) => peer.cut());
    await vi.waitFor(() => expect(states()).toEqual(['live', 'down', 'live']), soon);
    const [first, second] = vendor.asked.filter(({ kind }) => kind === 'tickByTick').map(({ atMs }) => atMs);
    expect(second! - first!).toBeGreaterThan(600);
  });

  test.each([
    [10190, 'Max number of tick-by-tick requests has been reached.'],
    [10189, 'Failed to request tick-by-tick data: No market data permissions for NYSE STK'],
  ])('gives up with FEED_REFUSED on %s', async (code, text) => {
    vendor.trick = ({ kind, requestId }, peer) => {
      if (kind !== 'tickByTick') return undefined;
      peer.send(...twsMessages.error(requestId, code, text));
      return 'handled';
    };
    await expect(begin()).rejects.toMatchObject({ code: 'FEED_REFUSED', details: { reason: `${code} ${text}` } });
  });

  test('gives up with FEED_REFUSED for a symbol that is unknown, and FEED_UNREACHABLE where nobody listens', async () => {
    await expect(begin(['trades'], { request: { symbols: ['NONE'] } })).rejects.toMatchObject({ code: 'FEED_REFUSED' });
    const nobody = hear(ibkrStream({ host: '127.0.0.1', port: 1, clientId: 1 }), {
      request: { kinds: ['trades'] },
      rules: { failuresMax: 2 },
    });
    await expect(nobody.feed.start()).rejects.toMatchObject({ code: 'FEED_UNREACHABLE' });
  });

  test('builds a book from rows by their places', async () => {
    await begin(['depth']);
    row(0, 'ARCA', 0, 1, 126.5, 100);
    row(1, 'NSDQ', 0, 1, 126.5, 50);
    row(0, 'ARCA', 0, 0, 126.52, 70);
    row(0, 'ARCA', 1, 1, 126.51, 30);
    await vi.waitFor(() => expect(heardFeed!.ofKind('depthUpdate')).toHaveLength(4), soon);
    expect(levels()).toEqual({ bid: [126.51, 30], ask: [126.52, 70] });
    expect(heardFeed!.ofKind('depthUpdate').at(-1)!.bids).toEqual([
      [126.5, 50],
      [126.51, 30],
    ]);
  });

  test.each<readonly [string, number, () => void]>([
    ['the vendor resets it (317)', 1, () => vendor.publish('depth', (id) => twsMessages.error(id, 317, 'RESET'))],
    ['the vendor halts it (316)', 2, () => vendor.publish('depth', (id) => twsMessages.error(id, 316, 'HALTED'))],
    ['a row is out of step', 2, () => row(7, 'ARCA', 1, 1, 126.4, 10)],
    ['a row cannot be read', 2, () => row(0, 'ARCA', 9, 1, 126.4, 10)],
    ['the line is cut', 2, () => vendor.peers.forEach((peer) => peer.cut())],
  ])('begins the book anew when %s', async (_, times, break_) => {
    await begin(['depth']);
    row(0, 'ARCA', 0, 1, 126.5, 100);
    await vi.waitFor(() => expect(heardFeed!.ofKind('depthUpdate')).toHaveLength(1), soon);
    break_();
    await vi.waitFor(() => expect(vendor.asked.filter(({ kind }) => kind === 'depth')).toHaveLength(times), soon);
    await subscribed('depth');
    await vi.waitFor(() => expect(heardFeed!.ofKind('depthSnapshot').length).toBeGreaterThan(1), soon);
    row(0, 'ARCA', 0, 1, 126.1, 5);
    await vi.waitFor(() => expect(heardFeed!.ofKind('depthUpdate')).toHaveLength(2), soon);
    expect(levels()).toEqual({ bid: [126.1, 5], ask: null });
  });

  test('gives up with FEED_REFUSED when no more books may be had (309)', async () => {
    vendor.trick = ({ kind, requestId }, peer) => {
      if (kind !== 'depth') return undefined;
      peer.send(...twsMessages.error(requestId, 309, 'Max number (3) of market depth requests has been reached'));
      return 'handled';
    };
    await expect(begin(['depth'])).rejects.toMatchObject({ code: 'FEED_REFUSED' });
  });
});
