import { dividendCash } from './dividends.ts';
import { money, type Money, type Shares } from './money.ts';
import { splitPosition, type ShareSplit } from './shareSplit.ts';

/** What takes effect on a symbol before a session's open. */
interface SessionActions {
  readonly split?: ShareSplit | undefined;
  /** Dollars paid for a share as it is after the split; 0 where none is. */
  readonly dividendDollars: number;
  /** Close of the session before, in shares as they are after the split. */
  readonly close: Money;
}

/** What a session's actions make of a position that was held at the close before. */
export interface PositionAfterActions {
  readonly quantity: Shares;
  /** For the fraction of a share that the split left; negative where a short owes it. */
  readonly cashInLieu: Money;
  /** Into the account; negative for a short. */
  readonly dividend: Money;
}

/**
 * A position after a session's corporate actions, as backtest and paper exchange book them: the split first, since a
 * dividend of the same day is told for a share as it is after it.
 * @param quantity held at the close before; negative for a short
 */
export function afterActions(
  quantity: Shares,
  { split, dividendDollars, close }: SessionActions,
): PositionAfterActions {
  const held = split ? splitPosition(quantity, split, close) : { quantity, cashInLieu: money(0) };
  return { ...held, dividend: dividendCash(dividendDollars, held.quantity) };
}
