import { Failure } from '#domain/failure.ts';
import type { Approvals } from '#activities/ports/approvals.ts';
import type { AuditLog } from '#activities/ports/auditLog.ts';
import type { Catalogue } from '#activities/ports/catalogue.ts';
import type { ModelRegistry } from '#activities/ports/modelRegistry.ts';
import type { People } from '#activities/ports/people.ts';
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

/** What the promotion's activities need of the world. */
export interface PromotionWorld {
  readonly catalogue: Catalogue;
  readonly registry: ModelRegistry;
  readonly approvals: Approvals;
  readonly audit: AuditLog;
  readonly people: People;
}

/** The promotion's activities over a world. */
export function createPromotionActivities({
  catalogue,
  registry,
  approvals,
  audit,
  people,
}: PromotionWorld): PromotionActivities {
  return {
    async readFigures(artifactDigest) {
      const row = await catalogue.validation(artifactDigest);
      if (!row) {
        throw new Failure('VALIDATION_MISSING', `artifact ${artifactDigest} was never validated`, { artifactDigest });
      }
      return row.summary.figures as Readonly<Record<string, number | null>>;
    },

    async confirmReviewer(name) {
      if (!(await people.hasRole(name, 'reviewer'))) {
        throw new Failure('REVIEWER_UNKNOWN', `${name} is not an active reviewer`, { name });
      }
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

    async recordDecision({ candidate, request, gate, decision, reviews }) {
      const { model, modelVersion, artifactDigest } = candidate;
      if (decision !== 'gateFailed') {
        await approvals.record({ artifactDigest, model, modelVersion, request, decision, gate, reviews });
      }
      await audit.append({
        key: `promotion:${artifactDigest}:${request}`,
        actor: reviews.map(({ reviewer }) => reviewer).join(',') || 'gate',
        action: `promotion.${decision}`,
        subject: `model:${model}:${modelVersion}`,
        body: { artifactDigest, gate, reviews, mlflowRunId: candidate.mlflowRunId },
      });
      await registry.setTags(candidate.mlflowRunId, { 'plimsoll.decision': decision, 'plimsoll.gate': gate });
    },

    async crownChampion({ model, modelVersion }) {
      const current = await registry.aliased(model, 'champion');
      if (current?.version === modelVersion) return;
      if (current) await registry.setAlias(model, 'previous', current.version);
      await registry.setAlias(model, 'champion', modelVersion);
    },
  };
}
