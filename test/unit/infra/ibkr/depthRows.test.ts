import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DepthRows, type DepthRow } from '#infra/ibkr/depthRows.ts';

const row = (
  operation: DepthRow['operation'],
  position: number,
  [price, size]: readonly [number, number],
): DepthRow => ({
  operation,
  position,
  side: 'bids',
  price,
  size,
});

describe('rows of a book', () => {
  test('become whole sizes by price, also where several makers share one', () => {
    const book = new DepthRows(10);
    expect(book.take(row('insert', 0, [10, 100]))).toEqual([[10, 100]]);
    expect(book.take(row('insert', 1, [10, 50]))).toEqual([[10, 150]]);
    expect(book.take(row('insert', 2, [9, 70]))).toEqual([[9, 70]]);
    // A row that moves to another price leaves the rest of its old one.
    expect(book.take(row('update', 1, [9, 50]))).toEqual([
      [10, 100],
      [9, 120],
    ]);
    expect(book.take(row('delete', 0, [0, 0]))).toEqual([[10, 0]]);
  });

  test('lose what an insert pushes beyond the rows asked for, and forgive its removal', () => {
    const book = new DepthRows(2);
    for (const price of [8, 9, 10]) book.take(row('insert', 0, [price, 1]));
    expect(book.take(row('insert', 0, [11, 5]))).toEqual([
      [9, 0],
      [11, 5],
    ]);
    expect(book.take(row('delete', 2, [0, 0]))).toEqual([]);
  });

  test.each([
    ['insert', 2],
    ['update', 1],
    ['delete', 1],
  ] as const)('are out of step when %s speaks of row %s of one', (operation, position) => {
    const book = new DepthRows(10);
    book.take(row('insert', 0, [10, 1]));
    expect(() => book.take(row(operation, position, [9, 1]))).toThrow(RangeError);
  });

  test('add up to the sum of the rows by price, whatever happens to them', () => {
    const any = record({
      operation: constantFrom('insert', 'update', 'delete'),
      place: integer({ min: 0, max: 9 }),
      price: integer({ min: 1, max: 5 }),
      size: integer({ min: 1, max: 9 }),
    });
    assert(
      property(array(any, { maxLength: 60 }), (steps) => {
        const book = new DepthRows(4);
        const rows: { price: number; size: number }[] = [];
        const told = new Map<number, number>();
        for (const { operation, place, price, size } of steps) {
          if (operation !== 'insert' && rows.length === 0) continue;
          const position = place % (operation === 'insert' ? rows.length + 1 : rows.length);
          for (const [at, whole] of book.take({ operation, position, side: 'asks', price, size })) told.set(at, whole);
          rows.splice(position, operation === 'insert' ? 0 : 1, ...(operation === 'delete' ? [] : [{ price, size }]));
          rows.splice(4);
          const sums = [1, 2, 3, 4, 5].map((at) =>
            rows.filter((one) => one.price === at).reduce((sum, one) => sum + one.size, 0),
          );
          expect([1, 2, 3, 4, 5].map((at) => told.get(at) ?? 0)).toEqual(sums);
        }
      }),
    );
  });
});
