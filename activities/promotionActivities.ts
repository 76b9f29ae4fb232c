import type { Digest } from '#domain/digest.ts';
import type { CandidateReference } from './trainingActivities.ts';

/** One criterion of a gate, as data. */
export interface GateCriterion {
  readonly metric: string;
  readonly comparison: 'atLeast' | 'atMost';
  readonly threshold: number;
  readonly reason: string;
}

/** A named list of criteria. */
export interface Gate {
  readonly name: string;
  readonly criteria: readonly GateCriterion[];
}

/** What to promote, by which gates and whose approval. */
export interface PromotionRequest {
  readonly candidate: CandidateReference;
  /** Identity of this request: a candidate that was refused may be asked for again under another. */
  readonly request: string;
  /** The gate that decides whether a model deserves to trade. */
  readonly honestGate: Gate;
  /** Demonstration only: a plumbing check whose pass opens the review when the honest gate failed. */
  readonly demonstrationGate?: Gate;
  readonly approvalsRequired: number;
  readonly reviewTimeoutMs: number;
  readonly reminderIntervalMs: number;
}

/** A review as the decision records it. */
export interface RecordedReview {
  readonly reviewer: string;
  readonly verdict: 'approve' | 'reject';
  readonly comment: string;
}

/** A decision to write down. */
export interface PromotionDecision {
  readonly candidate: CandidateReference;
  readonly request: string;
  readonly gate: string;
  readonly decision: 'approved' | 'rejected' | 'expired' | 'gateFailed';
  readonly reviews: readonly RecordedReview[];
}

/** Activities of the promotion gate. */
export interface PromotionActivities {
  /** Figures of the candidate's validation. @throws Failure VALIDATION_MISSING when its bytes were never judged */
  readFigures(artifactDigest: Digest): Promise<Readonly<Record<string, number | null>>>;
  /** @throws Failure REVIEWER_UNKNOWN when no active person with the reviewer's role has the name */
  confirmReviewer(name: string): Promise<void>;
  /** Writes the request for review, or a reminder of it, to the audit chain and the log. */
  askForReview(request: PromotionRequest, reminder: number): Promise<void>;
  /** Writes the approval row, bound to the artifact digest, and the audit record. */
  recordDecision(decision: PromotionDecision): Promise<void>;
  /** Moves `champion` to the version and keeps the earlier one as `previous`; repeating changes nothing. */
  crownChampion(candidate: CandidateReference): Promise<void>;
}
