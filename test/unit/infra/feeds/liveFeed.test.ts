import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { EventHistory } from '#activities/ports/marketFeed.ts';
import { alpacaEvents } from '#infra/alpaca/alpacaEvents.ts';
import { alpacaStream } from '#infra/alpaca/alpacaStream.ts';
import { MessageFields } from '#infra/feeds/messageFields.ts';
import type { VendorProtocol } from '#infra/feeds/vendorProtocol.ts';
import { alpacaDialect, alpacaTrade } from '#test/fakes/alpacaDialect.ts';
import { startFakeVendor, type FakeVendor, type VendorMessage } from '#test/fakes/fakeVendor.ts';
import { hear, quickRules, type HeardFeed } from './feedHarness.ts';

const credentials = { keyId: 'key', secretKey: 'secret' };
const soon = { timeout: 20_000, interval: 10 };

describe("a live feed over Alpaca's stream", () => {
  let vendor: FakeVendor;
  let heardFeed: HeardFeed | undefined;
  /** Every trade the vendor ever told, also to nobody: what its history knows. */
  let tape: VendorMessage[];
  const asked: { symbol: string; fromMs: number; toMs: number }[] = [];
  const history: EventHistory = ({ symbol, fromMs, toMs }) => {
    asked.push({ symbol, fromMs, toMs });
    const events = tape.flatMap((message) => alpacaEvents.t!(new MessageFields(message), Date.now()));
    const inside = events.filter(
      (event) => event.symbol === symbol && event.venueMs! >= fromMs && event.venueMs! <= toMs,
    );
    return Promise.resolve(inside.toReversed());
  };
  const protocol = (): VendorProtocol => alpacaStream({ baseUrl: vendor.url, plan: 'iex', credentials });
  const begin = async (given: Parameters<typeof hear>[1] = {}): Promise<HeardFeed> => {
    heardFeed = hear(protocol(), { history, ...given });
    await heardFeed.feed.start();
    return heardFeed;
  };
  const trades = (from: number, to: number): readonly VendorMessage[] => {
    const beganMs = Date.now() - 500;
    return Array.from({ length: to - from + 1 }, (_, index) =>
      alpacaTrade(from + index, { atMs: beganMs + from + index }),
    );
  };
  const tell = (messages: readonly VendorMessage[]): void => {
    tape.push(...messages);
    for (const message of messages) vendor.publish(message);
  };
  const comesBack = (connections: number): Promise<void> =>
    vi.waitFor(() => expect([vendor.connectedAtMs.length, vendor.subscribers]).toEqual([connections, 1]), soon);
  const ids = (from: number, to: number): readonly string[] =>
    Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
  beforeEach(async () => {
    vendor = await startFakeVendor(alpacaDialect('secret'));
    tape = [];
    asked.length = 0;
  });
  afterEach(async () => {
    await heardFeed?.feed.close();
    heardFeed = undefined;
    await vendor.stop();
  });

  test('authenticates, subscribes to what consumers want, and hands on what comes', async () => {
    const { feed, ofKind, tradeIds, subscription } = await begin();
    expect(vendor.asked).toEqual([
      { action: 'auth', key: 'key', secret: 'secret' },
      {
        action: 'subscribe',
        ...Object.fromEntries(
          ['trades', 'quotes', 'bars', 'updatedBars', 'statuses', 'lulds'].map((channel) => [channel, ['AAPL']]),
        ),
      },
    ]);
    tell(trades(1, 3));
    await vi.waitFor(() => expect(tradeIds()).toEqual(ids(1, 3)), soon);
    expect(ofKind('trade')[0]).toMatchObject({ symbol: 'AAPL', price: 126.51, conditions: ['regular', 'oddLot'] });
    const other = feed.subscribe({
      consumer: 'b',
      symbols: ['MSFT'],
      kinds: ['trades'],
      quotes: 'latest',
      queueEventsMax: 9,
    });
    await vi.waitFor(() => expect(vendor.asked.at(-1)).toMatchObject({ trades: ['AAPL', 'MSFT'] }), soon);
    other.close();
    expect(subscription.counts).toMatchObject({ conflated: 0, lost: 0 });
  });

  test('loses nothing that history has, doubles nothing and keeps the order, when the connection is cut', async () => {
    const { ofKind, tradeIds } = await begin();
    const all = trades(1, 60);
    tell(all.slice(0, 20));
    await vi.waitFor(() => expect(tradeIds()).toHaveLength(20), soon);
    vendor.cut();
    await vi.waitFor(() => expect(vendor.subscribers).toBe(0), soon);
    // Told to nobody.
    tell(all.slice(20, 40));
    await vi.waitFor(() => expect(vendor.subscribers).toBe(1), soon);
    tell(all.slice(40));
    await vi.waitFor(() => expect(ofKind('feedGap')).toHaveLength(1), soon);
    await vi.waitFor(() => expect(tradeIds()).toHaveLength(60), soon);
    expect(tradeIds()).toEqual(ids(1, 60));
    expect(ofKind('feedState').map(({ state }) => state)).toEqual(['live', 'down', 'live']);
    const [gap] = ofKind('feedGap');
    expect(gap).toMatchObject({ symbol: 'AAPL', problem: null });
    expect(gap!.filled).toBeGreaterThanOrEqual(20);
    expect(asked[0]!.fromMs).toBeLessThanOrEqual(ofKind('trade')[19]!.venueMs!);
  });

  test('survives many cuts in a row without a loss or a double', async () => {
    const { tradeIds } = await begin();
    const all = trades(1, 100);
    for (let cut = 0; cut < 5; cut += 1) {
      tell(all.slice(cut * 20, cut * 20 + 10));
      vendor.cut();
      tell(all.slice(cut * 20 + 10, cut * 20 + 20));
      await comesBack(cut + 2);
    }
    await vi.waitFor(() => expect(tradeIds()).toHaveLength(100), soon);
    expect(tradeIds()).toEqual(ids(1, 100));
  });

  test('drops repeats and puts in order what travels out of order', async () => {
    const { tradeIds, registry } = await begin();
    const all = trades(1, 9);
    vendor.publish(...all.slice(0, 5).toReversed());
    vendor.publish(...all.slice(0, 7));
    vendor.publish(all[8]!, all[7]!);
    await vi.waitFor(() => expect(tradeIds()).toEqual(ids(1, 9)), soon);
    expect(await registry.getSingleMetricAsString('plimsoll_feed_incidents_total')).toMatch(/incident="repeated"} 5/);
  });

  test('tells of an event that came too late for its place, instead of putting it in the wrong one', async () => {
    const { ofKind, tradeIds } = await begin();
    const all = trades(1, 3);
    vendor.publish(all[2]!);
    await vi.waitFor(() => expect(tradeIds()).toEqual(['3']), soon);
    vendor.publish(all[0]!);
    await vi.waitFor(() => expect(ofKind('late')).toMatchObject([{ event: { tradeId: '1' } }]), soon);
    expect(tradeIds()).toEqual(['3']);
  });

  test('asks history for what a frame held that nobody can read', async () => {
    const { ofKind, tradeIds, registry } = await begin();
    const all = trades(1, 4);
    tell(all.slice(0, 1));
    await vi.waitFor(() => expect(tradeIds()).toHaveLength(1), soon);
    tape.push(...all.slice(1, 3));
    vendor.publishText(JSON.stringify(all.slice(1, 3)).slice(0, -20));
    tell(all.slice(3));
    await vi.waitFor(() => expect(tradeIds()).toEqual(ids(1, 4)), soon);
    expect(ofKind('feedGap')).toMatchObject([{ filled: 2, problem: null }]);
    expect(vendor.connectedAtMs).toHaveLength(1);
    vendor.publish({ T: 't', S: 'AAPL' }, { T: 'of a later version' });
    await vi.waitFor(() => expect(ofKind('feedGap').length).toBeGreaterThan(1), soon);
    expect(await registry.getSingleMetricAsString('plimsoll_feed_incidents_total')).toMatch(/incident="unreadable"} 3/);
  });

  test('leaves a half-closed connection and takes another', async () => {
    const { tradeIds } = await begin();
    const all = trades(1, 3);
    tell(all.slice(0, 1));
    await vi.waitFor(() => expect(tradeIds()).toHaveLength(1), soon);
    vendor.freeze();
    tell(all.slice(1, 2));
    await vi.waitFor(() => expect(vendor.subscribers).toBe(1), soon);
    tell(all.slice(2));
    await vi.waitFor(() => expect(tradeIds()).toEqual(ids(1, 3)), soon);
    expect(vendor.connectedAtMs).toHaveLength(2);
  });

  test('tells when a symbol is silent too long and when it speaks again, while the wire lives', async () => {
    const silence = { silenceMaxMs: 300, expects: () => true };
    const { ofKind } = await begin({ rules: { silence }, request: { symbols: ['AAPL', 'MSFT'] } });
    const speaking = setInterval(
      () => vendor.publish(alpacaTrade(Date.now(), { symbol: 'MSFT', atMs: Date.now() })),
      50,
    );
    await vi.waitFor(() => expect(ofKind('feedStale')).toMatchObject([{ symbol: 'AAPL' }]), soon);
    clearInterval(speaking);
    expect(ofKind('feedStale')[0]!.silentMs).toBeGreaterThan(300);
    expect(vendor.connectedAtMs).toHaveLength(1);
    tell(trades(1, 1));
    await vi.waitFor(() => expect(ofKind('feedFresh')).toMatchObject([{ symbol: 'AAPL' }]), soon);
  });

  test('does not ask again where its key is refused', async () => {
    vendor.mood = 'refusesAuth';
    heardFeed = hear(protocol(), {});
    await expect(heardFeed.feed.start()).rejects.toMatchObject({ code: 'FEED_REFUSED' });
    expect(await heardFeed.ended).toMatchObject({
      code: 'FEED_REFUSED',
      message: expect.stringContaining('402 auth failed'),
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(vendor.connectedAtMs).toHaveLength(1);
  });

  test('waits at a limit of connections as long as it waits at all, and comes up after it', async () => {
    vendor.mood = 'connectionLimit';
    heardFeed = hear(protocol(), {});
    const started = heardFeed.feed.start();
    await vi.waitFor(() => expect(vendor.connectedAtMs.length).toBeGreaterThan(2), soon);
    vendor.mood = 'wellBehaved';
    await started;
    const gaps = vendor.connectedAtMs.slice(1).map((atMs, index) => atMs - vendor.connectedAtMs[index]!);
    // The cap of 200 ms, half of it and half of the other half by chance.
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(145);
  });

  test('gives up after the attempts that are allowed, each later than the one before', async () => {
    vendor.mood = 'ignoresSubscriptions';
    const connection = { ...quickRules.connection, liveTimeoutMs: 30 };
    heardFeed = hear(protocol(), { rules: { connection, failuresMax: 5 } });
    await expect(heardFeed.feed.start()).rejects.toMatchObject({ code: 'FEED_UNREACHABLE' });
    expect(vendor.connectedAtMs).toHaveLength(5);
    const gaps = vendor.connectedAtMs.slice(1).map((atMs, index) => atMs - vendor.connectedAtMs[index]!);
    // 30 ms of waiting for the subscription, then 15, 30, 60 and 120 of back-off.
    for (const [index, leastMs] of [40, 55, 85, 145].entries()) expect(gaps[index]).toBeGreaterThanOrEqual(leastMs);
  });

  test('says which gap stays open, and why, where history does not answer', async () => {
    const broken: EventHistory = () => Promise.reject(new Error('the archive is closed'));
    const { ofKind, tradeIds } = await begin({ history: broken });
    const all = trades(1, 3);
    tell(all.slice(0, 1));
    await vi.waitFor(() => expect(tradeIds()).toHaveLength(1), soon);
    vendor.cut();
    await comesBack(2);
    tell(all.slice(2));
    await vi.waitFor(() => expect(tradeIds()).toEqual(['1', '3']), soon);
    expect(ofKind('feedGap')).toMatchObject([{ filled: 0, problem: 'the archive is closed' }]);
  });

  test('carries no depth, and says so', () => {
    const { feed } = hear(protocol(), {});
    const depth = {
      consumer: 'b',
      symbols: ['AAPL'],
      kinds: ['depth' as const],
      quotes: 'every' as const,
      queueEventsMax: 9,
    };
    expect(() => feed.subscribe(depth)).toThrow(expect.objectContaining({ code: 'FEED_REFUSED' }));
  });

  test('measures latency and bounds the difference of clocks by what arrives soonest', async () => {
    const { registry, ofKind } = await begin();
    for (const ageMs of [900, 250, 400]) vendor.publish(alpacaTrade(ageMs, { atMs: Date.now() - ageMs }));
    await vi.waitFor(() => expect(ofKind('trade').length + ofKind('late').length).toBe(3), soon);
    await vi.waitFor(async () => {
      const text = await registry.getSingleMetricAsString('plimsoll_feed_clock_ahead_max_seconds');
      expect(Number(/} (.+)$/m.exec(text)?.[1])).toBeGreaterThanOrEqual(0.25);
      expect(Number(/} (.+)$/m.exec(text)?.[1])).toBeLessThan(0.9);
    }, soon);
    expect(await registry.getSingleMetricAsString('plimsoll_feed_latency_seconds')).toMatch(
      /count\{feed="alpaca-iex",kind="trade"} 3/,
    );
  });
});
