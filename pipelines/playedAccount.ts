import { costOfFill, type CostRates } from '#domain/costs.ts';
import { dividendCash } from '#domain/dividends.ts';
import { money, notional, shares, sumMoney, type Money, type Shares } from '#domain/money.ts';
import type { OrderSide } from '#domain/order.ts';
import type { Holdings } from '#domain/rebalance.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import type { Print } from './prints.ts';

/** An execution at a session's open. */
export interface BacktestFill {
  readonly session: SessionDate;
  readonly symbol: string;
  readonly side: OrderSide;
  /** Positive. */
  readonly quantity: Shares;
  /** The printed open moved by half the spread. */
  readonly price: Money;
  readonly commission: Money;
  /** Printed open to price, over all shares. */
  readonly slippage: Money;
}

/** What an order asks of the opening auction; quantity positive. */
export interface PlayedOrder {
  readonly symbol: string;
  readonly side: OrderSide;
  readonly quantity: Shares;
}

/** Cash and shares of a backtest, marked at the last close of each symbol that has printed. */
export class PlayedAccount {
  private cashNow: Money;
  private readonly positions = new Map<string, Shares>();
  private readonly marks: Map<string, Money>;
  private readonly rates: CostRates;

  constructor(opening: { readonly cash: Money; readonly marks: Map<string, Money>; readonly rates: CostRates }) {
    this.cashNow = opening.cash;
    this.marks = opening.marks;
    this.rates = opening.rates;
  }

  /** Cash now. */
  get cash(): Money {
    return this.cashNow;
  }

  /** Market value of the shares, at the marks. */
  get invested(): Money {
    return sumMoney([...this.positions].map(([symbol, quantity]) => notional(this.marks.get(symbol)!, quantity)));
  }

  /** Cash and shares, at the marks. */
  get equity(): Money {
    return money(this.cashNow + this.invested);
  }

  /** Cash and shares where what has opened is worth its open, and everything else its mark. */
  equityAtOpen(prints: ReadonlyMap<string, Print>): Money {
    const worth = [...this.positions].map(([symbol, quantity]) =>
      notional(prints.get(symbol)?.open ?? this.marks.get(symbol)!, quantity),
    );
    return money(this.cashNow + sumMoney(worth));
  }

  /** The account as a rebalance reads it. */
  get holdings(): Holdings {
    return {
      equity: this.equity,
      cash: this.cashNow,
      positions: Object.fromEntries(this.positions),
      prices: Object.fromEntries(this.marks),
    };
  }

  /** Shares of a symbol, 0 where there are none. */
  held(symbol: string): Shares {
    return this.positions.get(symbol) ?? shares(0);
  }

  /** Whether a symbol has ever printed: one that has not cannot be sized. */
  isMarked(symbol: string): boolean {
    return this.marks.has(symbol);
  }

  /** Sales of everything held. */
  liquidation(): readonly PlayedOrder[] {
    const held = [...this.positions].filter(([, quantity]) => quantity > 0);
    return held.map(([symbol, quantity]) => ({ symbol, side: 'sell', quantity }));
  }

  /** Credits dividends to who held the shares at the close before; answers the cash that came. */
  creditDividends(prints: ReadonlyMap<string, Print>): Money {
    const paid = sumMoney(
      [...this.positions].map(([symbol, quantity]) => dividendCash(prints.get(symbol)?.dividendDollars ?? 0, quantity)),
    );
    this.cashNow = money(this.cashNow + paid);
    return paid;
  }

  /** Fills an order at the printed open, as far as cash allows; undefined when nothing of it can be filled. */
  fillAtOpen(order: PlayedOrder, session: SessionDate, print: Print | undefined): BacktestFill | undefined {
    const { symbol, side } = order;
    const quantity = print === undefined ? shares(0) : this.affordable(order, print.open);
    if (print === undefined || quantity === 0) return undefined;
    const { price, commission, slippage, cashChange } = costOfFill({ side, printed: print.open, quantity }, this.rates);
    this.cashNow = money(this.cashNow + cashChange);
    this.positions.set(symbol, shares(this.held(symbol) + (side === 'buy' ? quantity : 0 - quantity)));
    return { session, symbol, side, quantity, price, commission, slippage };
  }

  /** Marks what has printed at its close. */
  markAtClose(prints: ReadonlyMap<string, Print>): void {
    for (const [symbol, { close }] of prints) this.marks.set(symbol, close);
  }

  /** A buy never spends more than the cash there is: the auction may open above the price it was sized at. */
  private affordable({ side, quantity }: PlayedOrder, printed: Money): Shares {
    if (side === 'sell') return quantity;
    // Commission is rounded up, so the sum over single shares is never below the whole.
    const { price, commission } = costOfFill({ side, printed, quantity: shares(1) }, this.rates);
    return shares(Math.min(quantity, Math.max(0, Math.floor(this.cashNow / (price + commission)))));
  }
}
