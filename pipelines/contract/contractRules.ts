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
  /** A ratio of adjusted closes this close, in logs, to a split of 2, 3, 4 ... or its inverse loses the symbol. */
  readonly splitTolerance: number;
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
  outlierScoreMin: 10,
  outlierReturnMin: 0.05,
  splitTolerance: 0.03,
  staleSessionsMin: 5,
  missingFractionMax: 0.01,
  skippedFractionMax: 0.01,
  quarantinedFractionMax: 0.2,
};
