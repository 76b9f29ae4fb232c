import type { Digest } from '#domain/digest.ts';

/** A metric at a step; NaN is allowed and kept. */
export interface MetricPoint {
  readonly name: string;
  readonly value: number;
  readonly step: number;
  /** Wall time, milliseconds since 1970 UTC. */
  readonly timestampMs: number;
}

/** What identifies and describes a run. */
export interface RunRequest {
  readonly experiment: string;
  readonly name: string;
  /** Business identity: at most one run carries it. */
  readonly idempotencyKey: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
}

/** A registered version of a model. */
export interface ModelVersion {
  readonly model: string;
  readonly version: string;
  readonly runId: string;
  /** From the version's tag; what is loaded must have this digest. */
  readonly artifactDigest: Digest;
  /** Specifications that the search behind it tried, from the version's tag; absent where nobody searched. */
  readonly trials?: number;
}

/** Tracking and registry: MLflow over REST. All calls are idempotent by business identity. */
export interface ModelRegistry {
  /** The run with the key, made when there is none: search first, create once. */
  ensureRun(request: RunRequest): Promise<string>;
  logMetrics(runId: string, points: readonly MetricPoint[]): Promise<void>;
  setTags(runId: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Attaches a file to the run, under a path such as `curves/loss.svg`. */
  logArtifact(
    runId: string,
    path: string,
    content: { readonly bytes: Uint8Array; readonly type: string },
  ): Promise<void>;
  /** Records the dataset a run read. */
  logDataset(
    runId: string,
    dataset: { readonly name: string; readonly digest: Digest; readonly source: string },
  ): Promise<void>;
  finishRun(runId: string, status: 'FINISHED' | 'FAILED' | 'KILLED'): Promise<void>;
  /** The version with the artifact digest, registered when there is none. */
  ensureVersion(request: {
    readonly model: string;
    readonly runId: string;
    readonly source: string;
    readonly artifactDigest: Digest;
    readonly tags: Readonly<Record<string, string>>;
  }): Promise<ModelVersion>;
  versions(model: string): Promise<readonly ModelVersion[]>;
  aliased(model: string, alias: string): Promise<ModelVersion | undefined>;
  setAlias(model: string, alias: string, version: string): Promise<void>;
  /** Addresses people open: the run's page and the model's page. */
  runUrl(runId: string): Promise<string>;
}
