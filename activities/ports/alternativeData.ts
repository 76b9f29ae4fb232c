import type { Observation } from '#domain/observation.ts';

/** Which observations are asked for. */
export interface ObservationRequest {
  /** E.g. `newsSentiment`, `socialSentiment`, `parkingLots`, `cardSpending`, `economicCalendar`. */
  readonly set: string;
  readonly symbols: readonly string[];
  /** Only what arrived from this instant on, milliseconds since 1970 UTC. */
  readonly arrivedFromMs: number;
  /** Only what arrived before this instant. */
  readonly arrivedBeforeMs: number;
}

/** Alternative data of every kind: what was learnt beside the market, stamped with when it came in. */
export interface AlternativeData {
  /**
   * @returns observations by symbol in the order of arrival; those that speak of no symbol stand with every symbol asked for
   * @throws Failure OBSERVATIONS_UNREADABLE
   */
  observations(request: ObservationRequest): Promise<ReadonlyMap<string, readonly Observation[]>>;
}
