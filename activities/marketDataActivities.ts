import type { Digest } from '#domain/digest.ts';

/** What to ingest: a dataset's sessions up to and including `asOf`, never a later one. */
export interface IngestRequest {
  readonly dataset: string;
  /** Last session, `YYYY-MM-DD`. */
  readonly asOf: string;
}

/** Bars as the provider gave them, kept as evidence. */
export interface FetchedBars extends IngestRequest {
  readonly provider: string;
  readonly origin: string;
  readonly barsKey: string;
  readonly benchmarkKey: string;
  readonly rows: number;
}

/** Bars that passed the data contract. */
export interface CheckedBars extends IngestRequest {
  readonly digest: Digest;
  readonly symbols: readonly string[];
  readonly rows: number;
  readonly firstSession: string;
  /** Number of findings in the report, hard and soft. */
  readonly findings: number;
  readonly manifestKey: string;
}

/** A published snapshot. */
export interface SnapshotReference {
  readonly digest: Digest;
  readonly dataset: string;
  readonly asOf: string;
  readonly symbols: readonly string[];
  readonly rows: number;
}

/** Activities between a provider and the catalogue. */
export interface MarketDataActivities {
  /** Fetches the dataset and keeps it under its own digest. */
  fetchBars(request: IngestRequest): Promise<FetchedBars>;
  /**
   * Checks against the data contract, repairs or quarantines, writes the snapshot's objects and report.
   * @throws Failure DATA_CONTRACT_BROKEN on a hard failure: nothing is published
   */
  checkBars(fetched: FetchedBars): Promise<CheckedBars>;
  /** Writes the catalogue's row and moves the dataset's head. */
  publishSnapshot(checked: CheckedBars): Promise<SnapshotReference>;
}
