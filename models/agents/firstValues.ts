import { sizeOf } from '../graph/shape.ts';
import type { RandomSource } from '../randomSource.ts';
import type { ParameterPlace } from './perceptron.ts';

/** Uniform between plus and minus one over the root of the layer's inputs (LeCun et al. 1998; PyTorch's default). */
export function uniformByInputs({ shape, fanIn }: ParameterPlace, random: RandomSource): Float32Array {
  const limit = 1 / Math.sqrt(fanIn);
  return Float32Array.from({ length: sizeOf(shape) }, () => (2 * random.uniform() - 1) * limit);
}

/**
 * Orthogonal rows or columns, whichever are fewer, times a gain (Saxe et al. 2014); zeros for a bias.
 * @returns shape as the parameter's, row by row
 */
export function orthogonal({ shape }: ParameterPlace, gain: number, random: RandomSource): Float32Array {
  const [rows = 0, columns] = shape;
  if (columns === undefined) return new Float32Array(rows);
  const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
  const vectors: Float64Array[] = [];
  while (vectors.length < count) {
    const vector = Float64Array.from(random.fillNormal(new Float32Array(length)));
    // Twice: once leaves what rounding lost (Giraud et al. 2005).
    for (const earlier of [...vectors, ...vectors]) subtractShadow(vector, earlier);
    const norm = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((value) => value / norm));
  }
  return Float32Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    return gain * (rows < columns ? vectors[row]![column]! : vectors[column]![row]!);
  });
}

function subtractShadow(vector: Float64Array, onto: Float64Array): void {
  const length = dot(vector, onto);
  for (let at = 0; at < vector.length; at += 1) vector[at]! -= length * onto[at]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += a[at]! * b[at]!;
  return sum;
}
