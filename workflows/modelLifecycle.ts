import { executeChild, setCurrentDetails, WorkflowIdReusePolicy } from '@temporalio/workflow';
import type { PromotionRequest } from '#activities/promotionActivities.ts';
import type { SnapshotReference } from '#activities/marketDataActivities.ts';
import type { TrainingOutcome, TrainingRequest } from '#activities/trainingActivities.ts';
import type { ValidationPlan, ValidationSummary } from '#activities/validationActivities.ts';
import { ingestMarketData } from './ingestMarketData.ts';
import { promoteModel, type PromotionOutcome } from './promoteModel.ts';
import { mark } from './searchAttributes.ts';
import { trainModel } from './trainModel.ts';
import { validateModel } from './validateModel.ts';
import { workflowIds } from './workflowIds.ts';

/** A model's way from data to champion. */
export interface LifecyclePlan {
  readonly dataset: string;
  readonly asOf: string;
  readonly training: Omit<TrainingRequest, 'snapshotDigest'>;
  readonly validation: ValidationPlan;
  readonly promotion: Omit<PromotionRequest, 'candidate'>;
  /** Digests of what decides the training and the validation, by the starter: they name the children. */
  readonly specDigest: string;
  readonly planDigest: string;
  /** Digest of everything the plan asks for: with another one it is another life cycle, also on the same day. */
  readonly lifecycleDigest: string;
}

/** What a lifecycle answers. */
export interface LifecycleOutcome {
  readonly snapshot: SnapshotReference;
  readonly training: TrainingOutcome;
  readonly validation: ValidationSummary;
  readonly promotion: PromotionOutcome;
}

// A child that is asked for again does its work again and answers the same: every write is idempotent.
const again = { workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE } as const;

/** Ingest, train, validate, promote: each a workflow of its own. */
export async function modelLifecycle(plan: LifecyclePlan): Promise<LifecycleOutcome> {
  const { dataset, asOf } = plan;
  const { model } = plan.training;
  mark({ model, dataset, stage: 'ingest' });
  const snapshot = await executeChild(ingestMarketData, {
    ...again,
    workflowId: workflowIds.ingest(dataset, asOf),
    staticSummary: `${dataset} as of ${asOf}`,
    args: [{ dataset, asOf }],
  });

  mark({ stage: 'train' });
  setCurrentDetails(`Snapshot \`${snapshot.digest}\`; training ${model}`);
  const training = await executeChild(trainModel, {
    ...again,
    workflowId: workflowIds.train(model, plan.specDigest),
    staticSummary: `${model} on ${snapshot.digest.slice(0, 12)}`,
    args: [{ ...plan.training, snapshotDigest: snapshot.digest }],
  });

  mark({ stage: 'validate' });
  const { modelVersion, mlflowRunId, artifactDigest, author } = training;
  const candidate = { model, modelVersion, mlflowRunId, artifactDigest, author };
  const validation = await executeChild(validateModel, {
    ...again,
    workflowId: workflowIds.validate(model, modelVersion, plan.planDigest),
    staticSummary: `${model} ${modelVersion}, artifact ${artifactDigest.slice(0, 12)}`,
    args: [{ candidate, features: training.features, training: plan.training.training, plan: plan.validation }],
  });

  mark({ stage: 'promote' });
  const promotion = await executeChild(promoteModel, {
    ...again,
    workflowId: workflowIds.promote(model, modelVersion, plan.promotion.request),
    staticSummary: `${model} ${modelVersion} asks for review`,
    args: [{ ...plan.promotion, candidate }],
  });

  mark({ stage: 'done', verdict: promotion.decision });
  setCurrentDetails(`${model} ${modelVersion}: **${promotion.decision}**`);
  return { snapshot, training, validation, promotion };
}
