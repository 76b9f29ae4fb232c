import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EventHistory } from '#activities/ports/marketFeed.ts';
import { MessageFields } from '#infra/feeds/messageFields.ts';
import { massiveEvents } from '#infra/massive/massiveEvents.ts';
import { massiveStream } from '#infra/massive/massiveStream.ts';
import { startFakeVendor, type FakeVendor, type VendorMessage } from '#test/fakes/fakeVendor.ts';
import { massiveDialect, massiveTrade } from '#test/fakes/massiveDialect.ts';
import { hear, type HeardFeed } from '../feeds/feedHarness.ts';

const specification = '../shared/vendor/specs/massive/websocket.json';
const soon = { timeout: 20_000, interval: 10 };
const read = (message: VendorMessage): object => massiveEvents[String(message.ev)]!(new MessageFields(message), 5);

describe('messages of Massive', () => {
  test('become events with sizes in shares', () => {
    const atMs = 1_536_036_818_784;
    expect(
      read({ ev: 'T', sym: 'MSFT', x: 4, i: '12345', z: 3, p: 114.125, s: 100, c: [0, 12, 999], t: atMs }),
    ).toEqual({
      kind: 'trade',
      symbol: 'MSFT',
      price: 114.125,
      size: 100,
      exchange: '4',
      conditions: ['regular', 'extendedHours', 'unknown'],
      tradeId: '12345',
      venueMs: atMs,
      receivedMs: 5,
    });
    const quote = { ev: 'Q', sym: 'MSFT', bx: 4, bp: 114.125, bs: 100, ax: 7, ap: 114.128, as: 160, c: 0, t: atMs };
    const told = { bid: 114.125, bidSize: 10_000, ask: 114.128, askSize: 16_000, exchange: '4/7', venueMs: atMs };
    expect(read(quote)).toMatchObject(told);
    expect(read({ ev: 'Q', sym: 'MSFT', ax: 7, ap: 114.128, as: 1, t: atMs })).toMatchObject({
      bid: 0,
      bidSize: 0,
      askSize: 100,
    });
    const bar = { ev: 'AM', sym: 'GTE', v: 4110, o: 0.4488, c: 0.4486, h: 0.4489, l: 0.4486, s: 60_000, e: 120_000 };
    expect(read(bar)).toMatchObject({ kind: 'bar', lengthMs: 60_000, startMs: 60_000, venueMs: 120_000, volume: 4110 });
    expect(() => read({ ...bar, e: 60_000 })).toThrow(RangeError);
    for (const broken of [{ p: '1' }, { i: 1.5 }, { c: ['0'] }, { t: null }]) {
      expect(() => read({ ...massiveTrade(1, atMs), ...broken })).toThrow(RangeError);
    }
  });

  test.skipIf(!existsSync(specification))(
    `of every kind we subscribe to are read as ${specification} shows them`,
    () => {
      const { paths } = JSON.parse(readFileSync(specification, 'utf8'));
      const examples = ['T', 'Q', 'AM', 'LULD'].map(
        (channel) => paths[`/stocks/${channel}`].get.responses['200'].content['application/json'].example,
      );
      expect(examples.map((example) => read(example))).toMatchObject([
        { kind: 'trade', symbol: 'MSFT' },
        { kind: 'quote', bidSize: 10_000 },
        { kind: 'bar', lengthMs: 60_000 },
        { kind: 'priceBand', lower: 198.11, upper: 218.96, venueMs: 1_601_316_752_683.746 },
      ]);
    },
  );
});

describe("a live feed over Massive's stream", () => {
  let vendor: FakeVendor;
  let heardFeed: HeardFeed;
  beforeEach(async () => {
    vendor = await startFakeVendor(massiveDialect('key'));
  });
  afterEach(async () => {
    await heardFeed.feed.close();
    await vendor.stop();
  });
  const feedOf = (apiKey: string, history?: EventHistory): HeardFeed => {
    const request = { symbols: ['MSFT'], kinds: ['trades' as const] };
    heardFeed = hear(massiveStream({ baseUrl: vendor.url, apiKey }), { request, ...(history && { history }) });
    return heardFeed;
  };

  test('is live when every channel is confirmed, and asks for more only what is new', async () => {
    const { feed, tradeIds } = feedOf('key');
    await feed.start();
    expect(vendor.asked).toEqual([
      { action: 'auth', params: 'key' },
      { action: 'subscribe', params: 'T.MSFT,LULD.MSFT' },
    ]);
    vendor.publish(massiveTrade(2, Date.now()), massiveTrade(1, Date.now() - 5));
    await vi.waitFor(() => expect(tradeIds()).toEqual(['1', '2']), soon);
    feed.subscribe({ consumer: 'b', symbols: ['MSFT'], kinds: ['bars'], quotes: 'every', queueEventsMax: 9 });
    await vi.waitFor(() => expect(vendor.asked.at(-1)).toEqual({ action: 'subscribe', params: 'AM.MSFT' }), soon);
  });

  test('fills a gap from a history that stamps more finely, without a double', async () => {
    const beganMs = Date.now();
    const finer = [1, 2, 3].map((id) => ({ ...massiveTrade(id, beganMs + id), t: beganMs + id + 0.25 }));
    const history: EventHistory = () =>
      Promise.resolve(finer.map((message) => massiveEvents.T!(new MessageFields(message), Date.now())));
    const { feed, ofKind, tradeIds } = feedOf('key', history);
    await feed.start();
    vendor.publish(massiveTrade(1, beganMs + 1));
    await vi.waitFor(() => expect(tradeIds()).toEqual(['1']), soon);
    vendor.cut();
    await vi.waitFor(() => expect([vendor.connectedAtMs.length, vendor.subscribers]).toEqual([2, 1]), soon);
    vendor.publish(massiveTrade(3, beganMs + 3));
    await vi.waitFor(() => expect(ofKind('feedGap')).toHaveLength(1), soon);
    await vi.waitFor(() => expect(tradeIds()).toEqual(['1', '2', '3']), soon);
  });

  test('does not ask again where its key is refused, and does where connections are too many', async () => {
    const refused = feedOf('another key');
    await expect(refused.feed.start()).rejects.toMatchObject({ code: 'FEED_REFUSED' });
    expect(vendor.connectedAtMs).toHaveLength(1);
    vendor.mood = 'connectionLimit';
    const started = feedOf('key').feed.start();
    await vi.waitFor(() => expect(vendor.connectedAtMs.length).toBeGreaterThan(2), soon);
    vendor.mood = 'wellBehaved';
    await started;
  });
});
