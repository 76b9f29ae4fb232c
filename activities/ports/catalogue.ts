import type { Digest } from '#domain/digest.ts';
import type { SessionDate } from '#domain/sessionDate.ts';

/** A dataset as of a session, published as a snapshot: several may share one, since its digest is that of its rows. */
export interface SnapshotRow {
  readonly digest: Digest;
  readonly dataset: string;
  readonly asOf: SessionDate;
  readonly firstSession: SessionDate;
  readonly symbols: readonly string[];
  readonly rows: number;
  readonly manifestKey: string;
}

/** Features computed once per (snapshot, code, parameters). */
export interface FeatureSetRow {
  readonly digest: Digest;
  readonly snapshotDigest: Digest;
  readonly objectKey: string;
  readonly rows: number;
}

/** A trained artifact and everything it came from. */
export interface ArtifactRow {
  readonly digest: Digest;
  readonly model: string;
  readonly trainingDigest: Digest;
  readonly snapshotDigest: Digest;
  readonly featureDigest: Digest;
  readonly objectPrefix: string;
  readonly mlflowRunId: string;
  readonly modelVersion: string;
  readonly author: string;
}

/** A finished validation of an artifact's bytes under a plan. */
export interface ValidationRow {
  readonly artifactDigest: Digest;
  readonly planDigest: Digest;
  /** Plain JSON, small: the figures the gate reads. */
  readonly summary: Readonly<Record<string, unknown>>;
  readonly reportKey: string;
}

/** The catalogue in PostgreSQL. Every write is idempotent by its digest; a different row under the same key is refused. */
export interface Catalogue {
  /** Writes the row and moves the dataset's head to it, in one transaction; an older `asOf` never moves the head back. */
  publishSnapshot(row: SnapshotRow): Promise<void>;
  /** The first publication of a snapshot. */
  snapshot(digest: Digest): Promise<SnapshotRow | undefined>;
  head(dataset: string): Promise<SnapshotRow | undefined>;
  snapshots(dataset: string): Promise<readonly SnapshotRow[]>;
  /** Datasets that have a snapshot, sorted. */
  datasets(): Promise<readonly string[]>;
  recordFeatureSet(row: FeatureSetRow): Promise<void>;
  featureSet(digest: Digest): Promise<FeatureSetRow | undefined>;
  recordArtifact(row: ArtifactRow): Promise<void>;
  /** Every artifact, by model, versions ascending. */
  artifacts(): Promise<readonly ArtifactRow[]>;
  artifact(digest: Digest): Promise<ArtifactRow | undefined>;
  artifactByVersion(model: string, version: string): Promise<ArtifactRow | undefined>;
  recordValidation(row: ValidationRow): Promise<void>;
  validation(artifactDigest: Digest): Promise<ValidationRow | undefined>;
}
