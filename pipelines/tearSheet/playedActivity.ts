import { dollars, money } from '#domain/money.ts';
import type { BacktestFill } from '../backtest/account.ts';
import type { BarMarket } from '../backtest/barMarket.ts';
import type { BacktestResult } from '../backtest/playStrategy.ts';
import { heldBook, type HeldBook } from '../stress/heldBook.ts';
import { closedTrades, costsOfFills, type SheetBooking, type SheetFill } from './closedTrades.ts';
import type { Known, SheetCosts, SheetTrade } from './sheet.ts';

/** What an account did, as a tear sheet tells it; plain JSON. */
export interface PlayedActivity {
  /** Shape [sessions] each, fractions of equity: invested at the close, and traded. */
  readonly exposure: readonly number[];
  readonly turnover: readonly number[];
  readonly costs: SheetCosts;
  /** In the order in which they closed. */
  readonly trades: readonly SheetTrade[];
  readonly book: Known<HeldBook>;
}

/**
 * The activity of an account that was played.
 * @param market that it was played in
 */
export function playedActivity(result: BacktestResult, market: BarMarket): PlayedActivity {
  const fills = result.fills.map(sheetFill);
  const { bySession, financing, borrow } = result;
  const { dollars: paid, tradedDollars } = costsOfFills(fills);
  return {
    exposure: Array.from(bySession.exposure),
    turnover: Array.from(bySession.turnover),
    costs: {
      dollars: {
        ...paid,
        ...(financing !== 0 && { financing: dollars(financing) }),
        ...(borrow !== 0 && { 'borrowed shares': dollars(borrow) }),
      },
      tradedDollars,
    },
    trades: closedTrades(fills, bookingsOf(result)),
    book: heldBook(result, market) ?? { unknown: 'nothing was ever held at a close.' },
  };
}

function sheetFill(fill: BacktestFill): SheetFill {
  const { session, symbol, side, quantity, price, commission, slippage, impact } = fill;
  return {
    session,
    symbol,
    side,
    quantity,
    priceDollars: dollars(price),
    costsDollars: { commission: dollars(commission) },
    costsInPriceDollars: {
      'half spreads': dollars(money(slippage - (impact ?? 0))),
      ...(impact !== undefined && { impact: dollars(impact) }),
    },
  };
}

/** What changed positions without an execution. */
function bookingsOf({ splits, delistings }: BacktestResult): readonly SheetBooking[] {
  return [
    ...splits.map(({ session, symbol, quantity, cashInLieu }): SheetBooking => ({
      kind: 'split',
      session,
      symbol,
      quantity,
      cashDollars: dollars(cashInLieu),
    })),
    ...delistings.map(({ session, symbol, price }): SheetBooking => ({
      kind: 'paidOut',
      session,
      symbol,
      priceDollars: dollars(price),
    })),
  ];
}
