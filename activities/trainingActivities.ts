import type { EpochReport } from '#models/training.ts';
import type { ModelProcesses } from '#models/process/modelProcessClient.ts';
import type { ModelRegistry } from '#activities/ports/modelRegistry.ts';
import { beating } from './beating.ts';
import { compareForecasters } from './compareForecasters.ts';
import { provideFeatures, type DataWorld } from './modelData.ts';
import { openTrainingRun } from './openTrainingRun.ts';
import { registerArtifact } from './registerArtifact.ts';
import { trainForecaster } from './trainForecaster.ts';
import { trainingIdentity } from './trainingIdentity.ts';
import type { Digest } from '#domain/digest.ts';
import type { TrainingSpec } from '#models/trainingSpec.ts';
import type { FeatureSpec } from '#pipelines/features/featureSpec.ts';

/** What to train: everything that decides the bytes of the artifact, and who asked. */
export interface TrainingRequest {
  readonly model: string;
  readonly author: string;
  readonly snapshotDigest: Digest;
  readonly features: FeatureSpec;
  readonly training: TrainingSpec;
  /** Sessions at the snapshot's end that training must not see; they score the candidate. */
  readonly holdoutSessions: number;
  /** The search that chose the specification; it decides no byte, but how much luck a good figure may hold. */
  readonly search?: SearchOrigin;
}

/** Where a specification comes from that was searched for. */
export interface SearchOrigin {
  readonly searchDigest: Digest;
  /** MLflow run of the search. */
  readonly mlflowRunId: string;
  /** Specifications that were tried. */
  readonly trials: number;
}

/** Features of a snapshot, computed once. */
export interface FeatureReference {
  readonly digest: Digest;
  readonly snapshotDigest: Digest;
  readonly objectKey: string;
  /** Samples with every feature present. */
  readonly rows: number;
  readonly names: readonly string[];
}

/** A training's identity, fixed before it starts: the same request gives the same digest, and so the same run. */
export interface TrainingIdentity {
  readonly trainingDigest: Digest;
  readonly features: FeatureReference;
}

/** A training as it runs: request, identity and the MLflow run that watches it. */
export interface OpenTraining {
  readonly request: TrainingRequest;
  readonly identity: TrainingIdentity;
  readonly mlflowRunId: string;
}

/** A trained artifact in the object store. */
export interface TrainedArtifact {
  readonly artifactDigest: Digest;
  readonly objectPrefix: string;
  readonly samplesPerSecond: number;
  readonly epochs: number;
  readonly validationLoss: number;
}

/** What a training tells with its heartbeats, after every epoch. Losses are of standardised labels. */
export interface TrainingProgress extends EpochReport {
  /** Epochs at most. */
  readonly epochs: number;
  /** At the rate so far, if no epoch is saved. */
  readonly secondsLeft: number;
}

/** Mean squared error and rank correlation with the labels of the validation part, by forecaster. */
export type BaselineFigures = Readonly<
  Record<string, { readonly meanSquaredError: number; readonly rankCorrelation: number | null }>
>;

/** A candidate in the registry. */
export interface CandidateReference {
  readonly model: string;
  readonly modelVersion: string;
  readonly mlflowRunId: string;
  readonly artifactDigest: Digest;
  readonly author: string;
}

/** What a finished training answers. */
export interface TrainingOutcome extends CandidateReference {
  readonly samplesPerSecond: number;
  readonly epochs: number;
  readonly features: FeatureReference;
  readonly baselines: BaselineFigures;
}

/** Activities from a snapshot to a registered candidate. */
export interface TrainingActivities {
  /** Computes the features, once per digest, and fixes the training's identity. */
  identifyTraining(request: TrainingRequest): Promise<TrainingIdentity>;
  /** The MLflow run of this training: found, or made once. */
  openTrainingRun(request: TrainingRequest, identity: TrainingIdentity): Promise<OpenTraining>;
  /** Trains in a child process, beating with its checkpoint; a repeat resumes from the last checkpoint. */
  trainForecaster(training: OpenTraining): Promise<TrainedArtifact>;
  /** Judges the artifact beside naive, ridge, gradient boosting and ensembles on the validation part. */
  compareBaselines(training: OpenTraining, artifact: TrainedArtifact): Promise<BaselineFigures>;
  /** Records the artifact's lineage and registers the candidate version, once per artifact digest. */
  registerCandidate(training: OpenTraining, artifact: TrainedArtifact): Promise<CandidateReference>;
}

/** What the training activities need of the world. */
export interface TrainingWorld extends DataWorld {
  readonly registry: ModelRegistry;
  readonly processes: ModelProcesses;
  /** Version of the running code, for manifests. */
  readonly codeVersion: string;
}

/** The training activities over a world. */
export function createTrainingActivities(world: TrainingWorld): TrainingActivities {
  const { registry } = world;
  return {
    identifyTraining: (request) =>
      beating(async () => {
        const { reference } = await provideFeatures(world, request.snapshotDigest, request.features);
        return trainingIdentity(request, reference);
      }),

    async openTrainingRun(request, identity) {
      const { model, author, snapshotDigest, training } = request;
      const params = Object.fromEntries(Object.entries(training).map(([name, value]) => [name, String(value)]));
      const mlflowRunId = await openTrainingRun(world, { model, author, snapshotDigest, identity, tags: {}, params });
      // The run may be older than the search that comes upon it.
      if (request.search) await registry.setTags(mlflowRunId, searchTags(request.search));
      return { request, identity, mlflowRunId };
    },

    trainForecaster: (training) => trainForecaster(world, training),
    compareBaselines: (training, artifact) => beating(() => compareForecasters(world, training, artifact)),

    registerCandidate({ request, identity, mlflowRunId }, artifact) {
      const { model, author, snapshotDigest, search } = request;
      const tags = search ? { 'plimsoll.trials': String(search.trials) } : {};
      return registerArtifact(world, { model, author, snapshotDigest, identity, mlflowRunId, tags }, artifact);
    },
  };
}

/** A run of a trial lies under its search in MLflow. */
function searchTags({ searchDigest, mlflowRunId }: SearchOrigin): Readonly<Record<string, string>> {
  return { 'mlflow.parentRunId': mlflowRunId, 'plimsoll.search': searchDigest };
}
