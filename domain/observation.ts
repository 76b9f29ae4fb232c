/**
 * Something learnt beside the market: a sentiment, a count, a release. It is known from `arrivedMs` on and not before,
 * whatever it speaks of. A correction is another observation that arrives later.
 */
export interface Observation {
  /** Our clock when it came in, milliseconds since 1970 UTC. */
  readonly arrivedMs: number;
  /** The instant it speaks of: when a reading was taken, or when a release is due; milliseconds since 1970 UTC. */
  readonly eventMs: number;
  readonly value: number;
}
