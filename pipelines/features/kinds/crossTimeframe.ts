import type { ColumnKind, ColumnState, FeatureParameterRule } from '../featureKind.ts';
import { bars, columnKind, stateOfRow } from './columnKind.ts';

const level: FeatureParameterRule = { kind: 'real', min: -1e12, max: 1e12, default: 0 };

function agreement(row: Float64Array, from: number): number {
  let signs = 0;
  for (const value of row) signs += Math.sign(value - from);
  return signs / row.length;
}

/** Rank of the newest of the last values among them, 0 to 1, ties counting half; NaN while one is missing. */
class RollingRank {
  private readonly kept: Float64Array;
  private at = 0;
  private missing: number;

  constructor(length: number) {
    this.kept = new Float64Array(length);
    this.missing = length;
  }

  next(value: number): number {
    if (Number.isNaN(value)) return Number.NaN;
    this.kept[this.at] = value;
    this.at = this.at + 1 === this.kept.length ? 0 : this.at + 1;
    if (this.missing > 0) this.missing -= 1;
    if (this.missing > 0) return Number.NaN;
    let lower = 0;
    let equal = 0;
    for (const other of this.kept) {
      if (other < value) lower += 1;
      else if (other === value) equal += 1;
    }
    return (lower + equal / 2) / this.kept.length;
  }
}

/** The first input is volatility, the others are one measure from the shortest timeframe to the longest. */
function adaptive(lookBack: number, inputs: number): ColumnState {
  const rank = new RollingRank(lookBack);
  const choices = inputs - 1;
  return stateOfRow((row) => {
    const calm = 1 - rank.next(row[0]!);
    return Number.isNaN(calm) ? Number.NaN : row[1 + Math.min(choices - 1, Math.floor(calm * choices))]!;
  });
}

/** Features made of the same measure in several timeframes. */
export const crossTimeframeKinds: readonly ColumnKind[] = [
  columnKind({
    name: 'agreement',
    title: 'Share of the inputs over a level less the share under it, -1 to 1',
    inputs: [],
    inputsMin: 2,
    parameters: { level },
    begin: (parameters) => stateOfRow((row) => agreement(row, parameters.level!)),
  }),
  columnKind({
    name: 'confirmed',
    title: 'The first input, where every other lies on its side of a level; else that level',
    inputs: [],
    inputsMin: 2,
    parameters: { level },
    begin: (parameters) =>
      stateOfRow((row) => {
        const together = agreement(row, parameters.level!);
        if (Number.isNaN(together)) return Number.NaN;
        return Math.abs(together) === 1 ? row[0]! : parameters.level!;
      }),
  }),
  columnKind({
    name: 'adaptive',
    title: 'One measure in the timeframe that volatility asks for: the wilder the market, the shorter',
    inputs: [],
    inputsMin: 3,
    parameters: { lookBack: bars(2) },
    begin: ({ lookBack }, inputs) => adaptive(lookBack!, inputs),
  }),
];
