import type { Digest } from '#domain/digest.ts';
import { Failure } from '#domain/failure.ts';
import { digestOf, sha256 } from '#domain/sha256.ts';
import { manifestFolder, manifestKey, partKey } from '#domain/snapshotManifest.ts';
import type { Publication, SnapshotManifest, SnapshotPart } from '#domain/snapshotManifest.ts';
import type { Snapshot } from '#pipelines/snapshot.ts';
import { joinParts, partTables, type PartTable } from '#pipelines/snapshotParts.ts';
import type { ColumnTables } from '#activities/ports/columnTables.ts';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import { getJson, putJson } from './storedJson.ts';

/** Where snapshots lie. */
export interface SnapshotStores {
  readonly objects: ObjectStore;
  readonly tables: ColumnTables;
}

/** Content type of a Parquet file. */
export const parquetType = 'application/vnd.apache.parquet';

/** What a manifest says that its rows do not. */
export type SnapshotDescription = Omit<SnapshotManifest, 'format' | 'version' | 'parts'>;

/**
 * Writes a snapshot: parts that no earlier one has, then the manifest, which makes it whole. One that is there stays as
 * it is, with the reports of the run that wrote it.
 * @param written.earlier the manifest before, whose parts of equal rows are used again
 * @returns where the manifest lies
 */
export async function writeSnapshot(
  stores: SnapshotStores,
  snapshot: Snapshot,
  written: {
    readonly description: SnapshotDescription;
    readonly earlier: SnapshotManifest | undefined;
  },
): Promise<string> {
  const { objects } = stores;
  const { description, earlier } = written;
  const key = manifestKey(description);
  if (await objects.exists(key)) return key;
  const identity = ({ kind, year, digest }: PartTable | SnapshotPart): string => `${kind} ${year} ${digest}`;
  const known = new Map(earlier?.parts.map((part) => [identity(part), part]));
  const parts: SnapshotPart[] = [];
  for (const part of partTables(snapshot)) parts.push(known.get(identity(part)) ?? (await writePart(stores, part)));
  const manifest: SnapshotManifest = { format: 'plimsoll-snapshot', version: 2, ...description, parts };
  await putJson(objects, key, manifest);
  return key;
}

/** A report of an ingest, for people and for programs. */
export interface IngestReports {
  readonly html: string;
  readonly json: unknown;
}

/**
 * Writes both forms of a report, under a name of their own: no later run of the same ingest takes their place.
 * @returns where they lie
 */
export async function writeReports(
  objects: ObjectStore,
  { dataset, asOf }: Pick<Publication, 'dataset' | 'asOf'>,
  { html, json }: IngestReports,
): Promise<SnapshotManifest['reports']> {
  const folder = `reports/${dataset}/${asOf}/${digestOf({ html, json }).slice(0, 16)}`;
  const keys = { html: `${folder}.html`, json: `${folder}.json` };
  await objects.put(keys.html, new TextEncoder().encode(html), 'text/html; charset=utf-8');
  await putJson(objects, keys.json, json);
  return keys;
}

/** What was told of a publication when it was written. @throws Failure OBJECT_MISSING */
export function readManifest(
  { objects }: Pick<SnapshotStores, 'objects'>,
  publication: Publication,
): Promise<SnapshotManifest> {
  return getJson<SnapshotManifest>(objects, manifestKey(publication));
}

/**
 * Reads a snapshot.
 * @throws Failure OBJECT_MISSING, SNAPSHOT_DAMAGED when a file is not the one that was written
 */
export async function readSnapshot(stores: SnapshotStores, digest: Digest): Promise<Snapshot> {
  const { objects, tables } = stores;
  const { parts } = await anyManifest(objects, digest);
  const files = await Promise.all(parts.map(({ key }) => objects.get(key)));
  const damaged = parts.find(({ fileDigest }, index) => sha256(files[index]!) !== fileDigest);
  if (damaged) {
    const { key, kind, year } = damaged;
    const message = `${key} (${kind} of ${year}) is not the file that snapshot ${digest} was written with`;
    throw new Failure('SNAPSHOT_DAMAGED', message, { key, digest });
  }
  const read = await tables.decodeAll(files);
  return joinParts(parts.map(({ kind, year }, index) => ({ kind, year, table: read[index]! })));
}

/** A manifest of a snapshot: whichever publication it is of, its parts hold the same rows. */
async function anyManifest(objects: ObjectStore, digest: Digest): Promise<SnapshotManifest> {
  const [first] = (await objects.list(manifestFolder(digest))).filter((key) => key.endsWith('.json'));
  if (first === undefined) throw new Failure('OBJECT_MISSING', `snapshot ${digest} has no manifest`, { digest });
  return getJson<SnapshotManifest>(objects, first);
}

async function writePart({ objects, tables }: SnapshotStores, part: PartTable): Promise<SnapshotPart> {
  const { table, ...described } = part;
  const bytes = await tables.encode(table);
  const fileDigest = sha256(bytes);
  const key = partKey(fileDigest);
  await objects.put(key, bytes, parquetType);
  return { ...described, key, fileDigest, bytes: bytes.length };
}
