/** One over every whole number from 1 to `length`, at its place: a division a bar is what they save. */
export function reciprocals(length: number): Float64Array {
  return Float64Array.from({ length: length + 1 }, (_, count) => 1 / count);
}
