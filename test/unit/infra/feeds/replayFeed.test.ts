import { describe, expect, test } from 'vitest';
import type { FeedRequest } from '#activities/ports/marketFeed.ts';
import type { FeedEvent } from '#domain/feedNotices.ts';
import type { MarketEvent } from '#domain/marketEvents.ts';
import { mergeByArrival } from '#infra/feeds/mergeByArrival.ts';
import { createReplayFeed } from '#infra/feeds/replayFeed.ts';

const band = (symbol: string, receivedMs: number): MarketEvent => ({
  kind: 'priceBand',
  symbol,
  lower: 1,
  upper: 2,
  venueMs: null,
  receivedMs,
});
async function* recorded(events: readonly MarketEvent[]): AsyncGenerator<MarketEvent> {
  for (const event of events) yield await Promise.resolve(event);
}
const request = (changes: Partial<FeedRequest> = {}): FeedRequest => ({
  consumer: 'test',
  symbols: ['*'],
  kinds: ['trades'],
  quotes: 'every',
  queueEventsMax: 2,
  ...changes,
});
const collect = async (stream: AsyncIterable<FeedEvent>): Promise<readonly FeedEvent[]> => {
  const events: FeedEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
};

describe('a replay', () => {
  const events = Array.from({ length: 20 }, (_, index) => band(index % 2 === 0 ? 'A' : 'B', index * 100));

  test('hands every consumer its own symbols, and waits for the slowest: nothing is lost', async () => {
    const feed = createReplayFeed({ name: 'test', events: recorded(events), speed: 'max' });
    const all = feed.subscribe(request());
    const one = feed.subscribe(request({ symbols: ['A'], queueEventsMax: 1 }));
    await feed.start();
    const [first, second] = await Promise.all([collect(all), collect(one)]);
    expect(first).toEqual(events);
    expect(second).toEqual(events.filter((event) => event.symbol === 'A'));
    expect(all.counts).toEqual({ delivered: 20, conflated: 0, lost: 0, waiting: 0 });
  });

  test('hands on a kind to those only who asked for it, and halts and bands to all', async () => {
    const bar = { startMs: 0, lengthMs: 1, open: 1, high: 1, low: 1, close: 1, volume: 1 };
    const mixed: MarketEvent[] = [{ kind: 'bar', symbol: 'A', ...bar, venueMs: 1, receivedMs: 1 }, band('A', 2)];
    const feed = createReplayFeed({ name: 'test', events: recorded(mixed), speed: 'max' });
    const [trades, bars] = [feed.subscribe(request()), feed.subscribe(request({ kinds: ['bars'] }))];
    await feed.start();
    expect(await collect(trades)).toEqual([band('A', 2)]);
    expect(await collect(bars)).toEqual(mixed);
  });

  test('goes on for the others when a consumer leaves', async () => {
    const feed = createReplayFeed({ name: 'test', events: recorded(events), speed: 'max' });
    const [stays, leaves] = [feed.subscribe(request()), feed.subscribe(request())];
    await feed.start();
    for await (const event of leaves) if (event.kind === 'priceBand') break;
    expect(await collect(stays)).toEqual(events);
  });

  test.each([
    [1, [100, 200, 300]],
    [10, [10, 20, 30]],
  ])('at speed %s comes as fast as it was recorded', async (speed, due) => {
    let nowMs = 5_000;
    const waits: number[] = [];
    const pace = {
      nowMs: () => nowMs,
      waitMs: (ms: number) => {
        nowMs += ms;
        waits.push(nowMs - 5_000);
        return Promise.resolve();
      },
    };
    const feed = createReplayFeed({ name: 'test', events: recorded(events.slice(0, 4)), speed, pace });
    const subscription = feed.subscribe(request({ queueEventsMax: 9 }));
    await feed.start();
    expect(await collect(subscription)).toEqual(events.slice(0, 4));
    expect(waits).toEqual(due);
  });

  test.each([0, -1, Number.NaN])('has no speed %s', (speed) =>
    expect(() => createReplayFeed({ name: 'test', events: recorded([]), speed })).toThrow(RangeError),
  );

  test('that cannot read on gives what it read, then the fault', async () => {
    async function* broken(): AsyncGenerator<MarketEvent> {
      yield* recorded(events.slice(0, 1));
      throw new Error('torn');
    }
    const feed = createReplayFeed({ name: 'test', events: broken(), speed: 'max' });
    const subscription = feed.subscribe(request());
    await feed.start();
    const seen: FeedEvent[] = [];
    const reading = (async () => {
      for await (const event of subscription) seen.push(event);
    })();
    await expect(reading).rejects.toThrow('torn');
    expect(seen).toEqual(events.slice(0, 1));
  });

  test('closed while it waits ends at once', async () => {
    const feed = createReplayFeed({ name: 'test', events: recorded([band('A', 0), band('A', 1e9)]), speed: 1 });
    const subscription = feed.subscribe(request());
    await feed.start();
    const reading = collect(subscription);
    await feed.close();
    expect((await reading).length).toBeLessThanOrEqual(1);
  });
});

describe('recordings of the same time', () => {
  test('become one in the order of arrival, the first named before others of the same instant', async () => {
    const merged = mergeByArrival([
      recorded([band('A', 1), band('A', 3), band('A', 3)]),
      recorded([]),
      recorded([band('B', 0), band('B', 3), band('B', 4)]),
    ]);
    const seen = await collect(merged);
    expect(seen.map((event) => 'symbol' in event && [event.symbol, 'receivedMs' in event && event.receivedMs])).toEqual(
      [
        ['B', 0],
        ['A', 1],
        ['A', 3],
        ['A', 3],
        ['B', 3],
        ['B', 4],
      ],
    );
  });
});
