import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { crossProducts } from './crossProducts.ts';
import { diagonal, type SymmetricMatrix } from './symmetricMatrix.ts';

/** Eigenvalues with their vectors. */
export interface Eigensystem {
  /** Shape [size]. */
  readonly values: Float64Array;
  /** Shape [size][size]: the vector of each value, of length 1. */
  readonly vectors: readonly Float64Array[];
}

/** Eigenvalues and vectors of a symmetric matrix, in no order. */
export function eigensystem({ size, values }: SymmetricMatrix): Eigensystem {
  const rows = Array.from({ length: size }, (_, row) => values.subarray(row * size, (row + 1) * size));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    new Matrix(rows.map((row) => Array.from(row))),
    { assumeSymmetric: true },
  );
  return {
    values: Float64Array.from(realEigenvalues),
    vectors: Array.from({ length: size }, (_, column) => Float64Array.from(eigenvectorMatrix.getColumn(column))),
  };
}

/** The matrix of other eigenvalues, none negative, and the same vectors. */
export function recomposed({ vectors }: Eigensystem, values: Float64Array): SymmetricMatrix {
  const size = vectors.length;
  const roots = values.map(Math.sqrt);
  const rows = Array.from({ length: size }, (_, row) =>
    Float64Array.from(vectors, (vector, place) => vector[row]! * roots[place]!),
  );
  return crossProducts(rows);
}

/** Correlations of covariances with their deviations, shape [size]; every variance must be positive. */
export function correlations(covariance: SymmetricMatrix): {
  readonly matrix: SymmetricMatrix;
  readonly deviations: Float64Array;
} {
  const { size, values } = covariance;
  const deviations = diagonal(covariance).map(Math.sqrt);
  const matrix = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const place = row * size + column;
      matrix[place] = row === column ? 1 : values[place]! / (deviations[row]! * deviations[column]!);
    }
  }
  return { matrix: { size, values: matrix }, deviations };
}

/** Covariances with these deviations and the correlations of a matrix, whatever scale its diagonal has. */
export function withDeviations(matrix: SymmetricMatrix, deviations: Float64Array): SymmetricMatrix {
  const { size } = matrix;
  const scale = diagonal(matrix).map((value, index) => deviations[index]! / Math.sqrt(value));
  const values = matrix.values.map((value, place) => {
    const [row, column] = [Math.floor(place / size), place % size];
    return row === column ? deviations[row]! ** 2 : value * scale[row]! * scale[column]!;
  });
  return { size, values };
}
