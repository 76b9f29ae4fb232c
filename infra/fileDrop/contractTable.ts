import type { DailyBars } from '#domain/bars.ts';
import type { Column, ColumnTable } from '#domain/columnTable.ts';

const figureColumns = [
  ['open', 'open'],
  ['high', 'high'],
  ['low', 'low'],
  ['close', 'close'],
  ['volume', 'volume'],
  ['adjusted_close', 'adjustedClose'],
] as const;

/**
 * Bars in the layout of the format `plimsoll`, unchecked and unchanged: reading the table back gives equal bars. Columns
 * dividend and split_ratio are there when every symbol names its actions; a figure that is none stays absent.
 * @param bars all with actions or all without, as one format gives them; an entry a file or a symbol
 * @throws RangeError when only some have actions
 */
export function contractTable(bars: readonly DailyBars[]): ColumnTable {
  const withActions = bars.filter(({ actions }) => actions).length;
  if (withActions > 0 && withActions < bars.length)
    throw new RangeError('some bars name their actions and some do not');
  const columns: Column[] = [
    { name: 'symbol', type: 'text', values: bars.flatMap(({ symbol, sessions }) => sessions.map(() => symbol)) },
    { name: 'session', type: 'text', values: bars.flatMap(({ sessions }) => sessions) },
    ...figureColumns.map(([name, field]) =>
      double(
        name,
        bars.map((one) => one[field]),
      ),
    ),
  ];
  if (withActions === 0) return columns;
  return [
    ...columns,
    double(
      'dividend',
      bars.map(({ actions }) => actions!.dividend),
    ),
    double(
      'split_ratio',
      bars.map(({ actions }) => actions!.splitRatio),
    ),
  ];
}

function double(name: string, parts: readonly Float64Array[]): Column {
  const values = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part, at);
    at += part.length;
  }
  return { name, type: 'double', values };
}
