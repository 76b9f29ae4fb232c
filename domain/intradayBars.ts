/**
 * Bars of one symbol within its sessions, as columns of equal length, oldest first. A bar holds the trades of
 * [startMs, startMs + lengthMs); time without trades has no bar. Prices are dollars a share, volume is in shares.
 */
export interface IntradayBars {
  readonly symbol: string;
  /** Length of every bar in milliseconds; the last before a close may end with it. */
  readonly lengthMs: number;
  /** Shape [bars], milliseconds since 1970 UTC at which a bar begins. */
  readonly startMs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** Bars as a vendor stamped them, at their beginnings or their ends, and without a word about their length; oldest first. */
export interface StampedBars extends Omit<IntradayBars, 'lengthMs' | 'startMs'> {
  /** Shape [bars], milliseconds since 1970 UTC. */
  readonly stampMs: Float64Array;
}
