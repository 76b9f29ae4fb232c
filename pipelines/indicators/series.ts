/** Columns of high, low and close, equal in length, oldest first. */
export interface HighLowClose {
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

/** High, low, close and traded volume, equal in length, oldest first. */
export interface HighLowCloseVolume extends HighLowClose {
  readonly volume: Float64Array;
}

/** A column of NaN: an indicator's rows before it has seen enough. */
export function warmingUp(length: number): Float64Array {
  return new Float64Array(length).fill(Number.NaN);
}

/**
 * Refuses a look-back that is no whole number of at least `min`.
 * @throws RangeError naming the period
 */
export function checkPeriod(period: number, min = 1): void {
  if (!Number.isSafeInteger(period) || period < min) {
    throw new RangeError(`a period must be a whole number of at least ${min}, not ${period}`);
  }
}

/**
 * Refuses columns of different lengths.
 * @throws RangeError naming the lengths
 */
export function checkEqualLengths(...columns: readonly Float64Array[]): void {
  const lengths = new Set(columns.map((column) => column.length));
  if (lengths.size > 1) throw new RangeError(`columns differ in length: ${[...lengths].join(', ')}`);
}

/** Index of the first number that is not NaN; the length when there is none. */
export function firstNumber(values: Float64Array): number {
  const index = values.findIndex((value) => !Number.isNaN(value));
  return index === -1 ? values.length : index;
}
