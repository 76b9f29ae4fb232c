import type { BarRow, BarTable, FeatureField } from '#pipelines/features/barFields.ts';
import type { FeaturePlan } from '#pipelines/features/featurePlan.ts';
import { fileBars, type StampChoice } from './fileBars.ts';
import { recordedBars, type RecordingTerms } from './recordedBars.ts';

/** Bars of one symbol; no name where the file tells none. */
export interface SymbolBars {
  readonly symbol: string | undefined;
  readonly bars: BarTable;
}

/** A bar of one symbol, as it closed. */
export interface SymbolRow {
  readonly symbol: string | undefined;
  readonly row: BarRow;
}

/** Bars of a plan's timeframe, to be had whole or one after the other; both are the same bars. */
export interface ClosedBars {
  /** Figures that the bars have. */
  readonly fields: readonly FeatureField[];
  readonly tables: () => Promise<readonly SymbolBars[]>;
  /** Each symbol's bars oldest first. */
  readonly rows: () => AsyncIterable<SymbolRow>;
}

/** Where bars come from: a file of bars, or a recording of events. */
export type BarOrigin =
  | { readonly kind: 'bars'; readonly path: string; readonly stamps: StampChoice }
  | { readonly kind: 'events'; readonly paths: readonly string[]; readonly terms: RecordingTerms };

/**
 * Opens bars for a plan.
 * @throws Failure BARS_UNREADABLE, FILE_UNREADABLE, RECORDING_UNREADABLE
 */
export function closedBars(origin: BarOrigin, plan: FeaturePlan): Promise<ClosedBars> {
  return origin.kind === 'bars' ? fileBars(origin, plan) : recordedBars(origin, plan);
}
