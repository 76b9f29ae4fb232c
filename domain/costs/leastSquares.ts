/** A linear relation fitted by least squares. */
export interface FittedRelation {
  /** Shape [columns], in the order of the columns given. */
  readonly coefficients: readonly number[];
  /** Shape [columns], robust to a spread of the errors that changes (White 1980, with the factor n / (n - k)). */
  readonly standardErrors: readonly number[];
  /** Part of the target's variation about its mean that is explained; 0 where the target does not vary. */
  readonly rSquared: number;
  /** Square root of the squared errors over observations less columns. */
  readonly residualStandardDeviation: number;
  readonly observations: number;
}

/**
 * Ordinary least squares on a few columns, by Gram-Schmidt orthogonalisation carried out twice, which keeps what normal
 * equations lose.
 * Source: White, A Heteroskedasticity-Consistent Covariance Matrix Estimator, Econometrica 48 (1980).
 * @param columns shape [columns][observations]; a constant is one of them where it is wanted
 * @param target shape [observations]
 * @returns undefined where the columns do not determine the coefficients: no more observations than columns, or a column
 *   that follows from the others
 * @throws RangeError when lengths differ or a figure is not finite
 */
export function leastSquares(
  columns: readonly (readonly number[])[],
  target: readonly number[],
): FittedRelation | undefined {
  const count = target.length;
  if (columns.some((column) => column.length !== count)) throw new RangeError('columns and target differ in length');
  if (![target, ...columns].every((values) => values.every(Number.isFinite))) {
    throw new RangeError('a figure to fit is not finite');
  }
  if (count <= columns.length) return undefined;
  const factored = orthogonalised(columns);
  if (factored === undefined) return undefined;
  const { basis, inverse } = factored;
  const projected = basis.map((direction) => dot(direction, target));
  const coefficients = inverse.map((row) => dot(row, projected));
  const errors = target.map((value, at) => value - sumOf(columns.map((column, k) => column[at]! * coefficients[k]!)));
  const freedom = count - columns.length;
  const squares = dot(errors, errors);
  const mean = sumOf(target) / count;
  const variation = sumOf(target.map((value) => (value - mean) ** 2));
  return {
    coefficients,
    standardErrors: inverse.map((row) => {
      // Weight of each observation in the coefficient.
      const weights = errors.map((_, at) => sumOf(row.map((part, k) => part * basis[k]![at]!)));
      return Math.sqrt((sumOf(weights.map((weight, at) => (weight * errors[at]!) ** 2)) * count) / freedom);
    }),
    rSquared: variation === 0 ? 0 : 1 - squares / variation,
    residualStandardDeviation: Math.sqrt(squares / freedom),
    observations: count,
  };
}

interface Orthogonalised {
  /** Shape [columns][observations], orthonormal. */
  readonly basis: readonly (readonly number[])[];
  /** Shape [columns][columns]: a coefficient from what the target has of each direction. */
  readonly inverse: readonly (readonly number[])[];
}

const dependentBelow = 1e-10;

function orthogonalised(columns: readonly (readonly number[])[]): Orthogonalised | undefined {
  const basis: (readonly number[])[] = [];
  // Shape [columns][columns], upper triangle: the columns in terms of the basis.
  const triangle = columns.map(() => columns.map(() => 0));
  for (const [k, column] of columns.entries()) {
    let rest = column;
    for (const _ of [1, 2]) {
      for (const [j, direction] of basis.entries()) {
        const part = dot(direction, rest);
        triangle[j]![k]! += part;
        rest = rest.map((value, at) => value - part * direction[at]!);
      }
    }
    const length = Math.sqrt(dot(rest, rest));
    if (!(length > dependentBelow * Math.sqrt(dot(column, column)))) return undefined;
    triangle[k]![k] = length;
    basis.push(rest.map((value) => value / length));
  }
  return { basis, inverse: inverseOfTriangle(triangle) };
}

function inverseOfTriangle(triangle: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const size = triangle.length;
  const inverse = triangle.map(() => triangle.map(() => 0));
  for (let column = 0; column < size; column += 1) {
    inverse[column]![column] = 1 / triangle[column]![column]!;
    for (let row = column - 1; row >= 0; row -= 1) {
      let sum = 0;
      for (let k = row + 1; k <= column; k += 1) sum += triangle[row]![k]! * inverse[k]![column]!;
      inverse[row]![column] = -sum / triangle[row]![row]!;
    }
  }
  return inverse;
}

function dot(first: readonly number[], second: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < first.length; at += 1) sum += first[at]! * second[at]!;
  return sum;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
