import type { PriceLevel } from '#domain/marketEvents.ts';

/** A row of a book as TWS tells it: what happens at a place of one side. Rows of several makers may share a price. */
export interface DepthRow {
  /** From 0, the best. */
  readonly position: number;
  readonly operation: 'insert' | 'update' | 'delete';
  readonly side: BookSide;
  readonly price: number;
  readonly size: number;
}

/** A side of a book. */
export type BookSide = 'bids' | 'asks';

interface Row {
  readonly price: number;
  readonly size: number;
}

/** A book that TWS tells by the places of its rows, turned into whole sizes by price. */
export class DepthRows {
  readonly #rowsMax: number;
  readonly #rows: Readonly<Record<BookSide, Row[]>> = { bids: [], asks: [] };

  /** @param rowsMax rows of a side that were asked for: what an insert pushes beyond is gone without a word */
  constructor(rowsMax: number) {
    this.#rowsMax = rowsMax;
  }

  /**
   * Levels that a row changed, with the whole size that now stands at each price; 0 for none.
   * @throws RangeError when the row speaks of a place that the book does not have: the book is no longer to be believed
   */
  take({ position, operation, side, price, size }: DepthRow): readonly PriceLevel[] {
    const rows = this.#rows[side];
    // A row that was pushed out before may still be taken back.
    if (operation === 'delete' && position >= this.#rowsMax) return [];
    const places = operation === 'insert' ? rows.length + 1 : rows.length;
    if (position >= places) throw new RangeError(`${operation} at row ${position} of ${rows.length} ${side}`);
    const row = { price, size };
    const before =
      operation === 'insert'
        ? (rows.splice(position, 0, row), rows.splice(this.#rowsMax))
        : rows.splice(position, 1, ...(operation === 'update' ? [row] : []));
    const touched = new Set(before.map((one) => one.price));
    if (operation !== 'delete') touched.add(price);
    return [...touched].map((at) => [at, sizeAt(rows, at)]);
  }
}

function sizeAt(rows: readonly Row[], price: number): number {
  return rows.reduce((sum, row) => (row.price === price ? sum + row.size : sum), 0);
}
