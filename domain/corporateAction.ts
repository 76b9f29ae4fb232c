import type { SessionDate } from './sessionDate.ts';

interface AboutSymbol {
  readonly symbol: string;
  /** First session on which the share trades without it. */
  readonly exDate: SessionDate;
}

/** Cash paid for a share as it stood on the ex-date, US dollars. */
export interface CashDividend extends AboutSymbol {
  readonly kind: 'cashDividend';
  readonly amount: number;
}

/** New shares for each old one: splits of either direction, and dividends paid in shares of the company itself. */
export interface ShareSplit extends AboutSymbol {
  readonly kind: 'split';
  /** 2 for a two-for-one split, 0.05 for one-for-twenty, 1.05 for a stock dividend of five percent. */
  readonly ratio: number;
}

/** What moves a price but is neither cash in dollars nor a ratio of the same share: told, never computed with. */
export interface OtherAction extends AboutSymbol {
  readonly kind: 'other';
  /** The vendor's own word for it, e.g. `spin_offs`. */
  readonly vendorKind: string;
}

/** A corporate action as a vendor tells it, on the scale of its own day. */
export type CorporateAction = CashDividend | ShareSplit | OtherAction;
