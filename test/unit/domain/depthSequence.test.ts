import { describe, expect, it } from 'vitest';
import { createSequencedBook } from '#domain/depthSequence.ts';
import type { DepthSnapshot, DepthUpdate, PriceLevel } from '#domain/marketEvents.ts';

const common = { symbol: 'AAPL', venueMs: null, receivedMs: 0 };
const snapshot = (lastUpdateId: number, bids: readonly PriceLevel[]): DepthSnapshot => ({
  kind: 'depthSnapshot',
  ...common,
  lastUpdateId,
  bids,
  asks: [],
});
const update = (firstUpdateId: number, lastUpdateId: number, bids: readonly PriceLevel[]): DepthUpdate => ({
  kind: 'depthUpdate',
  ...common,
  firstUpdateId,
  lastUpdateId,
  bids,
  asks: [],
});

describe('a book in step with a numbered stream', () => {
  it('keeps updates that precede the snapshot, drops those it holds and applies the rest in order', () => {
    const book = createSequencedBook();
    expect(book.take(update(1, 4, [[9, 1]]))).toEqual([{ kind: 'buffered' }]);
    expect(book.take(update(5, 7, [[10, 7]]))).toEqual([{ kind: 'buffered' }]);
    expect(book.take(update(8, 8, [[11, 8]]))).toEqual([{ kind: 'buffered' }]);
    expect(book.synchronised).toBe(false);
    expect(book.take(snapshot(5, [[10, 5]]))).toEqual([
      { kind: 'applied', lastUpdateId: 5, best: { bid: [10, 5], ask: null } },
      { kind: 'stale' },
      { kind: 'applied', lastUpdateId: 7, best: { bid: [10, 7], ask: null } },
      { kind: 'applied', lastUpdateId: 8, best: { bid: [11, 8], ask: null } },
    ]);
    expect(book.synchronised).toBe(true);
  });

  it('stops being believed at a gap, names what is missing, and recovers with the next snapshot', () => {
    const book = createSequencedBook();
    book.take(snapshot(5, [[10, 5]]));
    expect(book.take(update(8, 9, [[12, 1]]))).toEqual([{ kind: 'gap', expectedId: 6, firstUpdateId: 8 }]);
    expect(book.synchronised).toBe(false);
    expect(book.take(update(10, 10, [[13, 1]]))).toEqual([{ kind: 'buffered' }]);
    expect(book.book.best().bid).toEqual([10, 5]);
    book.take(snapshot(8, [[11, 2]]));
    expect(book.synchronised).toBe(true);
    expect(book.lastUpdateId).toBe(10);
    expect(book.book.levels('bid', 9)).toEqual([
      [13, 1],
      [12, 1],
      [11, 2],
    ]);
  });

  it('stays out of step when the snapshot is older than the gap', () => {
    const book = createSequencedBook();
    book.take(update(9, 9, [[12, 1]]));
    expect(book.take(snapshot(5, [])).map(({ kind }) => kind)).toEqual(['applied', 'gap']);
    expect(book.synchronised).toBe(false);
  });

  it('takes what is repeated once, and a part sent again without harm', () => {
    const book = createSequencedBook();
    book.take(snapshot(5, []));
    book.take(update(6, 7, [[10, 7]]));
    expect(book.take(update(6, 7, [[10, 7]]))).toEqual([{ kind: 'stale' }]);
    expect(book.take(update(7, 8, [[10, 8]]))).toMatchObject([{ kind: 'applied', lastUpdateId: 8 }]);
  });

  it('is not taken back by a snapshot that comes late', () => {
    const book = createSequencedBook();
    book.take(snapshot(5, []));
    book.take(update(6, 7, [[10, 7]]));
    expect(book.take(snapshot(6, [[1, 1]]))).toEqual([{ kind: 'stale' }]);
    expect(book.book.best().bid).toEqual([10, 7]);
  });

  it('holds a bounded number of updates while it waits', () => {
    const book = createSequencedBook();
    for (let id = 1; id <= 7_000; id += 1) book.take(update(id, id, [[id, 1]]));
    expect(book.take(snapshot(1_000, [])).length).toBeLessThanOrEqual(6_001);
  });
});
