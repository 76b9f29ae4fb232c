import type { ColumnKind, ColumnState } from '../featureKind.ts';
import { bars, columnKind, RowsBefore } from './columnKind.ts';

/**
 * Simple return over a number of rows, a fraction. Unlike an indicator it does not begin anew after a hole: a row without
 * a price takes away the two returns that need it.
 */
function returnState(rows: number): ColumnState {
  const before = new RowsBefore(rows);
  return {
    advance: ([price], [value], { from, to }) => {
      for (let row = from; row < to; row += 1) value![row] = price![row]! / before.exchange(price![row]!) - 1;
    },
  };
}

/** Returns of the price and of the benchmark, fractions. */
export const returnKinds: readonly ColumnKind[] = [
  columnKind({
    name: 'return',
    title: 'Simple return over a number of bars',
    inputs: ['close'],
    parameters: { sessions: bars(1) },
    begin: ({ sessions }) => returnState(sessions!),
  }),
  columnKind({
    name: 'benchmarkReturn',
    title: 'Simple return of the benchmark',
    inputs: ['benchmark'],
    parameters: { sessions: bars(1) },
    begin: ({ sessions }) => returnState(sessions!),
  }),
  columnKind({
    name: 'relativeReturn',
    title: 'Simple return less that of the benchmark',
    inputs: ['close', 'benchmark'],
    parameters: { sessions: bars(1) },
    begin: ({ sessions }) => {
      const own = new RowsBefore(sessions!);
      const market = new RowsBefore(sessions!);
      return {
        advance: ([close, benchmark], [value], { from, to }) => {
          for (let row = from; row < to; row += 1) {
            const ownReturn = close![row]! / own.exchange(close![row]!) - 1;
            value![row] = ownReturn - (benchmark![row]! / market.exchange(benchmark![row]!) - 1);
          }
        },
      };
    },
  }),
];
