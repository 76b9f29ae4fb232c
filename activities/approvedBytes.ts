import type { Approvals } from '#activities/ports/approvals.ts';
import type { Catalogue } from '#activities/ports/catalogue.ts';
import type { People } from '#activities/ports/people.ts';
import { refuseApproval, type ApprovedVersion } from '#domain/approval.ts';
import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import { refuseStatement, statementText, type ReviewSubject, type SignedReview } from '#domain/reviewStatement.ts';

/** What it takes to tell whether people approved bytes. */
export interface ApprovalWorld {
  readonly approvals: Approvals;
  readonly catalogue: Pick<Catalogue, 'artifact'>;
  readonly people: People;
  /** Different people who must have signed, by this process's own settings: no workflow's input can lower it. */
  readonly approvalsRequired: number;
}

const refusals = {
  forged: { code: 'REVIEW_SIGNATURE_FORGED', what: 'did not sign the statement' },
  unknown: { code: 'REVIEW_KEY_UNKNOWN', what: 'does not have the key it names' },
  revoked: { code: 'REVIEW_KEY_REVOKED', what: 'signed with a revoked key' },
} as const;

/**
 * Takes a review only when an active reviewer other than the author signed it about this subject.
 * The author is who the catalogue says, not who a workflow says.
 * @throws Failure of the area promotion, saying why not
 */
export async function requireSignedReview(
  { people, catalogue }: Pick<ApprovalWorld, 'people' | 'catalogue'>,
  { statement, signature }: SignedReview,
  subject: ReviewSubject,
): Promise<void> {
  const refusal = refuseStatement(statement, subject);
  if (refusal) throw new Failure(refusal.code, refusal.message, { reviewer: statement.reviewer });
  const { reviewer: name, key } = statement;
  const standing = await people.checkSignature({ name, key, text: statementText(statement), signature });
  if (standing !== 'valid') {
    const { code, what } = refusals[standing];
    throw new Failure(code, `${name} ${what}`, { name, key });
  }
  if (!(await people.hasRole(name, 'reviewer'))) {
    throw new Failure('REVIEWER_UNKNOWN', `${name} is not an active reviewer`, { name });
  }
  const artifact = await catalogue.artifact(subject.artifactDigest as Digest);
  if (artifact?.model !== subject.model || artifact.modelVersion !== subject.modelVersion) {
    const message = `${subject.artifactDigest} are not the bytes of ${subject.model} ${subject.modelVersion}`;
    throw new Failure('REVIEW_OF_OTHER_BYTES', message, { ...subject });
  }
  if (artifact.author === name) {
    throw new Failure('REVIEW_BY_AUTHOR', `${name} trained the candidate and may not review it`, { name });
  }
}

/**
 * Proves that enough people other than the author signed for a version's bytes: every signature is checked anew.
 * @throws Failure CHAMPION_NOT_APPROVED
 */
export async function requireApproval(world: ApprovalWorld, version: ApprovedVersion): Promise<void> {
  const { model, modelVersion, artifactDigest } = version;
  const approval = await world.approvals.approved(artifactDigest);
  const artifact = await world.catalogue.artifact(artifactDigest);
  const standings = await Promise.all(
    (approval?.reviews ?? []).map(({ statement, signature }) => {
      const { reviewer: name, key } = statement;
      return world.people.checkSignature({ name, key, text: statementText(statement), signature });
    }),
  );
  const why = refuseApproval(version, approval && { ...approval, standings }, {
    approvalsRequired: world.approvalsRequired,
    ...(artifact && { author: artifact.author }),
  });
  if (why !== undefined) {
    throw new Failure('CHAMPION_NOT_APPROVED', `${model} ${modelVersion}: ${why}`, { ...version });
  }
}
