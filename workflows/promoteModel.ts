import {
  allHandlersFinished,
  condition,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { PromotionActivities, PromotionDecision, PromotionRequest } from '#activities/promotionActivities.ts';
import { decideReviews, refuseReview, weighGate, type ReviewRule } from '#domain/promotion.ts';
import { refuseStatement, type ReviewSubject, type SignedReview } from '#domain/reviewStatement.ts';
import { promotionStatus, review, type GateOutcome, type PromotionStatus } from './messages.ts';
import { policies } from './policies.ts';
import { refusal } from './refusal.ts';
import { mark } from './searchAttributes.ts';

const { readFigures, verifyReview, askForReview, recordDecision, crownChampion } = proxyActivities<PromotionActivities>(
  policies.bookkeeping,
);

/** What a finished promotion answers. */
export interface PromotionOutcome {
  readonly decision: PromotionDecision['decision'];
  /** The gate that opened or closed the review. */
  readonly gate: GateOutcome;
  readonly honestGate: GateOutcome;
  readonly reviewers: readonly string[];
}

/** A promotion as it stands; its handlers and its procedure share it. */
interface Standing {
  stage: PromotionStatus['stage'];
  gate?: GateOutcome;
  honestGate?: GateOutcome;
  expiresAtMs: number;
  decision?: PromotionDecision['decision'];
  readonly reviews: SignedReview[];
}

/**
 * Carries a judged candidate through the gate and the reviewers to the alias `champion`.
 * Reviews arrive by Update, signed by people: who reaches Temporal can send them, but not sign them.
 */
export async function promoteModel(request: PromotionRequest): Promise<PromotionOutcome> {
  const { candidate } = request;
  const standing: Standing = { stage: 'gate', expiresAtMs: 0, reviews: [] };
  listen(request, standing);

  mark({ model: candidate.model, stage: 'gate' });
  const figures = await readFigures.executeWithOptions({ summary: 'read the validation' }, [candidate.artifactDigest]);
  const honestGate = weighGate(request.honestGate, figures);
  const demonstrates = honestGate.verdict === 'failed' && request.demonstrationGate !== undefined;
  const gate = demonstrates ? weighGate(request.demonstrationGate, figures) : honestGate;
  Object.assign(standing, { gate, honestGate });

  if (gate.verdict === 'failed') {
    standing.decision = 'gateFailed';
  } else {
    standing.stage = 'review';
    standing.expiresAtMs = Date.now() + request.reviewTimeoutMs;
    mark({ stage: 'review' });
    setCurrentDetails(waitingText(request, gate));
    standing.decision = await awaitReviewers(request, standing);
  }
  standing.stage = 'done';
  await condition(allHandlersFinished);
  return conclude(request, { decision: standing.decision, gate, honestGate, reviews: standing.reviews });
}

/** Answers queries and takes reviews; the validator refuses before anything is written to the history. */
function listen(request: PromotionRequest, standing: Standing): void {
  const { model, modelVersion, artifactDigest, author } = request.candidate;
  const { approvalsRequired } = request;
  setHandler(promotionStatus, () => ({
    model,
    modelVersion,
    artifactDigest,
    author,
    approvalsRequired,
    ...standing,
    reviews: statementsOf(standing),
  }));
  setHandler(
    review,
    async (given) => {
      const { reviewer } = given.statement;
      await verifyReview.executeWithOptions({ summary: `did ${reviewer} sign this?` }, [
        { review: given, subject: subjectOf(request, standing) },
      ]);
      refuseIfNeeded(request, standing, given); // again: another review may have come in between
      standing.reviews.push(given);
      return {
        approvals: statementsOf(standing).filter(({ verdict }) => verdict === 'approve').length,
        approvalsRequired,
        decision: decideReviews(statementsOf(standing), ruleOf(request)),
      };
    },
    {
      description: 'Approve or reject the candidate, bound to its artifact digest',
      validator: (given) => refuseIfNeeded(request, standing, given),
    },
  );
}

/** Waits for the decision, reminding on the way; silence until the end is `expired`. */
async function awaitReviewers(
  request: PromotionRequest,
  standing: Standing,
): Promise<'approved' | 'rejected' | 'expired'> {
  const { expiresAtMs } = standing;
  const decide = (): ReturnType<typeof decideReviews> => decideReviews(statementsOf(standing), ruleOf(request));
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
  result: Omit<PromotionOutcome, 'reviewers'> & { readonly reviews: readonly SignedReview[] },
): Promise<PromotionOutcome> {
  const { candidate } = request;
  const { decision, gate, honestGate, reviews } = result;
  await recordDecision.executeWithOptions({ summary: `record: ${decision}` }, [
    { candidate, request: request.request, workflowId: workflowInfo().workflowId, gate: gate.name, decision, reviews },
  ]);
  if (decision === 'approved') {
    await crownChampion.executeWithOptions({ summary: `champion is version ${candidate.modelVersion}` }, [candidate]);
  }
  mark({ stage: 'done', verdict: decision });
  setCurrentDetails(`**${decision}** by gate "${gate.name}" and ${reviews.length} reviews`);
  return { decision, gate, honestGate, reviewers: reviews.map(({ statement }) => statement.reviewer) };
}

function ruleOf({ candidate, approvalsRequired }: PromotionRequest): ReviewRule {
  return { author: candidate.author, artifactDigest: candidate.artifactDigest, approvalsRequired };
}

function statementsOf({ reviews }: Pick<Standing, 'reviews'>): readonly SignedReview['statement'][] {
  return reviews.map(({ statement }) => statement);
}

function subjectOf({ candidate }: PromotionRequest, { gate }: Standing): ReviewSubject {
  const { model, modelVersion, artifactDigest } = candidate;
  return { workflowId: workflowInfo().workflowId, gate: gate?.name ?? '', model, modelVersion, artifactDigest };
}

function refuseIfNeeded(request: PromotionRequest, standing: Standing, { statement }: SignedReview): void {
  if (standing.stage !== 'review') throw refusal('REVIEW_NOT_OPEN', 'the candidate is not under review');
  const refused =
    refuseReview(statement, statementsOf(standing), ruleOf(request)) ??
    refuseStatement(statement, subjectOf(request, standing));
  if (refused) throw refusal(refused.code, refused.message);
}

function waitingText(request: PromotionRequest, gate: GateOutcome): string {
  const { candidate } = request;
  return (
    `**${candidate.model} ${candidate.modelVersion}** passed "${gate.name}" and waits for ` +
    `${request.approvalsRequired} reviewers other than ${candidate.author}.\n\n` +
    `Artifact \`${candidate.artifactDigest}\``
  );
}
