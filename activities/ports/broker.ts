import type { Adjustment } from '#domain/adjustment.ts';
import type { Fill, OrderIntent, OrderSide, OrderState } from '#domain/order.ts';
import type { Money, Shares } from '#domain/money.ts';
import type { SessionDate } from '#domain/sessionDate.ts';

/** Where a venue's session stands. */
export type MarketPhase = 'beforeOpen' | 'open' | 'closed';

/** The venue's own time: never compared with wall time. */
export interface MarketClock {
  readonly marketTimeMs: number;
  readonly session: SessionDate;
  readonly phase: MarketPhase;
}

/** A price the venue printed, and when. */
export interface LastTrade {
  readonly price: Money;
  /** Market time at the venue, milliseconds since 1970 UTC. */
  readonly marketTimeMs: number;
}

/** What the broker says the account is worth. */
export interface BrokerAccount {
  readonly cash: Money;
  readonly equity: Money;
  /** Equity at the previous session's close. */
  readonly lastEquity: Money;
}

/** A position at the broker; `quantity` is negative for a short. */
export interface BrokerPosition {
  readonly symbol: string;
  readonly quantity: Shares;
  readonly averagePrice: Money;
  readonly marketPrice: Money;
}

/** An order as the broker knows it. */
export interface BrokerOrder {
  readonly clientOrderId: string;
  readonly brokerOrderId: string;
  readonly symbol: string;
  readonly side: OrderSide;
  /** What was ordered; absent where the venue was given an amount of money instead. */
  readonly quantity?: Shares;
  readonly state: Extract<
    OrderState,
    'acknowledged' | 'partiallyFilled' | 'filled' | 'cancelled' | 'rejected' | 'expired'
  >;
  readonly filledQuantity: Shares;
}

/** Answer to a submission. A lost answer is thrown as Failure BROKER_ANSWER_LOST: the order is then `unknown`. */
export type SubmitAnswer =
  { readonly kind: 'accepted'; readonly order: BrokerOrder } | { readonly kind: 'rejected'; readonly reason: string };

/** One account at one broker. */
export interface Broker {
  readonly name: string;
  /** True when the broker refuses a second order under a client order id: absence can then be proven by asking. */
  readonly refusesDuplicateClientOrderIds: boolean;
  clock(): Promise<MarketClock>;
  account(): Promise<BrokerAccount>;
  positions(): Promise<readonly BrokerPosition[]>;
  /** Sends once; never retried inside. */
  submit(intent: OrderIntent): Promise<SubmitAnswer>;
  orderByClientOrderId(clientOrderId: string): Promise<BrokerOrder | undefined>;
  openOrders(): Promise<readonly BrokerOrder[]>;
  /** Cancels one order; an order that is already done is left alone. */
  cancel(brokerOrderId: string): Promise<void>;
  /** Executions of a session, oldest first. */
  fills(session: SessionDate): Promise<readonly Fill[]>;
  /** What the venue booked on a day beside executions, oldest first: dividends, splits, fees, transfers. */
  adjustments(session: SessionDate): Promise<readonly Adjustment[]>;
  /** The last trade of each symbol, market time at most now; a symbol that never traded is left out. */
  lastTrades(symbols: readonly string[]): Promise<Readonly<Record<string, LastTrade>>>;
}

/** A venue that replays recorded sessions moves only when told. */
export interface ReplayControl {
  /** Opens a paper account replaying from before the open of a session; asking again for the same account changes nothing. */
  openAccount(request: {
    readonly account: string;
    readonly cash: Money;
    readonly firstSession: SessionDate;
  }): Promise<void>;
  /** Moves an account's market time to a phase of a session; going back is refused, staying is not. */
  advance(account: string, to: { readonly session: SessionDate; readonly phase: MarketPhase }): Promise<MarketClock>;
  /** Sessions the venue can replay, oldest first. */
  sessions(): Promise<readonly SessionDate[]>;
}
