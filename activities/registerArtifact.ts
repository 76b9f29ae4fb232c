import type { Digest } from '#domain/digest.ts';
import type { ModelRegistry } from '#activities/ports/modelRegistry.ts';
import type { DataWorld } from './modelData.ts';
import type { CandidateReference, TrainingIdentity } from './trainingActivities.ts';

/** What is registered, and whose it is. */
export interface RegisteredTraining {
  readonly model: string;
  readonly author: string;
  readonly snapshotDigest: Digest;
  readonly identity: TrainingIdentity;
  readonly mlflowRunId: string;
  /** Of the version, beside training and author. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Records an artifact's lineage and registers the candidate version, once per artifact digest; ends the run. */
export async function registerArtifact(
  { registry, catalogue, objects }: DataWorld & { readonly registry: ModelRegistry },
  { model, author, snapshotDigest, identity, mlflowRunId, tags }: RegisteredTraining,
  { artifactDigest, objectPrefix }: { readonly artifactDigest: Digest; readonly objectPrefix: string },
): Promise<CandidateReference> {
  const { trainingDigest, features } = identity;
  const { version: modelVersion } = await registry.ensureVersion({
    model,
    runId: mlflowRunId,
    source: objects.uri(objectPrefix),
    artifactDigest,
    tags: { 'plimsoll.training': trainingDigest, 'plimsoll.author': author, ...tags },
  });
  await catalogue.recordArtifact({
    digest: artifactDigest,
    model,
    trainingDigest,
    snapshotDigest,
    featureDigest: features.digest,
    objectPrefix,
    mlflowRunId,
    modelVersion,
    author,
  });
  await registry.finishRun(mlflowRunId, 'FINISHED');
  return { model, modelVersion, mlflowRunId, artifactDigest, author };
}
