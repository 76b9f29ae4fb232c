import { joinRules, type BarRow, type BarTable, type FeatureField, type JoinRule } from './barFields.ts';
import type { BarSpan } from './timeframe.ts';

/** Joins closed bars into longer ones as they come; one for whole histories and for live bars. */
export class BarJoin {
  private readonly fields: readonly FeatureField[];
  private readonly spanOf: (atMs: number) => BarSpan | undefined;
  private span: BarSpan | undefined;
  private figures: Record<string, number> = {};

  constructor(fields: readonly FeatureField[], spanOf: (atMs: number) => BarSpan | undefined) {
    this.fields = fields;
    this.spanOf = spanOf;
  }

  /** The bar that has ended by an instant, though none of its shorter bars ended with it; it is given once. */
  ended(atMs: number): BarRow | undefined {
    if (this.span === undefined || this.span.endMs > atMs) return undefined;
    const row = { ...this.span, figures: this.figures };
    this.span = undefined;
    return row;
  }

  /**
   * Takes the next shorter bar. The longer bar before it must have been taken by `ended`.
   * @returns the longer bar, when this one completes it
   */
  take(row: BarRow): BarRow | undefined {
    const span = this.spanOf(row.startMs);
    if (!span) return undefined;
    if (this.span === undefined) this.figures = {};
    for (const field of this.fields) {
      this.figures[field] = joined(field, this.figures[field] ?? Number.NaN, row.figures[field] ?? Number.NaN);
    }
    this.span = { startMs: span.startMs, endMs: span.endMs };
    return this.ended(row.endMs);
  }
}

/** A bar that lacks a figure adds nothing to it. */
function joined(field: FeatureField, before: number, figure: number): number {
  if (Number.isNaN(figure)) return before;
  if (Number.isNaN(before)) return figure;
  return joins[joinRules[field]](before, figure);
}

const joins: Readonly<Record<JoinRule, (before: number, figure: number) => number>> = {
  first: (before) => before,
  last: (_, figure) => figure,
  highest: (before, figure) => Math.max(before, figure),
  lowest: (before, figure) => Math.min(before, figure),
  sum: (before, figure) => before + figure,
};

/** Longer bars of a whole history, the last only when it has ended with the history. */
export function joinTable(
  table: BarTable,
  fields: readonly FeatureField[],
  spanOf: (atMs: number) => BarSpan | undefined,
): BarTable {
  const join = new BarJoin(fields, spanOf);
  const rows: BarRow[] = [];
  for (let row = 0; row < table.endMs.length; row += 1) {
    const late = join.ended(table.startMs[row]!);
    if (late) rows.push(late);
    const closed = join.take(rowOf(table, row));
    if (closed) rows.push(closed);
  }
  return tableOfRows(rows, fields);
}

/** One row of a table. */
export function rowOf({ startMs, endMs, columns }: BarTable, row: number): BarRow {
  const figures = Object.entries(columns).map(([field, column]) => [field, column[row]!] as const);
  return { startMs: startMs[row]!, endMs: endMs[row]!, figures: Object.fromEntries(figures) };
}

/** Rows as columns of the fields named. */
export function tableOfRows(rows: readonly BarRow[], fields: readonly FeatureField[]): BarTable {
  return {
    startMs: Float64Array.from(rows, ({ startMs }) => startMs),
    endMs: Float64Array.from(rows, ({ endMs }) => endMs),
    columns: Object.fromEntries(
      fields.map((field) => [field, Float64Array.from(rows, ({ figures }) => figures[field] ?? Number.NaN)]),
    ),
  };
}
