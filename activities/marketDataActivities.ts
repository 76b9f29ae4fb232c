import type { Digest } from '#domain/digest.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { digestOf, sha256 } from '#domain/sha256.ts';
import type { ContractRules } from '#pipelines/contract/contractRules.ts';
import { benchmarkToTable, storedBarsToTable } from '#pipelines/tables.ts';
import type { Catalogue } from '#activities/ports/catalogue.ts';
import type { ColumnTables } from '#activities/ports/columnTables.ts';
import type { MarketDataProvider } from '#activities/ports/marketDataProvider.ts';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import { beating } from './beating.ts';
import { checkBars, checkedRange, rowsOf } from './checkBars.ts';
import { fetchDailyBars, type IngestUniverse } from './fetchDailyBars.ts';
import { parquetType } from './snapshotStore.ts';

/** What to ingest: a dataset's sessions up to and including `asOf`, never a later one. */
export interface IngestRequest {
  readonly dataset: string;
  /** Last session, `YYYY-MM-DD`. */
  readonly asOf: string;
  /**
   * Sessions to fetch anew, both inclusive, everything else staying as it is in the current snapshot: a backfill, or an
   * update of the last days. Absent: the whole history, which alone shows every restatement.
   */
  readonly range?: { readonly from: string; readonly to: string };
  /** Where a dataset of its own comes from; absent: the configured provider and symbols. */
  readonly source?: IngestSource;
}

/** A provider by its name, and symbols of it; none: every instrument it has. */
export interface IngestSource {
  readonly provider: string;
  readonly symbols: readonly string[];
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
  /** Address of the report that people read. */
  readonly report: string;
}

/** A published snapshot. */
export interface SnapshotReference {
  readonly digest: Digest;
  readonly dataset: string;
  readonly asOf: string;
  readonly symbols: readonly string[];
  readonly rows: number;
}

/** A published snapshot, and what its ingest found. */
export interface IngestedSnapshot extends SnapshotReference {
  /** Number of findings in the report, hard and soft. */
  readonly findings: number;
  /** Address of the report that people read. */
  readonly report: string;
}

/** Activities between a provider and the catalogue. */
export interface MarketDataActivities {
  /** Fetches the dataset and keeps it under its own digest. */
  fetchBars(request: IngestRequest): Promise<FetchedBars>;
  /**
   * Checks against the data contract and the snapshot before, repairs or quarantines, writes the snapshot's new parts,
   * its report and its manifest.
   * @throws Failure DATA_CONTRACT_BROKEN on a hard failure, BACKFILL_REFUSED: nothing is published
   */
  checkBars(fetched: FetchedBars): Promise<CheckedBars>;
  /** Writes the catalogue's row and moves the dataset's head. */
  publishSnapshot(checked: CheckedBars): Promise<SnapshotReference>;
}

/** What the market data activities need of the world. */
export interface MarketDataWorld {
  readonly provider: MarketDataProvider;
  /** A provider that a request names. @throws Failure PROVIDER_UNKNOWN, PROVIDER_CREDENTIALS_MISSING */
  readonly providerNamed: (name: string) => MarketDataProvider;
  readonly universe: IngestUniverse;
  readonly objects: ObjectStore;
  readonly tables: ColumnTables;
  readonly catalogue: Catalogue;
  /** Thresholds of the data contract. */
  readonly contractRules: ContractRules;
  /** Version of the running code, for manifests. */
  readonly codeVersion: string;
}

/** The market data activities over a world. */
export function createMarketDataActivities(world: MarketDataWorld): MarketDataActivities {
  const { catalogue } = world;
  return {
    fetchBars: (request) => beating((tell) => fetchBars(world, request, (progress) => tell({ progress }))),
    checkBars: (fetched) => beating(() => checkBars(world, fetched)),

    async publishSnapshot({ digest, dataset, asOf, firstSession, symbols, rows, manifestKey }) {
      await catalogue.publishSnapshot({
        digest,
        dataset,
        asOf: sessionDate(asOf),
        firstSession: sessionDate(firstSession),
        symbols,
        rows,
        manifestKey,
      });
      return { digest, dataset, asOf, symbols, rows };
    },
  };
}

/** Fetches and keeps what the provider gave under a name of its own: a later answer never takes its place. */
async function fetchBars(
  world: MarketDataWorld,
  request: IngestRequest,
  progress: (text: string) => void,
): Promise<FetchedBars> {
  const { objects, tables } = world;
  const { source } = request;
  const provider = source ? world.providerNamed(source.provider) : world.provider;
  const universe = source ? { ...world.universe, symbols: source.symbols } : world.universe;
  const range = request.range
    ? checkedRange(request.range, request.asOf)
    : { from: universe.firstSession, to: sessionDate(request.asOf) };
  const { bars, benchmark } = await fetchDailyBars(provider, universe, { range, progress });
  const [barBytes, benchmarkBytes] = [
    await tables.encode(storedBarsToTable(bars)),
    await tables.encode(benchmarkToTable(benchmark)),
  ];
  const identity = { provider: provider.name, range, files: [sha256(barBytes), sha256(benchmarkBytes)] };
  const folder = `raw/${request.dataset}/${request.asOf}/${digestOf(identity).slice(0, 16)}`;
  const barsKey = `${folder}/bars.parquet`;
  const benchmarkKey = `${folder}/benchmark.parquet`;
  await objects.put(barsKey, barBytes, parquetType);
  await objects.put(benchmarkKey, benchmarkBytes, parquetType);
  return { ...request, provider: provider.name, origin: provider.origin, barsKey, benchmarkKey, rows: rowsOf(bars) };
}
