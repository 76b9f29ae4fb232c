import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  proxyActivities,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type {
  Gate,
  PromotionActivities,
  PromotionDecision,
  PromotionRequest,
} from '#activities/promotionActivities.ts';
import { decideReviews, evaluateGate, refuseReview } from '#domain/promotion.ts';
import { promotionStatus, review, type GateOutcome, type PromotionStatus, type Review } from './messages.ts';
import { policies } from './policies.ts';
import { mark } from './searchAttributes.ts';

const { readFigures, confirmReviewer, askForReview, recordDecision, crownChampion } =
  proxyActivities<PromotionActivities>(policies.bookkeeping);

/** What a finished promotion answers. */
export interface PromotionOutcome {
  readonly decision: PromotionDecision['decision'];
  /** The gate that opened or closed the review. */
  readonly gate: GateOutcome;
  readonly honestGate: GateOutcome;
  readonly reviewers: readonly string[];
}

/**
 * Carries a judged candidate through the gate and the reviewers to the alias `champion`.
 * Reviews arrive by Update; the decision is bound to the artifact's digest.
 */
export async function promoteModel(request: PromotionRequest): Promise<PromotionOutcome> {
  const { candidate } = request;
  const reviews: Review[] = [];
  let stage: PromotionStatus['stage'] = 'gate';
  let honestGate: GateOutcome | undefined;
  let gate: GateOutcome | undefined;
  let expiresAtMs = 0;
  let outcome: PromotionDecision['decision'] | undefined;
  const rule = {
    author: candidate.author,
    artifactDigest: candidate.artifactDigest,
    approvalsRequired: request.approvalsRequired,
  };

  setHandler(promotionStatus, () => ({
    model: candidate.model,
    modelVersion: candidate.modelVersion,
    artifactDigest: candidate.artifactDigest,
    author: candidate.author,
    stage,
    ...(gate && { gate }),
    ...(honestGate && { honestGate }),
    reviews,
    approvalsRequired: request.approvalsRequired,
    expiresAtMs,
    ...(outcome && { decision: outcome }),
  }));
  setHandler(
    review,
    async (given) => {
      await confirmReviewer.executeWithOptions({ summary: `is ${given.reviewer} a reviewer?` }, [given.reviewer]);
      refuseIfNeeded(stage, given, reviews, rule);
      reviews.push(given);
      return {
        approvals: reviews.filter(({ verdict }) => verdict === 'approve').length,
        approvalsRequired: request.approvalsRequired,
        decision: decideReviews(reviews, rule),
      };
    },
    {
      description: 'Approve or reject the candidate, bound to its artifact digest',
      validator: (given) => refuseIfNeeded(stage, given, reviews, rule),
    },
  );

  mark({ model: candidate.model, stage: 'gate' });
  const figures = await readFigures.executeWithOptions({ summary: 'read the validation' }, [candidate.artifactDigest]);
  honestGate = weigh(request.honestGate, figures);
  gate =
    honestGate.verdict === 'failed' && request.demonstrationGate
      ? weigh(request.demonstrationGate, figures)
      : honestGate;

  if (gate.verdict === 'failed') {
    outcome = 'gateFailed';
  } else {
    stage = 'review';
    mark({ stage: 'review' });
    expiresAtMs = Date.now() + request.reviewTimeoutMs;
    setCurrentDetails(waitingText(request, gate));
    outcome = await awaitReviewers(request, () => decideReviews(reviews, rule), expiresAtMs);
  }
  stage = 'done';
  await condition(allHandlersFinished);
  return conclude(request, { decision: outcome, gate, honestGate, reviews });
}

/** Waits for the decision, reminding on the way; silence until the end is `expired`. */
async function awaitReviewers(
  request: PromotionRequest,
  decide: () => 'pending' | 'approved' | 'rejected',
  expiresAtMs: number,
): Promise<'approved' | 'rejected' | 'expired'> {
  for (let reminder = 0; ; reminder += 1) {
    await askForReview.executeWithOptions({ summary: reminder === 0 ? 'ask for review' : `reminder ${reminder}` }, [
      request,
      reminder,
    ]);
    const waitMs = Math.min(request.reminderIntervalMs, expiresAtMs - Date.now());
    if (waitMs > 0) await condition(() => decide() !== 'pending', waitMs);
    const decision = decide();
    if (decision !== 'pending') return decision;
    if (Date.now() >= expiresAtMs) return 'expired';
  }
}

/** Writes the decision down, then moves the alias: a reader never sees a champion without its approval. */
async function conclude(
  request: PromotionRequest,
  result: Omit<PromotionOutcome, 'reviewers'> & { readonly reviews: readonly Review[] },
): Promise<PromotionOutcome> {
  const { candidate } = request;
  const { decision, gate, honestGate, reviews } = result;
  const recorded = reviews.map(({ reviewer, verdict, comment }) => ({ reviewer, verdict, comment }));
  await recordDecision.executeWithOptions({ summary: `record: ${decision}` }, [
    { candidate, request: request.request, gate: gate.name, decision, reviews: recorded },
  ]);
  if (decision === 'approved') {
    await crownChampion.executeWithOptions({ summary: `champion is version ${candidate.modelVersion}` }, [candidate]);
  }
  mark({ stage: 'done', verdict: decision });
  setCurrentDetails(`**${decision}** by gate "${gate.name}" and ${recorded.length} reviews`);
  return { decision, gate, honestGate, reviewers: recorded.map(({ reviewer }) => reviewer) };
}

function weigh(gate: Gate, figures: Readonly<Record<string, number | null>>): GateOutcome {
  const { verdict, checks } = evaluateGate(gate.criteria, figures);
  return { name: gate.name, verdict, checks };
}

function refuseIfNeeded(
  stage: PromotionStatus['stage'],
  given: Review,
  taken: readonly Review[],
  rule: Parameters<typeof refuseReview>[2],
): void {
  if (stage !== 'review') {
    throw ApplicationFailure.nonRetryable('the candidate is not under review', 'REVIEW_NOT_OPEN');
  }
  const refusal = refuseReview(given, taken, rule);
  if (refusal) throw ApplicationFailure.nonRetryable(refusal.message, refusal.code);
}

function waitingText(request: PromotionRequest, gate: GateOutcome): string {
  const { candidate } = request;
  return (
    `**${candidate.model} ${candidate.modelVersion}** passed "${gate.name}" and waits for ` +
    `${request.approvalsRequired} reviewers other than ${candidate.author}.\n\n` +
    `Artifact \`${candidate.artifactDigest}\``
  );
}
