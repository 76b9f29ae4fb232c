import { array, assert, constantFrom, nat, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOrderBook } from '#domain/orderBook.ts';

describe('an order book', () => {
  it('holds on each side what a plain map would, best first, after any changes', () => {
    const change = tuple(constantFrom('bid' as const, 'ask' as const), nat(40), nat(3));
    assert(
      property(array(change, { maxLength: 200 }), (changes) => {
        const book = createOrderBook();
        const plain = { bid: new Map<number, number>(), ask: new Map<number, number>() };
        for (const [side, price, size] of changes) {
          book.set(side, [price, size]);
          if (size === 0) plain[side].delete(price);
          else plain[side].set(price, size);
        }
        const bids = [...plain.bid].toSorted(([a], [b]) => b - a);
        const asks = [...plain.ask].toSorted(([a], [b]) => a - b);
        expect(book.levels('bid', 100)).toEqual(bids);
        expect(book.levels('ask', 100)).toEqual(asks);
        expect(book.best()).toEqual({ bid: bids[0] ?? null, ask: asks[0] ?? null });
        expect(book.levels('bid', 2)).toEqual(bids.slice(0, 2));
      }),
    );
  });

  it('is empty once cleared', () => {
    const book = createOrderBook();
    book.set('bid', [10, 1]);
    book.clear();
    expect(book.best()).toEqual({ bid: null, ask: null });
  });
});
