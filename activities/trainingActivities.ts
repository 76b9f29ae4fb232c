import type { Digest } from '#domain/digest.ts';
import type { TrainingSpec } from '#models/trainingSpec.ts';
import type { FeatureSpec } from '#pipelines/features.ts';

/** What to train: everything that decides the bytes of the artifact, and who asked. */
export interface TrainingRequest {
  readonly model: string;
  readonly author: string;
  readonly snapshotDigest: Digest;
  readonly features: FeatureSpec;
  readonly training: TrainingSpec;
  /** Sessions at the snapshot's end that training must not see; they score the candidate. */
  readonly holdoutSessions: number;
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
  /** Judges the artifact beside the naive and ridge baselines on the validation part. */
  compareBaselines(training: OpenTraining, artifact: TrainedArtifact): Promise<BaselineFigures>;
  /** Records the artifact's lineage and registers the candidate version, once per artifact digest. */
  registerCandidate(training: OpenTraining, artifact: TrainedArtifact): Promise<CandidateReference>;
}
