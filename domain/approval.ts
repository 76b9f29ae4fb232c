import type { Digest } from './digest.ts';
import { decideReviews } from './promotion.ts';
import { refuseStatement, type SignatureStanding, type SignedReview } from './reviewStatement.ts';

/** A model version and its bytes. */
export interface ApprovedVersion {
  readonly model: string;
  readonly modelVersion: string;
  readonly artifactDigest: Digest;
}

/** What is kept of an approval, and what each of its signatures is worth now. */
export interface KeptApproval {
  readonly model: string;
  readonly modelVersion: string;
  readonly gate: string;
  readonly reviews: readonly SignedReview[];
  /** By review, in their order. */
  readonly standings: readonly SignatureStanding[];
}

/** What an approval must amount to. */
export interface ApprovalTerms {
  /** Who trained the candidate, by the catalogue; absent: the catalogue does not know the bytes. */
  readonly author?: string;
  readonly approvalsRequired: number;
}

/**
 * Why people have not approved a version's bytes; undefined when they have. A key revoked since does not undo what it
 * signed while it was good.
 * @param approval as it is kept under the digest of the bytes; absent when there is none
 */
export function refuseApproval(
  version: ApprovedVersion,
  approval: KeptApproval | undefined,
  { author, approvalsRequired }: ApprovalTerms,
): string | undefined {
  const { model, modelVersion, artifactDigest } = version;
  if (approval?.model !== model || approval.modelVersion !== modelVersion) return 'no approval names its bytes';
  if (author === undefined) return 'the catalogue does not know its bytes';
  const { gate, reviews, standings } = approval;
  for (const [index, { statement }] of reviews.entries()) {
    const { workflowId, reviewer } = statement;
    const refusal = refuseStatement(statement, { workflowId, gate, model, modelVersion, artifactDigest });
    if (refusal) return refusal.message;
    const standing = standings[index];
    if (standing === 'unknown') return `${reviewer} does not have the key it names`;
    if (standing !== 'valid' && standing !== 'revoked') return `${reviewer} did not sign the statement`;
  }
  const statements = reviews.map(({ statement }) => statement);
  return decideReviews(statements, { author, artifactDigest, approvalsRequired }) === 'approved'
    ? undefined
    : `${approvalsRequired} people must have signed for its bytes`;
}
