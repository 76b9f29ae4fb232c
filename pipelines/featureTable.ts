import type { SessionDate } from '#domain/sessionDate.ts';

/** Features of symbols over sessions. */
export interface FeatureTable {
  /** Sorted. */
  readonly symbols: readonly string[];
  /** Ascending: every session any symbol has. */
  readonly sessions: readonly SessionDate[];
  readonly names: readonly string[];
  /**
   * Shape [symbols, sessions, names], the last index fastest. NaN while an indicator warms up and where a symbol has
   * no bar. A value at a session knows nothing later than that session's close.
   */
  readonly values: Float64Array;
}

/** Number of (symbol, session) rows in which every feature is present. */
export function completeRows({ names, values }: FeatureTable): number {
  let complete = 0;
  for (let row = 0; row * names.length < values.length; row += 1) {
    if (!values.subarray(row * names.length, (row + 1) * names.length).some(Number.isNaN)) complete += 1;
  }
  return complete;
}
