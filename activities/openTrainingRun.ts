import type { FeatureReference, TrainingWorld } from './trainingActivities.ts';

/** What a training is, for its run. */
export interface RunRequest {
  readonly model: string;
  readonly author: string;
  readonly snapshotDigest: string;
  readonly identity: { readonly trainingDigest: string; readonly features: FeatureReference };
  /** Beside those that every training has. */
  readonly tags: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
}

/** The MLflow run of a training with its dataset: found, or made once; answers its id. */
export async function openTrainingRun(
  { registry }: Pick<TrainingWorld, 'registry'>,
  { model, author, snapshotDigest, identity, tags, params }: RunRequest,
): Promise<string> {
  const { trainingDigest, features } = identity;
  const mlflowRunId = await registry.ensureRun({
    experiment: model,
    name: `${model} ${trainingDigest.slice(0, 8)}`,
    idempotencyKey: trainingDigest,
    tags: {
      'plimsoll.training': trainingDigest,
      'plimsoll.snapshot': snapshotDigest,
      'plimsoll.author': author,
      ...tags,
    },
    params,
  });
  await registry.logDataset(mlflowRunId, { name: 'features', digest: features.digest, source: features.objectKey });
  return mlflowRunId;
}
