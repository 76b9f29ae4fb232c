import type { BreakerState } from './breaker.ts';
import type { Money, Shares } from './money.ts';
import type { OrderSide } from './order.ts';

/** An order that has not ended. */
export interface OpenOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: OrderSide;
  /** What may still fill; positive. */
  readonly quantity: Shares;
  /** The worst it may fill at, where it says so; absent for an order at the market. */
  readonly limitPrice?: Money;
}

/** The account as the checks see it. */
export interface CheckedAccount {
  readonly equity: Money;
  /** Cash, before what open buys would spend. */
  readonly buyingPower: Money;
  readonly state: BreakerState;
  readonly positions: Readonly<Record<string, Shares>>;
  /** Market value of all positions, shorts counted positive. */
  readonly grossExposure: Money;
  /** Equity at the close before the session. */
  readonly dayOpenEquity: Money;
  readonly highWaterMark: Money;
  readonly ordersToday: number;
  /** Orders of the last minute, or more of them: what is not known exactly is counted too high. */
  readonly ordersLastMinute: number;
  /** Notional traded in the session, bought and sold. */
  readonly turnoverToday: Money;
  /** Orders that have not ended. */
  readonly working: readonly OpenOrder[];
  /** Last prices the venue printed. */
  readonly lastPrices: Readonly<Record<string, Money>>;
  /** Where the venue's session stands, by the venue's clock. */
  readonly phase: 'beforeOpen' | 'open' | 'closed';
}

/** What one execution, or one that is taken for granted, moves. */
export interface Execution {
  readonly symbol: string;
  readonly side: OrderSide;
  readonly quantity: Shares;
  readonly price: Money;
}
