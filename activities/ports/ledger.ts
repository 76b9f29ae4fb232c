import type { Fill, OrderIntent, OrderState } from '#domain/order.ts';
import type { Money, Shares } from '#domain/money.ts';
import type { SessionDate } from '#domain/sessionDate.ts';

/** Trading state of an account; `guardAccount` keeps it, PostgreSQL is the authority, the stricter holds. */
export type TradingState = 'active' | 'reducing' | 'halted';

/** An account's row. */
export interface AccountRow {
  readonly account: string;
  readonly broker: string;
  readonly state: TradingState;
  readonly reason: string;
  readonly changedBy: string;
  readonly highWaterMark: Money;
  readonly lossStreak: number;
  /** Changes of the trading state so far: with the account, the identity of the latest one. */
  readonly changes: number;
}

/** Our own row of an order. */
export interface OrderRow extends OrderIntent {
  readonly state: OrderState;
  readonly brokerOrderId?: string;
  readonly filledQuantity: Shares;
  readonly denial?: { readonly code: string; readonly limit: string; readonly actual: string };
}

/** Outcome of asking to send an order. */
export type ClaimAnswer =
  /** This caller, and nobody else ever, may send the order once, now. */
  | { readonly kind: 'claimed' }
  /** The trading state forbids it; the row is `denied`. */
  | { readonly kind: 'denied'; readonly code: string; readonly state: TradingState }
  /** The order was claimed before, by this caller or another: reconcile instead of sending. */
  | { readonly kind: 'alreadyClaimed'; readonly order: OrderRow };

/** A model's decision for one session. */
export interface DecisionRow {
  readonly decisionId: string;
  readonly account: string;
  readonly session: SessionDate;
  readonly model: string;
  readonly modelVersion: string;
  readonly artifactDigest: string;
  readonly inputsDigest: string;
  /** Plain JSON: predictions, confidence, target weights, limits applied. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** Orders, fills, positions and trading states in PostgreSQL. */
export interface Ledger {
  /** Opens an account as `active`; asking again changes nothing. */
  openAccount(request: {
    readonly account: string;
    readonly broker: string;
    readonly equity: Money;
  }): Promise<AccountRow>;
  account(account: string): Promise<AccountRow | undefined>;
  accounts(): Promise<readonly AccountRow[]>;
  /** Moves to a stricter state under FOR UPDATE; a laxer or equal one changes nothing and is answered with the row as it is. */
  tighten(request: {
    readonly account: string;
    readonly state: TradingState;
    readonly reason: string;
    readonly by: string;
  }): Promise<AccountRow>;
  /** Back to `active` by two different people, recording a new high-water mark and zeroing the loss streak. */
  restart(request: {
    readonly account: string;
    readonly by: readonly [string, string];
    readonly highWaterMark: Money;
  }): Promise<AccountRow>;
  /** Records a session's end: raises the high-water mark, sets the loss streak. */
  recordEquity(request: {
    readonly account: string;
    readonly session: SessionDate;
    readonly equity: Money;
    readonly lossStreak: number;
  }): Promise<void>;
  /**
   * One transaction: lock the account's row FOR SHARE, check its state, write the intent, claim it (`intended` to `sent`).
   * A halted account claims only reduce-only orders.
   */
  claim(intent: OrderIntent): Promise<ClaimAnswer>;
  /**
   * Claims again an order whose absence at the venue was proven (`unknown` or `sent` back to `sent`), under the same
   * lock and the same checks as `claim`; an order in any other state is answered as already claimed.
   */
  reclaim(clientOrderId: string): Promise<ClaimAnswer>;
  /** Our row of an order. */
  order(clientOrderId: string): Promise<OrderRow | undefined>;
  /** Writes the venue's answer; a state never goes back from an end state. */
  settle(
    clientOrderId: string,
    to: {
      readonly state: OrderState;
      readonly brokerOrderId?: string;
      readonly filledQuantity?: Shares;
      readonly reason?: string;
    },
  ): Promise<OrderRow>;
  /** Records an order denied by our own checks, never sent. */
  deny(
    intent: OrderIntent,
    denial: { readonly code: string; readonly limit: string; readonly actual: string },
  ): Promise<void>;
  /** Inserts fills once each by execution id; answers how many were new. */
  recordFills(account: string, fills: readonly Fill[]): Promise<number>;
  orders(account: string, session: SessionDate): Promise<readonly OrderRow[]>;
  /** Orders in `sent`, `acknowledged`, `partiallyFilled` or `unknown`. */
  openOrders(account: string): Promise<readonly OrderRow[]>;
  fills(account: string, session: SessionDate): Promise<readonly Fill[]>;
  /** Shares held by symbol, the sum of all fills; zero positions left out. */
  positions(account: string): Promise<Readonly<Record<string, Shares>>>;
  recordDecision(row: DecisionRow): Promise<void>;
  /** Business row of a session, unique by account and date; answers false when it was there. */
  openSession(account: string, session: SessionDate): Promise<boolean>;
  closeSession(account: string, session: SessionDate, report: Readonly<Record<string, unknown>>): Promise<void>;
  sessions(account: string): Promise<
    readonly {
      readonly session: SessionDate;
      readonly closed: boolean;
      readonly report: Readonly<Record<string, unknown>>;
    }[]
  >;
}
