import { z } from 'zod';

const fraction = (value: number, meaning: string): z.ZodDefault<z.ZodNumber> =>
  z.number().min(0).max(1).default(value).describe(meaning);
const logSize = (value: number, meaning: string): z.ZodDefault<z.ZodNumber> =>
  z.number().gt(0).max(10).default(value).describe(meaning);
const sessions = (value: number, meaning: string): z.ZodDefault<z.ZodInt> =>
  z.int().min(2).max(2_520).default(value).describe(meaning);

/** Thresholds of the data contract; docs/market-data.md says which rule uses which. */
export const contractSection = z.strictObject({
  rangeRepairFractionMax: fraction(0.005, 'part of a price outside its bar that widens the range; more loses the row'),
  rangeNoiseFraction: fraction(1e-6, 'part of a price outside its bar that is not even reported'),
  outlierWindowSessions: sessions(63, 'sessions before a return that its median and spread are taken from'),
  outlierScoreMin: z.number().gt(0).max(1_000).default(12).describe('robust deviations that make an outlier'),
  outlierReturnMin: logSize(0.05, 'least log return that can be an outlier'),
  extremeReturnMin: logSize(0.35, 'simple return that is reported however wild the sessions before were'),
  spinOffYieldMin: fraction(0.25, 'part of the close before that makes a dividend a spin-off booked as cash'),
  scaleJumpMin: logSize(0.25, 'log distance from both neighbours that puts a row on another scale'),
  actionReturnMax: logSize(0.25, 'log return on the session of a split or dividend that means it is booked wrong'),
  adjustmentToleranceFraction: fraction(1e-4, "difference of the vendor's adjusted return from ours that is accepted"),
  tickerSilenceSessionsMin: sessions(63, 'sessions without a row that end the claim of one instrument'),
  splitTolerance: logSize(0.03, 'log distance of a jump from the ratio of a split that was forgotten'),
  calmRangeMax: logSize(0.2, 'log range of a session above which a jump was the market itself'),
  staleSessionsMin: sessions(5, 'equal closes in a row that are reported'),
  missingFractionMax: fraction(0.01, 'part of its expected sessions that a symbol may lack'),
  skippedFractionMax: fraction(0.01, 'part of its rows that a symbol may lose'),
  quarantinedFractionMax: fraction(0.2, 'part of the symbols that may be quarantined before all is refused'),
});
