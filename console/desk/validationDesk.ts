import type { Client } from '@temporalio/client';
import { z } from 'zod';
import type { Catalogue } from '#activities/ports/catalogue.ts';
import { requireOwnOrigin } from '#activities/ownOrigin.ts';
import { procedureDigestOf, procedureOf } from '#activities/trainingIdentity.ts';
import type { ValidationRequest, ValidationSummary } from '#activities/validationActivities.ts';
import { verifyArtifact } from '#domain/artifact.ts';
import { Failure } from '#domain/failure.ts';
import { digestOf } from '#domain/sha256.ts';
import { taskQueues } from '#workflows/taskQueues.ts';
import type { validateModel } from '#workflows/validateModel.ts';
import { workflowIds } from '#workflows/workflowIds.ts';
import { currentDetails } from './currentDetails.ts';
import { followed } from './followed.ts';
import type { Models } from './modelDesk.ts';
import { startOrJoin } from './startOrJoin.ts';

/** What is judged: everything of a request but the plan. */
export type ValidationSubject = Omit<ValidationRequest, 'plan'>;

/** Validations of registered versions: they run on when whoever asked for them has gone. */
export interface Validations {
  /**
   * What a registered version was trained on and with, read from its own bytes.
   * @param version number of a version or an alias; undefined: the newest
   * @param holdoutSessions sessions at the end that its training must not have seen
   * @throws Failure MODEL_UNKNOWN; AGENT_ORIGIN_UNPROVEN; HOLDOUT_UNPROVEN where the training was told another holdout; LINEAGE_BROKEN where the
   *   catalogue does not hold what the bytes came from
   */
  subject(model: string, version: string | undefined, holdoutSessions: number): Promise<ValidationSubject>;
  /** Judges, or joins the validation of the same request. @throws the failure the validation met */
  validate(request: ValidationRequest, onProgress: (text: string) => void): Promise<ValidationSummary>;
  /** A document of a validation, by its key. @throws Failure OBJECT_MISSING */
  document(key: string): Promise<Uint8Array>;
}

/** Where versions and documents lie, and who carries validations. */
export interface ValidationSources {
  readonly client: Client;
  readonly catalogue: Pick<Catalogue, 'artifact' | 'featureSet'>;
  readonly models: Models;
  readonly readObject: (key: string) => Promise<Uint8Array>;
}

const scalerSchema = z.object({ names: z.array(z.string()) });

/** Validations as Temporal carries them. */
export function createValidations({ client, catalogue, models, readObject }: ValidationSources): Validations {
  return {
    async subject(model, version, holdoutSessions) {
      const { modelVersion, artifactDigest, author, files } = await models.fetch(
        model,
        version ?? (await newestVersion(models, model)),
      );
      verifyArtifact(files, artifactDigest);
      requireOwnOrigin(files);
      const artifact = await catalogue.artifact(artifactDigest);
      const featureSet = artifact && (await catalogue.featureSet(artifact.featureDigest));
      if (!artifact || !featureSet) {
        const message = `the catalogue does not hold what ${model} ${modelVersion} was trained on`;
        throw new Failure('LINEAGE_BROKEN', message, { artifactDigest });
      }
      const training = procedureOf(files);
      const proven = procedureDigestOf(training, { model, holdoutSessions }, featureSet.digest);
      if (proven !== artifact.trainingDigest) {
        const message = `${model} ${modelVersion} was not trained with a holdout of ${holdoutSessions} sessions by this code`;
        throw new Failure('HOLDOUT_UNPROVEN', message, { model, modelVersion, holdoutSessions });
      }
      const { names } = scalerSchema.parse(JSON.parse(new TextDecoder().decode(files['scaler.json'])));
      return {
        candidate: { model, modelVersion, mlflowRunId: artifact.mlflowRunId, artifactDigest, author },
        features: { ...featureSet, names },
        training,
      };
    },

    async validate(request, onProgress) {
      const { model, modelVersion, artifactDigest } = request.candidate;
      const handle = await startOrJoin<typeof validateModel>(client, 'validateModel', {
        workflowId: workflowIds.validate(model, modelVersion, digestOf(request.plan)),
        taskQueue: taskQueues.lifecycle,
        staticSummary: `${model} ${modelVersion}, artifact ${artifactDigest.slice(0, 12)}`,
        args: [request],
      });
      return followed(handle, onProgress, () => currentDetails(handle));
    },

    document: readObject,
  };
}

/** The newest version of a model; of one that is not there a number that none has, so that the failure is said once. */
async function newestVersion(models: Models, model: string): Promise<string> {
  const versions = (await models.list()).filter((one) => one.model === model);
  return versions.at(-1)?.modelVersion ?? 'newest';
}
