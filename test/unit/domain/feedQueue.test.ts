import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FeedEvent } from '#domain/feedNotices.ts';
import { FeedQueue } from '#domain/feedQueue.ts';
import type { Quote, Trade } from '#domain/marketEvents.ts';

const quote = (symbol: string, atMs: number): Quote => ({
  kind: 'quote',
  symbol,
  bid: 1,
  bidSize: 1,
  ask: 2,
  askSize: 1,
  exchange: '',
  updateId: null,
  venueMs: atMs,
  receivedMs: atMs,
});
const trade = (symbol: string, atMs: number): Trade => ({
  kind: 'trade',
  symbol,
  price: 1,
  size: 1,
  exchange: '',
  conditions: [],
  tradeId: String(atMs),
  venueMs: atMs,
  receivedMs: atMs,
});
const drained = (queue: FeedQueue): readonly FeedEvent[] => {
  const events: FeedEvent[] = [];
  for (let event = queue.take(); event; event = queue.take()) events.push(event);
  return events;
};
const queueOf = (eventsMax: number, quotes: 'every' | 'latest', events: readonly FeedEvent[]): FeedQueue => {
  const queue = new FeedQueue({ eventsMax, quotes });
  for (const event of events) queue.push(event, 0);
  return queue;
};

describe("a consumer's queue", () => {
  test('replaces a waiting quote by the newest of its symbol, which comes after what came before it', () => {
    const queue = queueOf(9, 'latest', [quote('A', 1), quote('B', 2), trade('A', 3), quote('A', 4), quote('A', 5)]);
    expect(queue.counts).toEqual({ taken: 0, conflated: 2, lost: 0, waiting: 3 });
    expect(drained(queue)).toEqual([quote('B', 2), trade('A', 3), quote('A', 5)]);
    expect(queue.counts).toMatchObject({ taken: 3, waiting: 0 });
  });

  test('keeps every quote where each counts', () =>
    expect(drained(queueOf(9, 'every', [quote('A', 1), quote('A', 2)]))).toEqual([quote('A', 1), quote('A', 2)]));

  test('tells of trades lost at its bound where they are missing', () => {
    const queue = queueOf(2, 'latest', [trade('A', 1), trade('A', 2), trade('A', 3), quote('A', 4), trade('A', 5)]);
    expect(queue.take()).toEqual(trade('A', 1));
    queue.push(trade('A', 6), 0);
    expect(drained(queue)).toEqual([
      trade('A', 2),
      { kind: 'eventsLost', events: 2, fromMs: 3, toMs: 5 },
      quote('A', 4),
      trade('A', 6),
    ]);
    expect(queue.counts).toEqual({ taken: 4, conflated: 0, lost: 2, waiting: 0 });
  });

  test.each([0, -1, 1.5, Number.NaN])('cannot be bounded by %s', (eventsMax) =>
    expect(() => new FeedQueue({ eventsMax, quotes: 'every' })).toThrow(RangeError),
  );

  test('holds what it may and no more, however long nobody takes', () => {
    const queue = new FeedQueue({ eventsMax: 100, quotes: 'latest' });
    for (let atMs = 0; atMs < 200_000; atMs += 1) queue.push(atMs % 2 === 0 ? quote('A', atMs) : trade('A', atMs), 0);
    expect(queue.counts).toEqual({ taken: 0, conflated: 99_999, lost: 99_900, waiting: 101 });
    expect(drained(queue)).toHaveLength(102);
  });

  const step = fc.oneof(
    fc.record({ kind: fc.constant('quote' as const), symbol: fc.constantFrom('A', 'B', 'C') }),
    fc.record({ kind: fc.constant('trade' as const), symbol: fc.constantFrom('A', 'B', 'C') }),
    fc.record({ kind: fc.constant('take' as const), symbol: fc.constant('') }),
  );
  test('accounts for every event, keeps the order and the newest quote, whatever comes and goes', () =>
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 200 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom('every' as const, 'latest' as const),
        (steps, eventsMax, quotes) => {
          const queue = new FeedQueue({ eventsMax, quotes });
          const out: FeedEvent[] = [];
          const newest = new Map<string, number>();
          let pushed = 0;
          for (const [atMs, { kind, symbol }] of steps.entries()) {
            if (kind === 'take') {
              const event = queue.take();
              if (event) out.push(event);
              continue;
            }
            pushed += 1;
            if (kind === 'quote') newest.set(symbol, atMs);
            queue.push(kind === 'quote' ? quote(symbol, atMs) : trade(symbol, atMs), 0);
          }
          out.push(...drained(queue));
          const { taken, conflated, lost, waiting } = queue.counts;
          expect(taken + conflated + lost).toBe(pushed);
          expect(waiting).toBe(0);
          const told = out.flatMap((event) => (event.kind === 'eventsLost' ? [event.events] : []));
          expect(told.reduce((sum, events) => sum + events, 0)).toBe(lost);
          const stamps = out.flatMap((event) => ('receivedMs' in event ? [event.receivedMs] : []));
          expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
          const expected = quotes === 'latest' ? [...newest].map(([symbol, atMs]) => quote(symbol, atMs)) : [];
          expect(out).toEqual(expect.arrayContaining(expected));
          expect(quotes === 'every' ? conflated : 0).toBe(0);
        },
      ),
    ));
});
