import { canonicalJson } from './canonicalJson.ts';
import type { GivenReview } from './promotion.ts';

/** What a person says, and signs, about a candidate: bound to its bytes and to the promotion that asked. */
export interface ReviewStatement extends GivenReview {
  /** Format of the statement; part of what is signed, so that no other text can be taken for one. */
  readonly format: 'plimsoll-review-1';
  readonly workflowId: string;
  /** The gate that opened the review. */
  readonly gate: string;
  readonly model: string;
  readonly modelVersion: string;
  readonly comment: string;
  /** The person's own wall time, milliseconds since 1970 UTC. */
  readonly reviewedAtMs: number;
  /** Key it is signed with: SHA-256 of the public key. */
  readonly key: string;
}

/** A statement with its Ed25519 signature (RFC 8032), base64url. */
export interface SignedReview {
  readonly statement: ReviewStatement;
  readonly signature: string;
}

/**
 * What a signature is worth. `valid`: the person's key made it. `revoked`: so it did, but the key signs nothing new.
 * `unknown`: the key is not the person's. `forged`: the key did not sign this text.
 */
export type SignatureStanding = 'valid' | 'revoked' | 'unknown' | 'forged';

/** What a review must be about. */
export type ReviewSubject = Pick<ReviewStatement, 'workflowId' | 'gate' | 'model' | 'modelVersion' | 'artifactDigest'>;

/** The text that is signed: canonical JSON of the statement's own members and no others. */
export function statementText(statement: ReviewStatement): string {
  const { format, workflowId, gate, model, modelVersion, artifactDigest } = statement;
  const { reviewer, verdict, comment, reviewedAtMs, key } = statement;
  return canonicalJson({
    format,
    workflowId,
    gate,
    model,
    modelVersion,
    artifactDigest,
    reviewer,
    verdict,
    comment,
    reviewedAtMs,
    key,
  });
}

/** Why a statement says nothing about a subject; undefined when it speaks of it. */
export function refuseStatement(
  statement: ReviewStatement,
  subject: ReviewSubject,
): { readonly code: 'REVIEW_OF_OTHER_BYTES' | 'REVIEW_OF_OTHER_CANDIDATE'; readonly message: string } | undefined {
  if (statement.artifactDigest !== subject.artifactDigest) {
    const message = `the review names ${statement.artifactDigest}, the candidate is ${subject.artifactDigest}`;
    return { code: 'REVIEW_OF_OTHER_BYTES', message };
  }
  const isReview = statement.format === 'plimsoll-review-1' && ['approve', 'reject'].includes(statement.verdict);
  const differing = (['workflowId', 'gate', 'model', 'modelVersion'] as const).filter(
    (member) => statement[member] !== subject[member],
  );
  if (isReview && differing.length === 0) return undefined;
  const message = isReview ? `the review names another ${differing.join(', ')}` : 'the statement is no review';
  return { code: 'REVIEW_OF_OTHER_CANDIDATE', message };
}
