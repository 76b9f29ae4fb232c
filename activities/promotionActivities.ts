import { Failure } from '#domain/failure.ts';
import type { Approvals } from '#activities/ports/approvals.ts';
import type { AuditLog } from '#activities/ports/auditLog.ts';
import type { Catalogue } from '#activities/ports/catalogue.ts';
import type { ModelRegistry } from '#activities/ports/modelRegistry.ts';
import type { People } from '#activities/ports/people.ts';
import { decideReviews, type Gate } from '#domain/promotion.ts';
import type { Digest } from '#domain/digest.ts';
import { statementText, type ReviewSubject, type SignedReview } from '#domain/reviewStatement.ts';
import { digestOf } from '#domain/sha256.ts';
import { requireApproval, requireSignedReview } from './approvedBytes.ts';
import type { CandidateReference } from './trainingActivities.ts';

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

/** A decision to write down. */
export interface PromotionDecision {
  readonly candidate: CandidateReference;
  readonly request: string;
  /** The promotion that was reviewed; every statement names it. */
  readonly workflowId: string;
  readonly gate: string;
  readonly decision: 'approved' | 'rejected' | 'expired' | 'gateFailed';
  readonly reviews: readonly SignedReview[];
}

/** Activities of the promotion gate. */
export interface PromotionActivities {
  /** Figures of the candidate's validation. @throws Failure VALIDATION_MISSING when its bytes were never judged */
  readFigures(artifactDigest: Digest): Promise<Readonly<Record<string, number | null>>>;
  /**
   * Takes a signed review and keeps it, with its signature, in the audit chain.
   * @throws Failure of the area promotion: forged, altered, about something else, by the author or by no reviewer
   */
  verifyReview(given: { readonly review: SignedReview; readonly subject: ReviewSubject }): Promise<void>;
  /** Writes the request for review, or a reminder of it, to the audit chain and the log. */
  askForReview(request: PromotionRequest, reminder: number): Promise<void>;
  /**
   * Writes the approval row, bound to the artifact digest, and the audit record; every signature is checked again,
   * since whoever reaches Temporal can ask for this without a promotion.
   * @throws Failure REVIEWS_TOO_FEW when the signed reviews do not add up to the decision
   */
  recordDecision(decision: PromotionDecision): Promise<void>;
  /**
   * Moves `champion` to the version and keeps the earlier one as `previous`; repeating changes nothing.
   * @throws Failure CHAMPION_NOT_APPROVED when people did not sign for its bytes
   */
  crownChampion(candidate: CandidateReference): Promise<void>;
}

/** What the promotion's activities need of the world. */
export interface PromotionWorld {
  readonly catalogue: Catalogue;
  readonly registry: ModelRegistry;
  readonly approvals: Approvals;
  readonly audit: AuditLog;
  readonly people: People;
  /** Different people who must sign, by the settings of this process. */
  readonly approvalsRequired: number;
}

/** The promotion's activities over a world. */
export function createPromotionActivities(world: PromotionWorld): PromotionActivities {
  const { catalogue, registry, approvals, audit } = world;
  return {
    async readFigures(artifactDigest) {
      const row = await catalogue.validation(artifactDigest);
      if (!row) {
        throw new Failure('VALIDATION_MISSING', `artifact ${artifactDigest} was never validated`, { artifactDigest });
      }
      return row.summary.figures as Readonly<Record<string, number | null>>;
    },

    async verifyReview({ review, subject }) {
      await requireSignedReview(world, review, subject);
      const { statement } = review;
      await audit.append({
        key: `review:${digestOf(statementText(statement))}`,
        actor: statement.reviewer,
        action: 'review.taken',
        subject: `model:${statement.model}:${statement.modelVersion}`,
        body: { ...review },
      });
    },

    async askForReview({ candidate, request, approvalsRequired }, reminder) {
      await audit.append({
        key: `review-asked:${candidate.artifactDigest}:${request}:${reminder}`,
        actor: candidate.author,
        action: reminder === 0 ? 'review.asked' : 'review.reminded',
        subject: `model:${candidate.model}:${candidate.modelVersion}`,
        body: { artifactDigest: candidate.artifactDigest, approvalsRequired, reminder },
      });
    },

    async recordDecision(given) {
      const { candidate, request, gate, decision, reviews } = given;
      const { model, modelVersion, artifactDigest } = candidate;
      await requireSupported(world, given);
      if (decision !== 'gateFailed') {
        await approvals.record({ artifactDigest, model, modelVersion, request, decision, gate, reviews });
      }
      await audit.append({
        key: `promotion:${artifactDigest}:${request}`,
        actor: reviews.map(({ statement }) => statement.reviewer).join(',') || 'gate',
        action: `promotion.${decision}`,
        subject: `model:${model}:${modelVersion}`,
        body: { artifactDigest, gate, reviews, mlflowRunId: candidate.mlflowRunId },
      });
      await registry.setTags(candidate.mlflowRunId, { 'plimsoll.decision': decision, 'plimsoll.gate': gate });
    },

    async crownChampion({ model, modelVersion, artifactDigest }) {
      await requireApproval(world, { model, modelVersion, artifactDigest });
      const current = await registry.aliased(model, 'champion');
      if (current?.version === modelVersion) return;
      if (current) await registry.setAlias(model, 'previous', current.version);
      await registry.setAlias(model, 'champion', modelVersion);
    },
  };
}

/** A decision that people make must follow from what they signed, by this process's own count of people. */
async function requireSupported(
  world: PromotionWorld,
  { candidate, workflowId, gate, decision, reviews }: PromotionDecision,
): Promise<void> {
  const { model, modelVersion, artifactDigest } = candidate;
  const subject = { workflowId, gate, model, modelVersion, artifactDigest };
  for (const review of reviews) await requireSignedReview(world, review, subject);
  if (decision !== 'approved' && decision !== 'rejected') return;
  const { approvalsRequired } = world;
  const statements = reviews.map(({ statement }) => statement);
  const supported = decideReviews(statements, { author: candidate.author, artifactDigest, approvalsRequired });
  if (supported === decision) return;
  throw new Failure('REVIEWS_TOO_FEW', `${reviews.length} signed reviews are no ground for "${decision}"`, {
    supported,
    approvalsRequired,
  });
}
