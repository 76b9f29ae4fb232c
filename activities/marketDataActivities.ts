import { sessionsBetween } from '#domain/calendar.ts';
import type { Digest } from '#domain/digest.ts';
import { sessionDate } from '#domain/sessionDate.ts';
import { digestOf } from '#domain/sha256.ts';
import { checkContract, publishableBars } from '#pipelines/contract/checkContract.ts';
import type { ContractRules } from '#pipelines/contract/contractRules.ts';
import { snapshotDigest } from '#pipelines/snapshot.ts';
import { barsToTable, benchmarkToTable, tableToBars, tableToBenchmark } from '#pipelines/tables.ts';
import type { Catalogue } from '#activities/ports/catalogue.ts';
import type { ColumnTables } from '#activities/ports/columnTables.ts';
import type { MarketDataProvider } from '#activities/ports/marketData.ts';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import { putJson } from './storedJson.ts';
import { beating } from './beating.ts';

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

/** What the market data activities need of the world. */
export interface MarketDataWorld {
  readonly provider: MarketDataProvider;
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
  const { provider, catalogue } = world;
  return {
    fetchBars: (request) => beating(() => fetchBars(world, request)),
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

  async function fetchBars({ objects, tables }: MarketDataWorld, request: IngestRequest): Promise<FetchedBars> {
    const [from] = await provider.sessions();
    const range = { from: from ?? sessionDate(request.asOf), to: sessionDate(request.asOf) };
    const bars = await provider.dailyBars(range);
    const benchmark = await provider.benchmark(range);
    const folder = `raw/${request.dataset}/${request.asOf}/${digestOf({ provider: provider.name, range }).slice(0, 16)}`;
    const barsKey = `${folder}/bars.parquet`;
    const benchmarkKey = `${folder}/benchmark.parquet`;
    await objects.put(barsKey, await tables.encode(barsToTable(bars)), parquetType);
    await objects.put(benchmarkKey, await tables.encode(benchmarkToTable(benchmark)), parquetType);
    const rows = bars.reduce((sum, { sessions }) => sum + sessions.length, 0);
    return { ...request, provider: provider.name, origin: provider.origin, barsKey, benchmarkKey, rows };
  }
}

const parquetType = 'application/vnd.apache.parquet';

/** Where the objects of a snapshot lie. */
export function snapshotKeys(digest: Digest): {
  readonly bars: string;
  readonly benchmark: string;
  readonly manifest: string;
} {
  const folder = `snapshots/${digest}`;
  return {
    bars: `${folder}/bars.parquet`,
    benchmark: `${folder}/benchmark.parquet`,
    manifest: `${folder}/manifest.json`,
  };
}

async function checkBars(world: MarketDataWorld, fetched: FetchedBars): Promise<CheckedBars> {
  const { objects, tables, codeVersion, contractRules } = world;
  const given = tableToBars(await tables.decode(await objects.get(fetched.barsKey)));
  const benchmark = tableToBenchmark(await tables.decode(await objects.get(fetched.benchmarkKey)));
  const firstSession = given.map(({ sessions }) => sessions[0] ?? '').sort()[0] ?? fetched.asOf;
  const report = checkContract(given, {
    rules: contractRules,
    expectedSessions: sessionsBetween(sessionDate(firstSession), sessionDate(fetched.asOf)),
  });
  const bars = publishableBars(report);
  const digest = snapshotDigest({ bars, benchmark });
  const keys = snapshotKeys(digest);
  const symbols = bars.map(({ symbol }) => symbol);
  const rows = bars.reduce((sum, { sessions }) => sum + sessions.length, 0);
  await objects.put(keys.bars, await tables.encode(barsToTable(bars)), parquetType);
  await objects.put(keys.benchmark, await tables.encode(benchmarkToTable(benchmark)), parquetType);
  // Times, file digests and the code's version describe these files; they are no part of the snapshot's identity.
  const { dataset, asOf, provider, origin } = fetched;
  const { findings, quarantined } = report;
  const manifest = {
    digest,
    dataset,
    asOf,
    firstSession,
    symbols,
    rows,
    provider,
    origin,
    codeVersion,
    findings,
    quarantined,
  };
  await putJson(objects, keys.manifest, manifest);
  return { dataset, asOf, digest, symbols, rows, firstSession, findings: findings.length, manifestKey: keys.manifest };
}
