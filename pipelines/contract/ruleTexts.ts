import type { ContractRules } from './contractRules.ts';
import type { ContractRule } from './finding.ts';

/** What a rule of the contract says, for people. */
export interface RuleText {
  readonly meaning: string;
  /** Thresholds it reads. */
  readonly thresholds: readonly (keyof ContractRules)[];
  /** What is done about it. */
  readonly action: string;
}

/** Every rule with its text; docs/market-data.md is written from it, and a rule without one does not compile. */
export const ruleTexts: Readonly<Record<ContractRule, RuleText>> = {
  emptyDataset: text('There are no rows, or no symbol passed.', 'everything is refused'),
  columnLength: text('Columns of a symbol differ in length.', 'everything is refused'),
  duplicateSymbol: text('A symbol is given more than once.', 'everything is refused'),
  sessionOrder: text('Rows do not ascend by session.', 'repaired: sorted'),
  duplicateSession: text(
    'A session has several rows.',
    'skipped: all but one where they are equal, all where they contradict each other',
  ),
  unexpectedSession: text('A row lies on a day on which the exchange does not trade.', 'row skipped'),
  futureSession: text('A row lies after the last session that can be known.', 'row skipped'),
  missingSession: text(
    'Sessions of the exchange lack a row, from the first row on.',
    'kept, or the symbol quarantined when too many',
    ['missingFractionMax'],
  ),
  priceInvalid: text('A price is not finite and positive.', 'row skipped'),
  volumeInvalid: text('A volume is not finite or negative.', 'row skipped'),
  volumeZero: text('No share changed hands.', 'kept'),
  rangeOrder: text('The low is above the high.', 'row skipped', ['rangeNoiseFraction']),
  openOutsideRange: text('The open lies outside low and high.', 'repaired by widening the range, or the row skipped', [
    'rangeNoiseFraction',
    'rangeRepairFractionMax',
  ]),
  closeOutsideRange: text(
    'The close lies outside low and high.',
    'repaired by widening the range, or the row skipped',
    ['rangeNoiseFraction', 'rangeRepairFractionMax'],
  ),
  returnOutlier: text('An adjusted return is far outside the sessions before it.', 'kept', [
    'outlierWindowSessions',
    'outlierScoreMin',
    'outlierReturnMin',
  ]),
  returnExtreme: text('An adjusted return is large in itself.', 'kept', ['extremeReturnMin']),
  splitUnadjusted: text('Adjusted closes jump by the ratio of a split in a calm session.', 'symbol quarantined', [
    'splitTolerance',
    'calmRangeMax',
  ]),
  staleRun: text('The close does not change for many sessions.', 'kept', ['staleSessionsMin']),
  actionInvalid: text('A split ratio or a dividend is no figure.', 'symbol quarantined'),
  actionMismatch: text(
    'A split or dividend contradicts the prices of its session.',
    'repaired: the part that leaves an ordinary return is taken; kept where none does',
    ['actionReturnMax'],
  ),
  spinOffAsDividend: text('A dividend is a large part of the price.', 'kept', ['spinOffYieldMin']),
  adjustmentMismatch: text("The vendor's adjusted return is not ours.", 'repaired: adjusted anew', [
    'adjustmentToleranceFraction',
  ]),
  mixedAdjustment: text('A row is on another scale than both its neighbours.', 'row skipped', [
    'scaleJumpMin',
    'calmRangeMax',
  ]),
  tickerReuse: text('A long silence lies within the rows: another holder of the ticker.', 'rows before it skipped', [
    'tickerSilenceSessionsMin',
  ]),
  lateListing: text('The symbol begins after the dataset.', 'kept'),
  vendorError: text('A file holds an error message or lacks columns.', 'symbol quarantined'),
  rowRestated: text('A row is told otherwise than in the snapshot before.', 'kept as told now', [
    'adjustmentToleranceFraction',
  ]),
  rowWithdrawn: text('A row of the snapshot before is gone.', 'kept as told now'),
  rowAdded: text('A row came in between those of the snapshot before.', 'kept as told now'),
  historyRescaled: text('All prices of the snapshot before are told on another scale.', 'kept as told now', [
    'adjustmentToleranceFraction',
  ]),
  skippedRows: text('Too many rows of a symbol were skipped.', 'symbol quarantined', ['skippedFractionMax']),
  quarantinedSymbols: text('Too many symbols are quarantined.', 'everything is refused', ['quarantinedFractionMax']),
};

function text(meaning: string, action: string, thresholds: RuleText['thresholds'] = []): RuleText {
  return { meaning, thresholds, action };
}
