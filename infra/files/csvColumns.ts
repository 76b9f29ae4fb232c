import { CsvScan } from './csvScan.ts';

/** What is read of a column: figures, texts, or nothing. */
export type CsvKind = 'figure' | 'text' | 'skip';

/** A comma-separated table by columns. */
export interface CsvColumns {
  readonly header: readonly string[];
  readonly rows: number;
  /** Shape [rows]; NaN where a cell is empty or no figure. */
  readonly figures: ReadonlyMap<string, Float64Array>;
  readonly texts: ReadonlyMap<string, readonly string[]>;
  /** Lines, from 1, with fewer or more cells than the header has; what is missing is NaN or empty. */
  readonly unevenLines: readonly number[];
  /** First line of a column of figures that holds something else, by its header; an empty cell is no such thing. */
  readonly noFigureLines: ReadonlyMap<string, number>;
}

/**
 * Reads a table with a header in one pass over its bytes.
 * @param kindOf what to read of a column, by its header
 */
export function readCsv(bytes: Buffer, kindOf: (header: string) => CsvKind): CsvColumns {
  const scan = new CsvScan(bytes);
  const header = scan.header();
  const capacity = scan.linesLeft();
  const columns = header.map((name) => {
    const kind = kindOf(name);
    return {
      name,
      figures: kind === 'figure' ? new Float64Array(capacity).fill(Number.NaN) : null,
      texts: kind === 'text' ? ([] as string[]) : null,
    };
  });
  const unevenLines: number[] = [];
  const noFigureLines = new Map<string, number>();
  let row = 0;
  while (!scan.ended()) {
    let cells = 0;
    do {
      const column = columns[cells];
      if (column?.figures) {
        column.figures[row] = scan.figure();
        if (scan.refused && !noFigureLines.has(column.name)) noFigureLines.set(column.name, scan.line);
      } else if (column?.texts) column.texts.push(scan.text());
      else scan.skip();
      cells += 1;
    } while (scan.nextCell());
    if (cells !== header.length) {
      unevenLines.push(scan.line);
      for (const { texts } of columns) if (texts && texts.length === row) texts.push('');
    }
    row += 1;
    scan.nextLine();
  }
  return {
    header,
    rows: row,
    figures: new Map(columns.flatMap(({ name, figures }) => (figures ? [[name, figures.subarray(0, row)]] : []))),
    texts: new Map(columns.flatMap(({ name, texts }) => (texts ? [[name, texts]] : []))),
    unevenLines,
    noFigureLines,
  };
}
