import type { DailyTable } from './dailyTable.ts';
import type { DailyField, DailyFileFormat } from './fileFormats.ts';

/** Figures by meaning, each shape [rows]; NaN where the file has none. */
export interface DailyFigures {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly adjustedClose: Float64Array;
  readonly volume: Float64Array;
  readonly dividend: Float64Array;
  /** Absent where the file has no such column: its prices are adjusted for splits. */
  readonly splitRatio?: Float64Array;
}

/** The figures of a table, with what a vendor tells in its own way put into ours: no dividend is 0, no split is 1. */
export function figuresOf(
  { figures, rows }: DailyTable,
  columns: ReadonlyMap<DailyField, string>,
  { splitLessOne = false, negativeClose = false }: DailyFileFormat,
): DailyFigures {
  const column = (field: DailyField): Float64Array =>
    figures.get(columns.get(field) ?? '') ?? new Float64Array(rows).fill(Number.NaN);
  const close = column('close');
  return {
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: negativeClose ? close.map(Math.abs) : close,
    adjustedClose: column('adjustedClose'),
    volume: column('volume'),
    dividend: column('dividend').map((paid) => (Number.isNaN(paid) ? 0 : paid)),
    ...(columns.has('splitRatio') && {
      splitRatio: column('splitRatio').map((told) => {
        if (Number.isNaN(told)) return 1;
        return splitLessOne ? told + 1 : told;
      }),
    }),
  };
}
