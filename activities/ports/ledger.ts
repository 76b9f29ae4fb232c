import type { Adjustment } from '#domain/adjustment.ts';
import type { Fill, OrderIntent, OrderState } from '#domain/order.ts';
import type { OrderEvidence } from '#domain/orderState.ts';
import type { PlannedOrder } from '#domain/plannedOrder.ts';
import type { PositionAdjustment } from '#domain/positions.ts';
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
  /** Round trips that had closed at the last restart: losses among them count no more. */
  readonly roundTripsAtRestart: number;
  /** The newest session that was opened; orders of an earlier one that add exposure are refused. */
  readonly currentSession?: SessionDate;
  /** Changes of the trading state so far: with the account, the identity of the latest one. */
  readonly changes: number;
}

/** Our own row of an order. */
export interface OrderRow extends OrderIntent {
  readonly state: OrderState;
  readonly brokerOrderId?: string;
  readonly filledQuantity: Shares;
  /** The venue's words about its last answer. */
  readonly reason?: string;
  readonly denial?: { readonly code: string; readonly limit: string; readonly actual: string };
}

/** Outcome of asking to send an order. */
export type ClaimAnswer =
  /** This caller may send the order once, under this claim, as long as no later claim or answer has overtaken it. */
  | { readonly kind: 'claimed'; readonly claim: number }
  /** The trading state forbids it; the row is `denied`. */
  | { readonly kind: 'denied'; readonly code: string; readonly state: TradingState }
  /** The order was claimed before, by this caller or another: reconcile instead of sending. */
  | { readonly kind: 'alreadyClaimed'; readonly order: OrderRow };

/** What the venue says of an order, and how we came to know. */
export interface OrderNews {
  readonly state: OrderState;
  readonly evidence: Extract<OrderEvidence, 'answer' | 'asked'>;
  readonly brokerOrderId?: string;
  readonly filledQuantity?: Shares;
  readonly reason?: string;
}

/** What the ledger made of news. */
export interface SettleAnswer {
  /** The row as it stands now. */
  readonly order: OrderRow;
  /** Why the news was refused: it contradicts what is known, and the row is as it was. Late news is no contradiction. */
  readonly refusal?: string;
}

/** What became of a claim that was to be sent. */
export type SendAnswer =
  | ({ readonly kind: 'sent' } & SettleAnswer)
  /** A later claim, or an answer, has overtaken this one: nothing was sent. */
  | { readonly kind: 'overtaken'; readonly order: OrderRow };

/** Something that went wrong in a session. The breaker counts each; a foreign fill stands as a difference instead. */
export interface Incident {
  /** Identity of what happened: written twice, it counts once. */
  readonly key: string;
  readonly account: string;
  readonly session: SessionDate;
  readonly kind: 'answerLost' | 'newsRefused' | 'booksDisagree' | 'foreignFill';
  readonly detail: string;
}

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
    /** Round trips closed so far: their losses count no more. */
    readonly roundTrips: number;
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
   * A halted account claims only reduce-only orders, and so does a session that a later one has followed.
   */
  claim(intent: OrderIntent): Promise<ClaimAnswer>;
  /**
   * Claims again an order whose absence at the venue was proven (`unknown` or `sent` back to `sent`), under the same
   * lock and the same checks as `claim`; an order in any other state is answered as already claimed. What the checks
   * forbid meanwhile is given up as `cancelled`: what may have been sent is never `denied`.
   */
  reclaim(clientOrderId: string): Promise<ClaimAnswer>;
  /**
   * Sends under the order's row lock and writes the answer in the same transaction. Whoever wants to conclude anything
   * about the order waits for that lock, so a sender that froze cannot be overtaken while it may still send; one whose
   * claim was overtaken sends nothing. What `send` throws is thrown on, and the order stays `sent`.
   */
  sendClaimed(clientOrderId: string, claim: number, send: () => Promise<OrderNews>): Promise<SendAnswer>;
  /**
   * Ends an order as `cancelled` that provably is not at the venue: one that was never claimed (`ours`), written now if
   * it was not, or one whose absence was proven. Whoever still holds a claim on it sends nothing any more. An order in
   * any other state stays as it is.
   */
  withdraw(intent: OrderIntent, evidence: 'ours' | 'absenceProven'): Promise<OrderRow>;
  /** Orders that ended here with fewer shares filled than their fills say: the venue had more of them than it told. */
  ordersOverfilled(account: string): Promise<readonly OrderRow[]>;
  /** Our row of an order. */
  order(clientOrderId: string): Promise<OrderRow | undefined>;
  /** Writes what the venue says, as far as `transition` of the domain allows; a contradiction changes nothing. */
  settle(clientOrderId: string, news: OrderNews): Promise<SettleAnswer>;
  /** Records an order denied by our own checks, never sent. */
  deny(
    intent: OrderIntent,
    denial: { readonly code: string; readonly limit: string; readonly actual: string },
  ): Promise<void>;
  /**
   * Inserts fills once each by execution id; a commission booked later is added. Answers how many were new. A fill of an
   * order that we never claimed is somebody else's trade on our account: the same transaction writes a `foreignFill`.
   */
  recordFills(account: string, fills: readonly Fill[]): Promise<number>;
  /** Inserts adjustments once each by the venue's id; answers how many were new. */
  recordAdjustments(account: string, adjustments: readonly Adjustment[]): Promise<number>;
  /** Writes an incident once under its key. */
  recordIncident(incident: Incident): Promise<void>;
  incidents(account: string, session: SessionDate): Promise<readonly Incident[]>;
  /** Foreign fills that nobody has acknowledged, over the account's whole life, oldest first. */
  foreignFills(account: string): Promise<readonly Incident[]>;
  /**
   * A person knows of a foreign fill; whoever was first stays written.
   * @throws Failure FOREIGN_FILL_UNKNOWN when the account has none under the key
   */
  acknowledgeForeignFill(request: {
    readonly account: string;
    readonly key: string;
    readonly by: string;
  }): Promise<void>;
  orders(account: string, session: SessionDate): Promise<readonly OrderRow[]>;
  /** Orders claimed within so many milliseconds before now, by the ledger's own clock: how fast the account orders. */
  ordersClaimedWithin(account: string, periodMs: number): Promise<number>;
  /** Orders in `sent`, `acknowledged`, `partiallyFilled` or `unknown`. */
  openOrders(account: string): Promise<readonly OrderRow[]>;
  /** Fills of a session, or of the account's whole life, oldest first. */
  fills(account: string, session?: SessionDate): Promise<readonly Fill[]>;
  /** Fills and adjustments of shares over the account's whole life, oldest first: what `playFills` plays. */
  bookEntries(account: string): Promise<readonly (Fill | PositionAdjustment)[]>;
  /** Shares held by symbol, the sum of all fills and adjustments; zero positions left out. */
  positions(account: string): Promise<Readonly<Record<string, Shares>>>;
  /** Cash by our own account: what it opened with, fills, commissions and adjustments; undefined where that is not known. */
  cash(account: string): Promise<Money | undefined>;
  recordDecision(row: DecisionRow): Promise<void>;
  decision(decisionId: string): Promise<DecisionRow | undefined>;
  /** What was planned on a decision; undefined before anything was. */
  sessionPlan(decisionId: string): Promise<readonly PlannedOrder[] | undefined>;
  /** Writes what was planned on a decision, unless a plan stands already; answers with the one that stands. */
  recordSessionPlan(decisionId: string, orders: readonly PlannedOrder[]): Promise<readonly PlannedOrder[]>;
  /**
   * Business row of a session, unique by account and date, and from now on the account's current session. Asking again
   * changes nothing; a session before the current one is `past`, and is not opened.
   */
  openSession(account: string, session: SessionDate): Promise<'opened' | 'wasOpen' | 'past'>;
  closeSession(account: string, session: SessionDate, report: Readonly<Record<string, unknown>>): Promise<void>;
  sessions(account: string): Promise<
    readonly {
      readonly session: SessionDate;
      readonly closed: boolean;
      readonly report: Readonly<Record<string, unknown>>;
    }[]
  >;
}
