import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ReviewStatement, SignedReview } from '#domain/reviewStatement.ts';

/** Where a promotion stands. */
export interface PromotionStatus {
  readonly model: string;
  readonly modelVersion: string;
  readonly artifactDigest: string;
  readonly author: string;
  /** `gate`: criteria are being evaluated; `review`: waiting for people; `done`: decided. */
  readonly stage: 'gate' | 'review' | 'done';
  readonly gate?: GateOutcome;
  readonly honestGate?: GateOutcome;
  readonly reviews: readonly ReviewStatement[];
  readonly approvalsRequired: number;
  /** Wall time, milliseconds since 1970 UTC, when an undecided review ends as expired; 0 before the review starts. */
  readonly expiresAtMs: number;
  readonly decision?: 'approved' | 'rejected' | 'expired' | 'gateFailed';
}

/** A gate's verdict with every check's figures. */
export interface GateOutcome {
  readonly name: string;
  readonly verdict: 'passed' | 'failed';
  readonly checks: readonly {
    readonly metric: string;
    readonly comparison: string;
    readonly threshold: number;
    readonly actual: number | null;
    readonly passed: boolean;
    readonly reason: string;
  }[];
}

/** Answer to a review that was taken. */
export interface ReviewReceipt {
  readonly approvals: number;
  readonly approvalsRequired: number;
  readonly decision: 'pending' | 'approved' | 'rejected';
}

/**
 * A reviewer's signed verdict on `promoteModel`. Its validator refuses the author, a second vote, and other bytes; the
 * signature is checked by an activity before the verdict counts.
 */
export const review = defineUpdate<ReviewReceipt, [SignedReview]>('review');

/** Where a promotion stands. */
export const promotionStatus = defineQuery<PromotionStatus>('promotionStatus');

/** An account's equity as a session saw it; amounts in ten-thousandths of a dollar. */
export interface EquityObservation {
  readonly session: string;
  readonly equity: number;
  readonly dayOpenEquity: number;
  readonly highWaterMark: number;
  readonly lossStreak: number;
  /** System errors of the session so far. */
  readonly errors: number;
  /** Age of the newest market data by the venue's clock; absent where nothing trades, as before the open. */
  readonly dataAgeMs?: number;
  /** Differences between our book and the broker's that stood when looked at again. */
  readonly differences: number;
}

/** Where a guard stands. */
export interface GuardStatus {
  readonly account: string;
  readonly state: 'active' | 'reducing' | 'halted';
  readonly reason: string;
  readonly changedBy: string;
  /** Number of the escalation under way or last run, its halt's among the changes; 0 when there never was one. */
  readonly escalation: number;
  readonly lastObservation?: EquityObservation;
  /** Drawdowns over which the guard reduces and halts, fractions; told to whoever asks. */
  readonly levels?: { readonly drawdownReduceFraction: number; readonly drawdownHaltFraction: number };
  /** People who asked for a restart since the halt. */
  readonly restartAskedBy: readonly string[];
}

/** Equity of an account, as its session saw it: the breaker's input. Answers the state after it was weighed. */
export const observeEquity = defineUpdate<GuardStatus, [EquityObservation]>('observeEquity');

/** A person, or the kill switch, stops an account. */
export interface HaltRequest {
  readonly by: string;
  readonly reason: string;
}

/** Stops an account: orders cancelled, positions closed, trading disabled. Answers when PostgreSQL says halted. */
export const haltAccount = defineUpdate<GuardStatus, [HaltRequest]>('haltAccount');

/** Tells a guard that PostgreSQL was made stricter without it, by the kill switch: it reads and escalates. */
export const tradingStateChanged = defineSignal('tradingStateChanged');

/** A person asks for trading to resume; the second, different one makes it so. Refused while unreconciled. */
export const restartAccount = defineUpdate<GuardStatus, [{ readonly by: string }]>('restartAccount');

/** Where a guard stands. */
export const guardStatus = defineQuery<GuardStatus>('guardStatus');

/** A person acknowledges an escalation; paging stops. */
export const acknowledgeEscalation = defineUpdate<void, [{ readonly by: string; readonly comment: string }]>(
  'acknowledgeEscalation',
);

/** Where a trading session stands. */
export interface SessionStatus {
  readonly account: string;
  readonly session: string;
  readonly stage: 'checking' | 'reconciling' | 'deciding' | 'trading' | 'watching' | 'closing' | 'closed' | 'refused';
  readonly orders: number;
  readonly fills: number;
}

/** Where a trading session stands. */
export const sessionStatus = defineQuery<SessionStatus>('sessionStatus');

/** Tells a session that the venue has answered one of its orders. */
export const orderReachedVenue = defineSignal<[string]>('orderReachedVenue');
