import type { SessionDate } from '#domain/sessionDate.ts';

/** Names of the contract's rules, as reports print them. */
export type ContractRule =
  | 'emptyDataset'
  | 'columnLength'
  | 'duplicateSymbol'
  | 'sessionOrder'
  | 'duplicateSession'
  | 'unexpectedSession'
  | 'futureSession'
  | 'missingSession'
  | 'priceInvalid'
  | 'volumeInvalid'
  | 'volumeZero'
  | 'rangeOrder'
  | 'openOutsideRange'
  | 'closeOutsideRange'
  | 'returnOutlier'
  | 'returnExtreme'
  | 'splitUnadjusted'
  | 'staleRun'
  | 'actionInvalid'
  | 'actionMismatch'
  | 'spinOffAsDividend'
  | 'adjustmentMismatch'
  | 'mixedAdjustment'
  | 'tickerReuse'
  | 'lateListing'
  | 'vendorError'
  | 'rowRestated'
  | 'rowWithdrawn'
  | 'rowAdded'
  | 'historyRescaled'
  | 'skippedRows'
  | 'quarantinedSymbols';

/**
 * What was done about it: the row stands (`kept`), a figure or the order was put right (`repaired`), the row is gone
 * (`skipped`), the whole symbol is gone (`quarantined`).
 */
export type FindingAction = 'kept' | 'repaired' | 'skipped' | 'quarantined';

/** One observation of one rule, with the figures that made it. */
export interface Finding {
  readonly rule: ContractRule;
  readonly symbol: string;
  /** Where it was seen first; null when it concerns the whole symbol. */
  readonly session: SessionDate | null;
  /** Plain figures by name; what is not finite is written as text, so that reports stay JSON. */
  readonly figures: Readonly<Record<string, number | string>>;
  readonly action: FindingAction;
  /** How it was repaired, in words; absent where it was not. */
  readonly method?: string;
}

/** A number for a report: itself, or its name where JSON has none. */
export function reportable(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** How serious an action is: `note` the row stands, `warning` a row was repaired or skipped, `error` a symbol is gone. */
export const severityOf = {
  kept: 'note',
  repaired: 'warning',
  skipped: 'warning',
  quarantined: 'error',
} as const satisfies Readonly<Record<FindingAction, string>>;
