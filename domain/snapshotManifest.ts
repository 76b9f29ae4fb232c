import type { Digest } from './digest.ts';
import type { SessionDate } from './sessionDate.ts';

/** What a part of a snapshot holds: what the venue printed, the closes adjusted since, or the benchmark. */
export type PartKind = 'bars' | 'adjusted' | 'benchmark';

/** One Parquet file of a snapshot: the rows of a year. Snapshots share the parts whose rows are the same. */
export interface SnapshotPart {
  readonly kind: PartKind;
  /** Four digits. */
  readonly year: string;
  readonly rows: number;
  readonly firstSession: SessionDate;
  readonly lastSession: SessionDate;
  /** SHA-256 of the part's canonical rows: equal rows are not written twice. */
  readonly digest: Digest;
  /** Where the file lies: under the SHA-256 of its bytes. */
  readonly key: string;
  /** SHA-256 of the file's bytes; another version of the writer may lay the same rows out differently. */
  readonly fileDigest: Digest;
  /** Size of the file in bytes. */
  readonly bytes: number;
}

/** How often a rule of the data contract spoke, and how serious it was. */
export interface RuleOutcomeCount {
  readonly rule: string;
  readonly findings: number;
  readonly symbols: number;
  /** Findings by severity: `note` the row stands, `warning` a row was repaired or skipped, `error` a symbol is gone. */
  readonly severities: Readonly<Partial<Record<'note' | 'warning' | 'error', number>>>;
}

/**
 * What is told of a published snapshot beside its rows; written last, once: a snapshot without one is not there. The
 * same rows published as another dataset, or as of another session, have another manifest with the same parts.
 */
export interface SnapshotManifest {
  readonly format: 'plimsoll-snapshot';
  readonly version: 2;
  /** SHA-256 of the canonical schema and rows, whatever the parts, times and versions. */
  readonly digest: Digest;
  readonly dataset: string;
  readonly asOf: string;
  readonly firstSession: string;
  readonly symbols: readonly string[];
  readonly rows: number;
  readonly provider: string;
  readonly origin: string;
  /** What the provider gave, unchanged. */
  readonly raw: { readonly bars: string; readonly benchmark: string };
  readonly codeVersion: string;
  /** The dataset's snapshot before this one, against which restatements were looked for. */
  readonly previous: Digest | null;
  readonly rules: readonly RuleOutcomeCount[];
  readonly quarantined: readonly string[];
  readonly parts: readonly SnapshotPart[];
  /** Reports of the ingest: every finding, for people and for programs. */
  readonly reports: { readonly html: string; readonly json: string };
}

/** What a manifest tells of: a dataset as of a session, as a snapshot. */
export type Publication = Pick<SnapshotManifest, 'digest' | 'dataset' | 'asOf'>;

/** Where the manifests of a snapshot lie, one for each dataset and session that it was published as. */
export function manifestFolder(digest: Digest): string {
  return `snapshots/${digest}/`;
}

/** Where the manifest of a publication lies. */
export function manifestKey({ digest, dataset, asOf }: Publication): string {
  return `${manifestFolder(digest)}${dataset}/${asOf}.json`;
}

/** Where the file of a part lies. */
export function partKey(fileDigest: Digest): string {
  return `parts/${fileDigest}.parquet`;
}
