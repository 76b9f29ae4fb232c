import { readFileSync } from 'node:fs';
import { fitRidge, type RidgeRegression, type RidgeSamples } from '#models/ridgeRegression.ts';
import { defaultFoldPlan, walkForwardFolds, type Fold } from '#pipelines/folds.ts';
import { sessionDate, type SessionDate } from '#domain/sessionDate.ts';
import { rowsOfSpan, type SessionSpan } from '#pipelines/sessionSpan.ts';

/** Shape of the file: the last column of a row is the next day's return. */
export const walkForwardShape = { symbols: 20, days: 2520, columns: 11 } as const;

/** A window that was judged. */
export interface JudgedFold {
  readonly model: RidgeRegression;
  readonly forecasts: Float64Array;
  readonly meanSquaredError: number;
  /** Correlation of forecasts and labels. */
  readonly informationCoefficient: number;
}

const sessions: readonly SessionDate[] = Array.from({ length: walkForwardShape.days }, (_, day) =>
  sessionDate(new Date(Date.UTC(2015, 0, 1 + day)).toISOString().slice(0, 10)),
);

/** Windows of the default plan over the file's days: 106. */
export const benchFolds: readonly Fold[] = walkForwardFolds(sessions, defaultFoldPlan);

/** Shape [symbols][columns][days]: a column a feature, the labels last. */
export type WalkForwardTable = readonly (readonly Float64Array[])[];

/** Features and labels of a file, as 64-bit floats, by column. */
export function readWalkForward(file: string): WalkForwardTable {
  const bytes = readFileSync(file);
  const rows = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const { symbols, days, columns } = walkForwardShape;
  return Array.from({ length: symbols }, (_, symbol) =>
    Array.from({ length: columns }, (__, column) =>
      Float64Array.from({ length: days }, (___, day) => rows[(symbol * days + day) * columns + column]!),
    ),
  );
}

/**
 * Trains ridge regression on a window's past and judges it on its future.
 * @param symbols those pooled into one regression
 */
export function judgeFold(table: WalkForwardTable, symbols: readonly number[], fold: Fold): JudgedFold {
  const model = fitRidge(samplesOf(table, symbols, fold.train), 1);
  const { columns, labels } = samplesOf(table, symbols, fold.test);
  const forecasts = model.predict(columns);
  const meanSquaredError = forecasts.reduce((sum, value, row) => sum + (value - labels[row]!) ** 2, 0) / labels.length;
  return { model, forecasts, meanSquaredError, informationCoefficient: correlationOf(forecasts, labels) };
}

/** Means over windows, as the peer gives them. */
export function judgeAll(table: WalkForwardTable): {
  readonly meanSquaredError: number;
  readonly informationCoefficient: number;
} {
  const symbols = Array.from({ length: walkForwardShape.symbols }, (_, symbol) => symbol);
  const judged = benchFolds.map((fold) => judgeFold(table, symbols, fold));
  const mean = (of: (one: JudgedFold) => number): number =>
    judged.reduce((sum, one) => sum + of(one), 0) / judged.length;
  return {
    meanSquaredError: mean((one) => one.meanSquaredError),
    informationCoefficient: mean((one) => one.informationCoefficient),
  };
}

function samplesOf(table: WalkForwardTable, symbols: readonly number[], span: SessionSpan): RidgeSamples {
  const { first, end } = rowsOfSpan(sessions, span);
  const columns = Array.from({ length: walkForwardShape.columns }, (_, column) => {
    const values = new Float64Array(symbols.length * (end - first));
    for (const [place, symbol] of symbols.entries()) {
      values.set(table[symbol]![column]!.subarray(first, end), place * (end - first));
    }
    return values;
  });
  return { columns: columns.slice(0, -1), labels: columns.at(-1)! };
}

function correlationOf(a: Float64Array, b: Float64Array): number {
  const centre = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ofA, ofB] = [centre(a), centre(b)];
  let [both, squareA, squareB] = [0, 0, 0];
  for (let row = 0; row < a.length; row += 1) {
    const [left, right] = [a[row]! - ofA, b[row]! - ofB];
    both += left * right;
    squareA += left * left;
    squareB += right * right;
  }
  return both / Math.sqrt(squareA * squareB);
}
