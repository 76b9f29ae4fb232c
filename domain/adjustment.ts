import type { Money, Shares } from './money.ts';
import type { SessionDate } from './sessionDate.ts';

/** Why an account changed without an execution. */
export type AdjustmentKind = 'dividend' | 'split' | 'fee' | 'interest' | 'transfer' | 'other';

/** A change of cash or shares that no order made: dividends, splits, fees, deposits and withdrawals. */
export interface Adjustment {
  /** The venue's, unique per account. */
  readonly adjustmentId: string;
  readonly kind: AdjustmentKind;
  /** The symbol it is about; absent where it is about cash alone. */
  readonly symbol?: string;
  /** Into the account; negative out of it. */
  readonly cash: Money;
  /** Added to the position of the symbol; negative taken off. */
  readonly shares: Shares;
  /** The day on which the venue booked it. */
  readonly session: SessionDate;
}
