import { Failure } from '#domain/failure.ts';
import { statementText, type ReviewStatement, type SignedReview } from '#domain/reviewStatement.ts';
import type { PromotionStatus } from '#workflows/messages.ts';
import type { People } from './desk/desk.ts';

/** What a person decided, and about what. */
export interface Verdict {
  readonly workflowId: string;
  readonly status: Pick<PromotionStatus, 'model' | 'modelVersion' | 'gate'>;
  /** Digest of the bytes the person looked at. */
  readonly artifactDigest: string;
  readonly verdict: 'approve' | 'reject';
  readonly comment: string;
}

/**
 * A person's verdict, signed with the key that their password opens; the key is forgotten at once.
 * @throws Failure CREDENTIALS_REFUSED when the password does not open it
 */
export async function signReview(
  people: Pick<People, 'openKey'>,
  credentials: { readonly name: string; readonly password: string },
  { workflowId, status, artifactDigest, verdict, comment }: Verdict,
): Promise<SignedReview> {
  const { name } = credentials;
  const opened = await people.openKey(credentials);
  if (!opened) throw new Failure('CREDENTIALS_REFUSED', `the password does not open the key of ${name}`, { name });
  const { model, modelVersion, gate } = status;
  const statement: ReviewStatement = {
    format: 'plimsoll-review-1',
    workflowId,
    gate: gate?.name ?? '',
    model,
    modelVersion,
    artifactDigest,
    reviewer: name,
    verdict,
    comment,
    reviewedAtMs: Date.now(),
    key: opened.key,
  };
  return { statement, signature: opened.sign(statementText(statement)) };
}
