/** Samples by column. */
export interface RidgeSamples {
  /** Shape [features][samples]. */
  readonly columns: readonly Float64Array[];
  /** Shape [samples]. */
  readonly labels: Float64Array;
}

/** A straight line through standardised features. */
export interface RidgeRegression {
  /** Shape [features], of features brought to mean 0 and deviation 1 over the training samples. */
  readonly coefficients: Float64Array;
  /** Mean of the training labels. */
  readonly intercept: number;
  /** Forecasts of samples by column. @returns shape [samples] */
  readonly predict: (columns: readonly Float64Array[]) => Float64Array;
}

/**
 * Ridge regression (Hoerl and Kennard 1970) on standardised features, the intercept not penalised: the normal equations,
 * solved by Cholesky. Features that do not vary count for nothing.
 * @param penalty added to the diagonal, over 0
 * @throws RangeError for no samples, columns of another length than the labels, or a penalty that is not positive
 */
export function fitRidge({ columns, labels }: RidgeSamples, penalty: number): RidgeRegression {
  const samples = labels.length;
  const features = columns.length;
  if (samples === 0 || !(penalty > 0) || columns.some((column) => column.length !== samples)) {
    throw new RangeError(`no regression of ${samples} labels on ${features} columns under a penalty of ${penalty}`);
  }
  const centres = Float64Array.from(columns, meanOf);
  const intercept = meanOf(labels);
  const centred = columns.map((column, feature) => lessened(column, centres[feature]!));
  const centredLabels = lessened(labels, intercept);
  const scales = Float64Array.from(centred, (column) => Math.sqrt(productOf(column, column) / samples) || 1);
  const products = new Float64Array(features * features);
  const withLabels = new Float64Array(features);
  for (let row = 0; row < features; row += 1) {
    withLabels[row] = productOf(centred[row]!, centredLabels) / scales[row]!;
    for (let column = 0; column <= row; column += 1) {
      products[row * features + column] = productOf(centred[row]!, centred[column]!) / (scales[row]! * scales[column]!);
    }
    products[row * features + row]! += penalty;
  }
  const coefficients = solveCholesky(products, withLabels);
  // Standardising and the regression in one line.
  const slopes = coefficients.map((coefficient, feature) => coefficient / scales[feature]!);
  const offset = intercept - productOf(slopes, centres);
  return { coefficients, intercept, predict: (given) => forecasts(given, slopes, offset) };
}

function meanOf(values: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < values.length; row += 1) sum += values[row]!;
  return sum / values.length;
}

function lessened(values: Float64Array, by: number): Float64Array {
  const less = new Float64Array(values.length);
  for (let row = 0; row < values.length; row += 1) less[row] = values[row]! - by;
  return less;
}

/** Sum of products, four sums at a time: one would wait for itself at every step. */
function productOf(a: Float64Array, b: Float64Array): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  const whole = a.length - (a.length % 4);
  for (let row = 0; row < whole; row += 4) {
    first += a[row]! * b[row]!;
    second += a[row + 1]! * b[row + 1]!;
    third += a[row + 2]! * b[row + 2]!;
    fourth += a[row + 3]! * b[row + 3]!;
  }
  for (let row = whole; row < a.length; row += 1) first += a[row]! * b[row]!;
  return first + second + third + fourth;
}

/** Solves a symmetric positive definite system given by its lower triangle, which is overwritten. */
function solveCholesky(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const solved = right.slice();
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let rest = matrix[row * size + column]!;
      for (let k = 0; k < column; k += 1) rest -= matrix[row * size + k]! * matrix[column * size + k]!;
      matrix[row * size + column] = row === column ? Math.sqrt(rest) : rest / matrix[column * size + column]!;
    }
    for (let k = 0; k < row; k += 1) solved[row]! -= matrix[row * size + k]! * solved[k]!;
    solved[row]! /= matrix[row * size + row]!;
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    for (let k = row + 1; k < size; k += 1) solved[row]! -= matrix[k * size + row]! * solved[k]!;
    solved[row]! /= matrix[row * size + row]!;
  }
  return solved;
}

function forecasts(columns: readonly Float64Array[], slopes: Float64Array, offset: number): Float64Array {
  const answers = new Float64Array(columns[0]!.length).fill(offset);
  for (const [feature, column] of columns.entries()) {
    const slope = slopes[feature]!;
    for (let sample = 0; sample < answers.length; sample += 1) answers[sample]! += slope * column[sample]!;
  }
  return answers;
}
