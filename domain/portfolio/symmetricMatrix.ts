/** A symmetric matrix of figures between assets, e.g. covariances. */
export interface SymmetricMatrix {
  /** Rows, and columns. */
  readonly size: number;
  /** Shape [size, size], row by row. */
  readonly values: Float64Array;
}

/** The entry of a row and a column; NaN outside the matrix. */
export function entry({ size, values }: SymmetricMatrix, row: number, column: number): number {
  return values[row * size + column] ?? Number.NaN;
}

/** Shape [size]. */
export function diagonal(matrix: SymmetricMatrix): Float64Array {
  return Float64Array.from({ length: matrix.size }, (_, index) => entry(matrix, index, index));
}

/** Every entry times a number. */
export function scaled({ size, values }: SymmetricMatrix, by: number): SymmetricMatrix {
  return { size, values: values.map((value) => value * by) };
}

/** Matrix times vector, shape [size]. */
export function product({ size, values }: SymmetricMatrix, vector: Float64Array): Float64Array {
  const result = new Float64Array(size);
  for (let row = 0; row < size; row += 1) {
    const factor = vector[row]!;
    if (factor === 0) continue;
    const at = row * size;
    // By symmetry a row is a column: weights of zero cost nothing.
    for (let column = 0; column < size; column += 1) result[column]! += factor * values[at + column]!;
  }
  return result;
}

/** Vector times matrix times vector, e.g. the variance of weights. */
export function quadraticForm(matrix: SymmetricMatrix, vector: Float64Array): number {
  return dot(product(matrix, vector), vector);
}

/** Sum of products of two vectors of the same length. */
export function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) sum += left[index]! * right[index]!;
  return sum;
}
