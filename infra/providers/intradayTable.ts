import type { ColumnTable } from '#domain/columnTable.ts';
import type { IntradayBars } from '#domain/intradayBars.ts';

const figures = ['open', 'high', 'low', 'close', 'volume'] as const;

/** Bars within sessions as a table: symbol, timestamp (the beginning of the bar, UTC), open, high, low, close, volume. */
export function intradayTable(bars: readonly IntradayBars[]): ColumnTable {
  return [
    { name: 'symbol', type: 'text', values: bars.flatMap(({ symbol, startMs }) => Array.from(startMs, () => symbol)) },
    {
      name: 'timestamp',
      type: 'text',
      values: bars.flatMap(({ startMs }) => Array.from(startMs, (ms) => new Date(ms).toISOString())),
    },
    ...figures.map((name) => ({
      name,
      type: 'double' as const,
      values: Float64Array.from(bars.flatMap((one) => [...one[name]])),
    })),
  ];
}
