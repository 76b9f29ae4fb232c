import type { Digest } from '#domain/digest.ts';
import type { SignedReview } from '#domain/reviewStatement.ts';

/** A promotion's decision, bound to the bytes of an artifact. */
export interface ApprovalRow {
  readonly artifactDigest: Digest;
  readonly model: string;
  readonly modelVersion: string;
  readonly request: string;
  readonly decision: 'approved' | 'rejected' | 'expired';
  readonly gate: string;
  /** What people said and signed, in the order it was taken. */
  readonly reviews: readonly SignedReview[];
}

/** Decisions in PostgreSQL: trading loads only an artifact whose digest stands here as approved. */
export interface Approvals {
  record(row: ApprovalRow): Promise<void>;
  approved(artifactDigest: Digest): Promise<ApprovalRow | undefined>;
  decisions(model: string): Promise<readonly ApprovalRow[]>;
}
