import { Failure } from '#domain/failure.ts';
import { entry, type SymmetricMatrix } from './symmetricMatrix.ts';

/** A pivot under this part of its diagonal entry is rounding. */
const pivotFractionMin = 1e-13;

/**
 * Cholesky factor of the rows and columns of some variables of a matrix; variables come and go one at a time, each for
 * the square of their number.
 * Source: Golub and Van Loan, "Matrix Computations", section 6.5.
 */
export class FreeFactor {
  /** Variables, in the order of the factor's rows. */
  readonly variables: number[] = [];
  readonly #matrix: SymmetricMatrix;
  /** Rows beside each other, `#stride` apart; grows with the variables. */
  #lower: Float64Array;
  #stride = 32;

  constructor(matrix: SymmetricMatrix) {
    this.#matrix = matrix;
    this.#lower = new Float64Array(this.#stride ** 2);
  }

  /** @throws Failure PORTFOLIO_ILL_CONDITIONED when the variable is all but a combination of the others */
  append(variable: number): void {
    const row = this.variables.length;
    if (row + 1 >= this.#stride) this.#grow();
    const size = this.#stride;
    const column = Float64Array.from(this.variables, (other) => entry(this.#matrix, other, variable));
    this.forward(column);
    const whole = entry(this.#matrix, variable, variable);
    const pivot = column.reduce((rest, value) => rest - value * value, whole);
    if (!(pivot > pivotFractionMin * whole)) {
      throw new Failure('PORTFOLIO_ILL_CONDITIONED', `variable ${variable} adds no risk of its own to the others`, {
        variable,
      });
    }
    this.#lower.set(column, row * size);
    this.#lower[row * size + row] = Math.sqrt(pivot);
    this.variables.push(variable);
  }

  #grow(): void {
    const wider = new Float64Array((2 * this.#stride) ** 2);
    for (let row = 0; row < this.variables.length; row += 1) {
      wider.set(this.#lower.subarray(row * this.#stride, row * this.#stride + row + 1), row * 2 * this.#stride);
    }
    this.#stride *= 2;
    this.#lower = wider;
  }

  /** Takes out the variable of a row of the factor. */
  remove(place: number): void {
    const size = this.#stride;
    const lower = this.#lower;
    this.variables.splice(place, 1);
    const count = this.variables.length;
    const [cosines, sines] = [new Float64Array(count), new Float64Array(count)];
    for (let row = place; row < count; row += 1) {
      const at = row * size;
      // The row below moves up; it reaches one column beyond the diagonal, which rotations bring back.
      lower.copyWithin(at, at + size, at + size + row + 2);
      for (let column = place; column < row; column += 1)
        rotate(lower, at + column, [cosines[column]!, sines[column]!]);
      const [kept, beyond] = [lower[at + row]!, lower[at + row + 1]!];
      const length = Math.hypot(kept, beyond);
      cosines[row] = kept / length;
      sines[row] = beyond / length;
      lower[at + row] = length;
      lower[at + row + 1] = 0;
    }
  }

  /** Solves L y = b in place, shape [free]. */
  forward(right: Float64Array): Float64Array {
    const size = this.#stride;
    const lower = this.#lower;
    for (let row = 0; row < right.length; row += 1) {
      const at = row * size;
      let even = right[row]!;
      let odd = 0;
      let column = 0;
      for (; column + 1 < row; column += 2) {
        even -= lower[at + column]! * right[column]!;
        odd -= lower[at + column + 1]! * right[column + 1]!;
      }
      if (column < row) even -= lower[at + column]! * right[column]!;
      right[row] = (even + odd) / lower[at + row]!;
    }
    return right;
  }

  /** Solves L' x = y in place, shape [free]. */
  backward(right: Float64Array): Float64Array {
    const size = this.#stride;
    const lower = this.#lower;
    for (let row = right.length - 1; row >= 0; row -= 1) {
      const at = row * size;
      const found = right[row]! / lower[at + row]!;
      right[row] = found;
      for (let column = 0; column < row; column += 1) right[column]! -= lower[at + column]! * found;
    }
    return right;
  }
}

function rotate(values: Float64Array, at: number, [cosine, sine]: readonly [number, number]): void {
  const [left, right] = [values[at]!, values[at + 1]!];
  values[at] = cosine * left + sine * right;
  values[at + 1] = cosine * right - sine * left;
}
