import { commission, type ChargedExecution, type CostRates } from '#domain/costs.ts';
import { money, notional, shares, type Money, type Shares } from '#domain/money.ts';
import type { OrderSide } from '#domain/order.ts';
import { afterActions, type PositionAfterActions } from '#domain/positionActions.ts';
import type { SessionDate } from '#domain/sessionDate.ts';
import { splitPrice, type ShareSplit } from '#domain/shareSplit.ts';

/** An execution. */
export interface BacktestFill {
  /** Of the order. */
  readonly order: number;
  readonly session: SessionDate;
  /** The opening auction, between the auctions, or the closing auction. */
  readonly at: 'open' | 'session' | 'close';
  readonly symbol: string;
  readonly side: OrderSide;
  /** Positive. */
  readonly quantity: Shares;
  /** Within what was printed, moved by half the spread. */
  readonly price: Money;
  readonly commission: Money;
  /** Printed price to price, over all shares. */
  readonly slippage: Money;
  /** What of that the order's own size made; absent where no impact is modelled. */
  readonly impact?: Money;
}

/** How an account pays for what it holds. */
export type Funding =
  /** Nothing is borrowed: a purchase is cut to the cash there is, a sale to the shares held. */
  | { readonly kind: 'cash' }
  /** What adds exposure is cut so that all positions together stay within a multiple of equity. */
  | {
      readonly kind: 'margin';
      /** Long and short positions over equity. */
      readonly leverageMax: number;
      /** A year, on borrowed cash, by calendar days over 360. */
      readonly financingBasisPoints: number;
      /** A year, on the market value of shares sold short. */
      readonly borrowBasisPoints: number;
    };

/** What is asked of an account. */
export interface AskedFill extends Omit<ChargedExecution, 'quantity'> {
  readonly symbol: number;
  readonly quantity: number;
}

/** Cash and shares of a backtest, marked at the last close of each symbol that has printed. */
export class PlayedAccount {
  private cashNow: number;
  /** Shape [symbols]: shares, negative for a short. */
  private readonly positions: Float64Array;
  /** Shape [symbols]: ten-thousandths of a dollar; 0 where nothing has printed. */
  private readonly marks: Float64Array;
  private readonly rates: CostRates;
  private readonly funding: Funding;

  constructor(opening: {
    readonly cash: Money;
    readonly symbols: number;
    readonly rates: CostRates;
    readonly funding: Funding;
  }) {
    this.cashNow = opening.cash;
    this.positions = new Float64Array(opening.symbols);
    this.marks = new Float64Array(opening.symbols);
    this.rates = opening.rates;
    this.funding = opening.funding;
  }

  /** Whether it may borrow cash or shares. */
  get borrows(): boolean {
    return this.funding.kind === 'margin';
  }

  get cash(): Money {
    return money(this.cashNow);
  }

  /** Market value of long positions less that of short ones, at the marks. */
  get invested(): Money {
    return money(this.worthAt((symbol) => this.marks[symbol]!));
  }

  /** Market value of all positions, at the marks. */
  get grossExposure(): Money {
    let sum = 0;
    for (let symbol = 0; symbol < this.positions.length; symbol += 1) {
      sum += Math.abs(this.positions[symbol]!) * this.marks[symbol]!;
    }
    return money(sum);
  }

  /** Cash and shares, at the marks. */
  get equity(): Money {
    return money(this.cashNow + this.invested);
  }

  /** Cash and shares at prices of the moment; the mark stands where there is none. */
  equityAt(price: (symbol: number) => Money | undefined): Money {
    return money(this.cashNow + this.worthAt((symbol) => price(symbol) ?? this.marks[symbol]!));
  }

  held(symbol: number): Shares {
    return this.positions[symbol] as Shares;
  }

  /** The last close; undefined before the first. */
  mark(symbol: number): Money | undefined {
    return this.marks[symbol] === 0 ? undefined : (this.marks[symbol] as Money);
  }

  markAt(symbol: number, close: Money): void {
    this.marks[symbol] = close;
  }

  /** Symbols held, in their order. */
  heldSymbols(): readonly number[] {
    const held: number[] = [];
    for (let symbol = 0; symbol < this.positions.length; symbol += 1)
      if (this.positions[symbol] !== 0) held.push(symbol);
    return held;
  }

  /** How many of the shares asked for the account can pay for, or has. */
  affordable(asked: AskedFill): number {
    const { symbol, side, quantity, price } = asked;
    const held = this.positions[symbol]!;
    if (this.funding.kind === 'cash') {
      if (side === 'sell') return Math.min(quantity, Math.max(0, held));
      return this.payable(asked);
    }
    const reduces = Math.min(quantity, Math.max(0, side === 'buy' ? -held : held));
    const headroom = this.funding.leverageMax * this.equity - this.grossExposure + reduces * this.marks[symbol]!;
    return Math.min(quantity, reduces + Math.max(0, Math.floor(headroom / price)));
  }

  /** Books an execution; answers the commission. */
  take(asked: AskedFill): Money {
    const { symbol, side, quantity, price } = asked;
    const fee = commission({ ...asked, quantity: shares(quantity) }, this.rates);
    const signed = side === 'buy' ? quantity : -quantity;
    this.cashNow = money(this.cashNow - notional(price, shares(signed)) - fee);
    this.positions[symbol] = this.positions[symbol]! + signed;
    return fee;
  }

  /** Books what takes effect on a symbol before an open: mark and shares are split, a dividend comes or is owed. */
  takeActions(symbol: number, split: ShareSplit | undefined, dividendDollars = 0): PositionAfterActions {
    const [held, mark] = [this.held(symbol), this.mark(symbol)];
    if (mark === undefined) return { quantity: held, cashInLieu: money(0), dividend: money(0) };
    const close = split ? splitPrice(mark, split) : mark;
    const after = afterActions(held, { split, dividendDollars, close });
    this.marks[symbol] = close;
    this.positions[symbol] = after.quantity;
    this.cashNow = money(this.cashNow + after.cashInLieu + after.dividend);
    return after;
  }

  /** Closes a position for a price without an execution, as when its listing ends; answers the shares it had. */
  payOut(symbol: number, price: Money): Shares {
    const quantity = this.held(symbol);
    this.cashNow = money(this.cashNow + notional(price, quantity));
    this.positions[symbol] = 0;
    return quantity;
  }

  /** Takes what borrowed cash and borrowed shares cost over calendar days, rounded up; answers what it was. */
  payCarry(days: number): { readonly financing: Money; readonly borrow: Money } {
    if (this.funding.kind === 'cash') return { financing: money(0), borrow: money(0) };
    const { financingBasisPoints, borrowBasisPoints } = this.funding;
    const over = (amount: number, rate: number): Money => money(Math.ceil((amount * rate * days) / 10_000 / 360));
    const financing = over(Math.max(0, -this.cashNow), financingBasisPoints);
    const borrow = over((this.grossExposure - this.invested) / 2, borrowBasisPoints);
    this.cashNow = money(this.cashNow - financing - borrow);
    return { financing, borrow };
  }

  /** The most shares whose price and commission the cash pays for. */
  private payable(asked: AskedFill): number {
    const cost = (quantity: number): number =>
      asked.price * quantity + commission({ ...asked, quantity: shares(quantity) }, this.rates);
    let [payable, dear] = [0, asked.quantity + 1];
    if (cost(asked.quantity) <= this.cashNow) return asked.quantity;
    // A purchase costs more with every share, so it is halved between what can be paid and what cannot.
    while (dear - payable > 1) {
      const middle = Math.floor((payable + dear) / 2);
      if (cost(middle) <= this.cashNow) payable = middle;
      else dear = middle;
    }
    return payable;
  }

  private worthAt(price: (symbol: number) => number): number {
    let sum = 0;
    for (let symbol = 0; symbol < this.positions.length; symbol += 1) {
      if (this.positions[symbol] !== 0) sum += this.positions[symbol]! * price(symbol);
    }
    return sum;
  }
}
