import type { BackOff } from '#domain/backOff.ts';
import type { SequenceRules } from '#domain/eventSequence.ts';
import { sessionState } from '#domain/tradingHours.ts';
import type { SilenceRules } from '#domain/feedSilence.ts';
import type { GapRules } from './gapFiller.ts';
import type { ConnectionLimits } from './vendorConnection.ts';

/** Everything about a live feed that has a number. */
export interface LiveFeedRules {
  readonly connection: ConnectionLimits;
  readonly backOff: BackOff;
  /** Failures in a row after which the feed gives up; a connection that lived longer than the back-off's cap ends the row. */
  readonly failuresMax: number;
  readonly sequence: SequenceRules;
  readonly gaps: GapRules;
  /** Events of a symbol that wait for its history at most; beyond, the gap stays open. */
  readonly heldEventsMax: number;
  readonly silence: SilenceRules;
  /** How often silence is looked at. */
  readonly checkIntervalMs: number;
  /** Window of the estimate of clocks. */
  readonly clockWindowMs: number;
}

/** Rules for US equities: silence counts in regular trading only, and a wait of 50 ms puts the tapes in order. */
export const equityFeedRules: LiveFeedRules = {
  connection: { connectTimeoutMs: 10_000, liveTimeoutMs: 10_000, pingIntervalMs: 5_000, silenceMaxMs: 15_000 },
  backOff: { baseMs: 500, capMs: 30_000 },
  failuresMax: 100,
  sequence: { reorderWindowMs: 50, rememberedMax: 20_000 },
  gaps: { overlapMs: 2_000, settleMs: 1_000, timeoutMs: 30_000, attemptsMax: 3, retryMs: 2_000, concurrency: 4 },
  heldEventsMax: 200_000,
  silence: { silenceMaxMs: 60_000, expects: (atMs) => sessionState(atMs) === 'regular' },
  checkIntervalMs: 1_000,
  clockWindowMs: 600_000,
};
