import type { OrderIntent } from '#domain/order.ts';
import type { EquityFigures, SessionPlan } from './tradingPlan.ts';

/** Whether a session may go on. */
export type SessionOpening =
  | { readonly kind: 'open'; readonly tradingState: 'active' | 'reducing' }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string };

/** What reconciling our book with the broker's showed. */
export interface Reconciliation {
  readonly agreed: boolean;
  readonly differences: readonly string[];
}

/** A decision, written down before anything is ordered. */
export interface DecisionReference {
  readonly decisionId: string;
  readonly source: string;
  readonly modelVersion?: string;
  readonly artifactDigest?: string;
  /** Target weight by symbol, fractions of equity. */
  readonly targets: Readonly<Record<string, number>>;
}

/** Orders that passed our checks, and how many did not. */
export interface PlannedOrders {
  readonly orders: readonly OrderIntent[];
  readonly denied: number;
}

/** A closed session's report. */
export interface SessionReport {
  readonly account: string;
  readonly session: string;
  readonly orders: number;
  readonly fills: number;
  /** Dollars. */
  readonly equity: number;
  readonly reconciled: boolean;
  readonly differences: readonly string[];
  readonly reportKey: string;
}

/** Phase of the venue's session. */
export type Phase = 'beforeOpen' | 'open' | 'closed';

/** Activities of a trading session. */
export interface SessionActivities {
  /** Opening checks: the row of the session, the trading state, the venue's calendar. */
  openTradingSession(plan: SessionPlan): Promise<SessionOpening>;
  /** Settles what was open, takes missed fills, compares positions with the broker's. */
  reconcileAccount(plan: SessionPlan): Promise<Reconciliation>;
  /** Predicts with the approved champion, its digest verified, or asks the named rule; writes the decision. */
  decideTargets(plan: SessionPlan): Promise<DecisionReference>;
  /** Turns targets into orders and checks each; denials are written, not sent. */
  planOrders(plan: SessionPlan, decision: DecisionReference): Promise<PlannedOrders>;
  /** Milliseconds until the venue reaches the phase; 0 when it has. A replaying venue is moved there. */
  reachPhase(plan: SessionPlan, phase: Phase): Promise<{ readonly waitMs: number }>;
  /** Takes fills, reads equity, lets the guard weigh it. */
  observeAccount(plan: SessionPlan): Promise<EquityFigures>;
  /** Writes the end-of-day report and closes the session's row. */
  closeTradingSession(plan: SessionPlan, reconciliation: Reconciliation): Promise<SessionReport>;
}
