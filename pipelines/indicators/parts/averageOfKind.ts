import { DoubleExponentialMovingAverage } from '../averages/doubleExponentialMovingAverage.ts';
import { ExponentialMovingAverage } from '../averages/exponentialMovingAverage.ts';
import { KaufmanAdaptiveMovingAverage } from '../averages/kaufmanAdaptiveMovingAverage.ts';
import { SimpleMovingAverage } from '../averages/simpleMovingAverage.ts';
import { TriangularMovingAverage } from '../averages/triangularMovingAverage.ts';
import { TripleExponentialMovingAverage } from '../averages/tripleExponentialMovingAverage.ts';
import { WeightedMovingAverage } from '../averages/weightedMovingAverage.ts';
import type { ParameterRule } from '../indicator.ts';

/** Anything that turns a number into its average with those before. */
export interface Average {
  /** @returns NaN while numbers are missing */
  next(value: number): number;
}

interface AverageKind {
  readonly begin: (length: number) => Average;
  readonly warmUp: (length: number) => number;
}

const oneLess = (length: number): number => length - 1;

// TA-Lib's numbers: SMA, EMA, WMA, DEMA, TEMA, TRIMA, KAMA.
const kinds: readonly AverageKind[] = [
  { begin: (length) => new SimpleMovingAverage(length), warmUp: oneLess },
  { begin: (length) => new ExponentialMovingAverage(length), warmUp: oneLess },
  { begin: (length) => new WeightedMovingAverage(length), warmUp: oneLess },
  { begin: (length) => new DoubleExponentialMovingAverage(length), warmUp: (length) => 2 * (length - 1) },
  { begin: (length) => new TripleExponentialMovingAverage(length), warmUp: (length) => 3 * (length - 1) },
  { begin: (length) => new TriangularMovingAverage(length), warmUp: oneLess },
  { begin: (length) => new KaufmanAdaptiveMovingAverage(length), warmUp: (length) => length },
];

/** The kind of an average, by TA-Lib's number: 0 SMA, 1 EMA, 2 WMA, 3 DEMA, 4 TEMA, 5 TRIMA, 6 KAMA. */
export function averageKind(usual: number): ParameterRule {
  return { kind: 'whole', default: usual, min: 0, max: kinds.length - 1 };
}

/** An average of a kind; of length 1 it is the number itself. */
export function averageOfKind(kind: number, length: number): Average {
  return kindOf(kind, length).begin(length);
}

/** Numbers that an average of a kind takes before its first value. */
export function averageWarmUp(kind: number, length: number): number {
  return kindOf(kind, length).warmUp(length);
}

function kindOf(kind: number, length: number): AverageKind {
  return kinds[length === 1 ? 0 : kind]!;
}
