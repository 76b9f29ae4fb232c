/**
 * Thresholds of the data contract. Fractions are of one, counts are of sessions, z-scores are in robust standard
 * deviations (1.4826 times the median absolute deviation).
 */
export interface ContractRules {
  /** A price this fraction outside its bar's range is rounding of the source and widens the range; more loses the row. */
  readonly rangeRepairFractionMax: number;
  /** Below this fraction a price outside its range is not even reported: 32-bit floats of the source. */
  readonly rangeNoiseFraction: number;
  /** Sessions before a return that its median and spread are taken from, so that the rule knows calm from storm. */
  readonly outlierWindowSessions: number;
  /** A return at least this many robust deviations from the median before it is reported. */
  readonly outlierScoreMin: number;
  /** And only when it is at least this large, as a log return. */
  readonly outlierReturnMin: number;
  /** A simple return of at least this size is reported, however wild the sessions before it were. */
  readonly extremeReturnMin: number;
  /** A dividend over this fraction of the close before it is a spin-off or a liquidation booked as cash. */
  readonly spinOffYieldMin: number;
  /** A row this far from both neighbours, in logs, while they agree to a quarter of it, is on another scale. */
  readonly scaleJumpMin: number;
  /** A log return of this size on the session of a split or dividend means that the action is booked wrong. */
  readonly actionReturnMax: number;
  /** The vendor's adjusted return may differ from ours by this fraction. */
  readonly adjustmentToleranceFraction: number;
  /** As many sessions without a row end the claim that both sides of the silence are one instrument. */
  readonly tickerSilenceSessionsMin: number;
  /** A ratio of adjusted closes this close, in logs, to a split of 2, 3, 4 ... or its inverse loses the symbol. */
  readonly splitTolerance: number;
  /** Such a jump in a session whose own range, high over low in logs, is wider than this was the market's doing. */
  readonly calmRangeMax: number;
  /** As many equal closes in a row, or more, are reported. */
  readonly staleSessionsMin: number;
  /** A symbol that lacks a greater fraction of its expected sessions is quarantined. */
  readonly missingFractionMax: number;
  /** More than this fraction of a symbol's rows skipped quarantines the symbol. */
  readonly skippedFractionMax: number;
  /** More than this fraction of the symbols quarantined refuses the whole. */
  readonly quarantinedFractionMax: number;
}

/** Thresholds of the contract unless the configuration says otherwise. */
export const defaultContractRules: ContractRules = {
  rangeRepairFractionMax: 0.005,
  rangeNoiseFraction: 1e-6,
  outlierWindowSessions: 63,
  outlierScoreMin: 12,
  outlierReturnMin: 0.05,
  extremeReturnMin: 0.35,
  spinOffYieldMin: 0.25,
  scaleJumpMin: 0.25,
  actionReturnMax: 0.25,
  adjustmentToleranceFraction: 1e-4,
  tickerSilenceSessionsMin: 63,
  splitTolerance: 0.03,
  calmRangeMax: 0.2,
  staleSessionsMin: 5,
  missingFractionMax: 0.01,
  skippedFractionMax: 0.01,
  quarantinedFractionMax: 0.2,
};
