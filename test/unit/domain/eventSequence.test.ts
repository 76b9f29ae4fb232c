import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventSequence } from '#domain/eventSequence.ts';
import type { Quote, Trade } from '#domain/marketEvents.ts';

const trade = (atMs: number, tradeId: string | null = String(atMs)): Trade => ({
  kind: 'trade',
  symbol: 'A',
  price: 1,
  size: 1,
  exchange: 'D',
  conditions: [],
  tradeId,
  venueMs: atMs,
  receivedMs: atMs,
});
const sequenceOf = (reorderWindowMs = 10, rememberedMax = 100): EventSequence =>
  new EventSequence({ reorderWindowMs, rememberedMax });

describe("a symbol's sequence", () => {
  test('keeps a quote that came back to what it was, where stamps cannot tell it from a repeated one', () => {
    const quoteAt = (venueMs: number | null, bid: number): Quote => ({
      kind: 'quote',
      symbol: 'A',
      venueMs,
      receivedMs: 1,
      bid,
      bidSize: 1,
      ask: 3,
      askSize: 1,
      exchange: '',
      updateId: null,
    });
    const takenOf = (venueMs: number | null): readonly boolean[] => {
      const sequence = sequenceOf();
      return [1, 2, 1].map((bid) => sequence.take(quoteAt(venueMs, bid), 0));
    };
    expect([takenOf(null), takenOf(5_000), takenOf(5_001)]).toEqual([
      [true, true, true],
      [true, true, true],
      [true, true, false],
    ]);
  });

  test('waits the window for what travels behind, and no longer', () => {
    const sequence = sequenceOf();
    sequence.take(trade(5), 0);
    sequence.take(trade(4), 6);
    expect(sequence.release(9)).toEqual([]);
    // The later event is due, so the earlier one goes before it though it came last.
    expect(sequence.release(10)).toEqual([trade(4), trade(5)]);
    expect(sequence.waitsForTime).toBe(false);
  });

  test('keeps everything while it is held, and puts history before it', () => {
    const sequence = sequenceOf(0);
    sequence.take(trade(1), 0);
    expect(sequence.release(0)).toEqual([trade(1)]);
    sequence.hold();
    sequence.take(trade(4), 1);
    expect(sequence.release(99)).toEqual([]);
    expect(sequence.addHistory([trade(4), trade(3), trade(1), trade(2)], 99)).toBe(2);
    expect(sequence.release(99)).toEqual([trade(2), trade(3), trade(4)]);
  });

  test('of trades without an id takes from history only as many as did not come in', () => {
    const sequence = sequenceOf(0);
    sequence.take(trade(1, null), 0);
    sequence.take(trade(1, null), 0);
    expect(sequence.addHistory([trade(1, null), trade(1, null), trade(1, null)], 0)).toBe(1);
    expect(sequence.release(0)).toHaveLength(3);
  });

  test('knows a trade again whose stamp is told more finely', () => {
    const sequence = sequenceOf(0);
    expect(sequence.take(trade(1_000.75, '7'), 0)).toBe(true);
    expect(sequence.take(trade(1_000, '7'), 0)).toBe(false);
    expect(sequence.take(trade(9_000, '7'), 0)).toBe(true);
  });

  test('takes nothing from history that it may have forgotten', () => {
    const sequence = sequenceOf(0, 2);
    for (let atMs = 1; atMs <= 9; atMs += 1) sequence.take(trade(atMs * 10), 0);
    expect(sequence.release(0)).toHaveLength(9);
    const all = Array.from({ length: 9 }, (_, index) => trade((index + 1) * 10));
    expect(sequence.addHistory([...all, trade(85)], 0)).toBe(1);
    expect(sequence.release(0)).toEqual([{ kind: 'late', event: trade(85) }]);
  });

  test('loses nothing, doubles nothing and keeps the order, whatever the wire does and history supplies', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.record({ id: fc.nat(39), times: fc.integer({ min: 1, max: 2 }), delayMs: fc.nat(30) }), {
          maxLength: 60,
        }),
        (count, wire) => {
          const sequence = sequenceOf();
          const sent = wire.filter(({ id }) => id < count);
          const out = [];
          let nowMs = 0;
          for (const { id, times, delayMs } of sent) {
            nowMs += delayMs;
            for (let time = 0; time < times; time += 1) sequence.take(trade(id), nowMs);
            out.push(...sequence.release(nowMs));
          }
          const all = Array.from({ length: count }, (_, id) => trade(id));
          sequence.hold();
          sequence.addHistory(all, nowMs);
          out.push(...sequence.release(Number.POSITIVE_INFINITY));
          const inPlace = out.flatMap((event) => (event.kind === 'late' ? [] : [event.venueMs ?? 0]));
          expect(inPlace).toEqual(inPlace.toSorted((a, b) => a - b));
          const told = out.map((event) => (event.kind === 'late' ? event.event : event));
          expect(told.toSorted((a, b) => a.venueMs! - b.venueMs!)).toEqual(all);
        },
      ),
    ));
});
