import { z } from 'zod';
import type { DepthSnapshot, DepthUpdate } from '#domain/marketEvents.ts';
import { DepthRows, type DepthRow } from './depthRows.ts';
import { TwsUnreadable } from './twsRequests.ts';

const place = z.int().min(0);
const operations = ['insert', 'update', 'delete'] as const;
const sides = ['asks', 'bids'] as const;
const tail = [z.int().min(0).max(2), z.int().min(0).max(1), z.number().min(0), z.number().min(0)] as const;
/** Request, place, operation, side, price, size. */
const rowSchema = z.tuple([z.number(), place, ...tail], z.unknown());
/** The same with the maker after the place. */
const makerRowSchema = z.tuple([z.number(), place, z.string(), ...tail], z.unknown());

/** Names of messages that hold a row of a book. */
export const depthAnswers: ReadonlySet<string> = new Set(['updateMktDepth', 'updateMktDepthL2']);

/** Counts the events of each symbol's book on, over connections and resets, so that no consumer takes a new one for old. */
export class BookNumbers {
  readonly #last = new Map<string, number>();

  next(symbol: string): number {
    const next = (this.#last.get(symbol) ?? 0) + 1;
    this.#last.set(symbol, next);
    return next;
  }
}

/** One subscription's book as numbered events. The vendor stamps no time of its own. */
export class IbkrBook {
  readonly #symbol: string;
  readonly #numbers: BookNumbers;
  readonly #rows: DepthRows;

  constructor(symbol: string, { rows, numbers }: { readonly rows: number; readonly numbers: BookNumbers }) {
    this.#symbol = symbol;
    this.#numbers = numbers;
    this.#rows = new DepthRows(rows);
  }

  /** The book before its first row: empty. */
  begin(receivedMs: number): DepthSnapshot {
    const lastUpdateId = this.#numbers.next(this.#symbol);
    return { kind: 'depthSnapshot', symbol: this.#symbol, venueMs: null, receivedMs, lastUpdateId, bids: [], asks: [] };
  }

  /**
   * What a message changed; undefined for nothing.
   * @throws TwsUnreadable for a surprise, RangeError when the book is out of step
   */
  take(
    { name, args }: { readonly name: string; readonly args: readonly unknown[] },
    receivedMs: number,
  ): DepthUpdate | undefined {
    const row = rowOf(name, args);
    const levels = this.#rows.take(row);
    if (levels.length === 0) return undefined;
    const id = this.#numbers.next(this.#symbol);
    return {
      kind: 'depthUpdate',
      symbol: this.#symbol,
      venueMs: null,
      receivedMs,
      firstUpdateId: id,
      lastUpdateId: id,
      bids: row.side === 'bids' ? levels : [],
      asks: row.side === 'asks' ? levels : [],
    };
  }
}

function rowOf(name: string, args: readonly unknown[]): DepthRow {
  const read = name === 'updateMktDepth' ? rowSchema.safeParse(args) : makerRowSchema.safeParse(args);
  if (!read.success) throw new TwsUnreadable(`a row of a book: ${z.prettifyError(read.error)}`);
  const [, position, ...rest] = read.data;
  const [operation, side, price, size] = (typeof rest[0] === 'string' ? rest.slice(1) : rest) as number[];
  return { position, operation: operations[operation!]!, side: sides[side!]!, price: price!, size: size! };
}
