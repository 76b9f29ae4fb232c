import type { BackOff } from '#domain/backOff.ts';
import type { SequenceRules } from '#domain/eventSequence.ts';
import { sessionState } from '#domain/tradingHours.ts';
import type { SilenceRules } from '#domain/feedSilence.ts';
import type { Settings } from '../configuration/schema.ts';
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

/** The rules that the settings say, for US equities: silence counts in regular trading only. */
export function liveFeedRules({
  reorderWindowMs,
  rememberedEventsMax,
  silenceMaxMs,
  ...rules
}: Settings['data']['feed']): LiveFeedRules {
  return {
    ...rules,
    sequence: { reorderWindowMs, rememberedMax: rememberedEventsMax },
    silence: { silenceMaxMs, expects: (atMs) => sessionState(atMs) === 'regular' },
  };
}
