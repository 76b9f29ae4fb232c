import type { SymmetricMatrix } from './symmetricMatrix.ts';

/** Lower triangle L of a positive definite matrix A = L L', shape [size, size] row by row; zero above the diagonal. */
export interface CholeskyFactor {
  readonly size: number;
  readonly lower: Float64Array;
}

/**
 * Factor of a matrix, or nothing where it is not positive definite.
 * @param pivotFraction least square of a diagonal entry of the factor, as a part of the matrix's own: smaller ones are
 *   taken for rounding of zero
 */
export function choleskyFactor(
  { size, values }: SymmetricMatrix,
  pivotFraction: number = 1e-14,
): CholeskyFactor | undefined {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    const at = row * size;
    for (let column = 0; column < row; column += 1) {
      const rest = values[at + column]! - rowsProduct(lower, { left: at, right: column * size, length: column });
      lower[at + column] = rest / lower[column * size + column]!;
    }
    const whole = values[at + row]!;
    const pivot = whole - rowsProduct(lower, { left: at, right: at, length: row });
    if (!(pivot > pivotFraction * whole)) return undefined;
    lower[at + row] = Math.sqrt(pivot);
  }
  return { size, lower };
}

/** x of A x = b, shape [size], by the factor of A. */
export function choleskySolve({ size, lower }: CholeskyFactor, right: Float64Array): Float64Array {
  const solution = right.slice();
  for (let row = 0; row < size; row += 1) {
    let sum = solution[row]!;
    for (let column = 0; column < row; column += 1) sum -= lower[row * size + column]! * solution[column]!;
    solution[row] = sum / lower[row * size + row]!;
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    const found = solution[row]! / lower[row * size + row]!;
    solution[row] = found;
    for (let column = 0; column < row; column += 1) solution[column]! -= lower[row * size + column]! * found;
  }
  return solution;
}

// Four sums at once: additions need not wait for each other.
function rowsProduct(
  lower: Float64Array,
  { left, right, length }: { readonly left: number; readonly right: number; readonly length: number },
): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  let index = 0;
  for (; index + 3 < length; index += 4) {
    first += lower[left + index]! * lower[right + index]!;
    second += lower[left + index + 1]! * lower[right + index + 1]!;
    third += lower[left + index + 2]! * lower[right + index + 2]!;
    fourth += lower[left + index + 3]! * lower[right + index + 3]!;
  }
  for (; index < length; index += 1) first += lower[left + index]! * lower[right + index]!;
  return first + second + (third + fourth);
}
