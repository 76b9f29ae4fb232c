/**
 * Largest whole number a weight becomes. Seven bits of the eight: processors without VNNI add pairs of products in 16
 * bits, which full-range weights overflow.
 */
const weightMax = 63;

/** A matrix as whole numbers: an element is its number times its column's scale. */
export interface QuantisedMatrix {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/**
 * Rounds a matrix to whole numbers, each column by a scale of its own; zero stays zero.
 * @param values row after row
 */
export function quantiseColumns(values: Float32Array, columns: number): QuantisedMatrix {
  const scales = new Float32Array(columns);
  for (const [at, value] of values.entries()) {
    scales[at % columns] = Math.max(scales[at % columns]!, Math.abs(value) / weightMax);
  }
  // A column of zeros has no size of its own.
  for (const [column, scale] of scales.entries()) if (scale === 0) scales[column] = 1;
  const whole = Int8Array.from(values, (value, at) =>
    Math.max(-weightMax, Math.min(weightMax, Math.round(value / scales[at % columns]!))),
  );
  return { values: whole, scales };
}

/** Rounds a matrix to whole numbers by one scale: recurrences, whose every step is scaled back, take a tenth less. */
export function quantiseWhole(values: Float32Array): QuantisedMatrix {
  return quantiseColumns(values, 1);
}
