import type { SessionDate } from './sessionDate.ts';

/** A benchmark's closes with where each came from: an index, or a stand-in where no index reaches. */
export interface Benchmark {
  /** Ascending, without repeats. */
  readonly sessions: readonly SessionDate[];
  /** Shape [sessions], level of the index, any scale. */
  readonly close: Float64Array;
  /** Shape [sessions], e.g. `SP500` or `EQUAL-WEIGHT`. */
  readonly source: readonly string[];
}
