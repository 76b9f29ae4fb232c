import type { Digest } from '#domain/digest.ts';

/** A promotion's decision, bound to the bytes of an artifact. */
export interface ApprovalRow {
  readonly artifactDigest: Digest;
  readonly model: string;
  readonly modelVersion: string;
  readonly request: string;
  readonly decision: 'approved' | 'rejected' | 'expired';
  readonly gate: string;
  /** Who approved or rejected, in order, with what they said. */
  readonly reviews: readonly {
    readonly reviewer: string;
    readonly verdict: 'approve' | 'reject';
    readonly comment: string;
  }[];
}

/** Decisions in PostgreSQL: trading loads only an artifact whose digest stands here as approved. */
export interface Approvals {
  record(row: ApprovalRow): Promise<void>;
  approved(artifactDigest: Digest): Promise<ApprovalRow | undefined>;
  decisions(model: string): Promise<readonly ApprovalRow[]>;
}
