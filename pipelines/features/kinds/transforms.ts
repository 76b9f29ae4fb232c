import { Deviation } from '../../indicators/parts/deviation.ts';
import type { ColumnKind } from '../featureKind.ts';
import { bars, columnKind, RowsBefore, stateOfRow } from './columnKind.ts';

/** Features made of other features or of figures of bars. */
export const transformKinds: readonly ColumnKind[] = [
  columnKind({
    name: 'difference',
    title: 'The first input less the second',
    inputs: [],
    inputsMin: 2,
    parameters: {},
    begin: () => stateOfRow((row) => row[0]! - row[1]!),
  }),
  columnKind({
    name: 'ratio',
    title: 'The first input over the second; none over nothing',
    inputs: [],
    inputsMin: 2,
    parameters: {},
    begin: () => stateOfRow((row) => (row[1] === 0 ? Number.NaN : row[0]! / row[1]!)),
  }),
  columnKind({
    name: 'lag',
    title: 'The input some rows before',
    inputs: [],
    inputsMin: 1,
    parameters: { rows: bars(1) },
    begin: ({ rows }) => {
      const before = new RowsBefore(rows!);
      return stateOfRow((row) => before.exchange(row[0]!));
    },
  }),
  columnKind({
    name: 'zScore',
    title: 'Distance of the input from its mean in standard deviations; 0 where nothing deviates',
    inputs: [],
    inputsMin: 1,
    parameters: { period: bars(2) },
    begin: ({ period }) => {
      let deviation = new Deviation(period!);
      return stateOfRow((row) => {
        const value = row[0]!;
        if (!Number.isFinite(value)) {
          // As an indicator does, it begins anew after a hole.
          deviation = new Deviation(period!);
          return Number.NaN;
        }
        deviation.next(value);
        return deviation.variance === 0 ? 0 : (value - deviation.mean) / Math.sqrt(deviation.variance);
      });
    },
  }),
];
