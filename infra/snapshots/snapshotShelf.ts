import type { Catalogue, SnapshotRow } from '#activities/ports/catalogue.ts';
import { Failure } from '#domain/failure.ts';
import type { Digest } from '#domain/digest.ts';
import { sha256 } from '#domain/sha256.ts';
import type { ColumnTable } from '#domain/columnTable.ts';
import type { PartKind, SnapshotManifest, SnapshotPart } from '#domain/snapshotManifest.ts';
import { parquetTables } from '../parquet/parquetTables.ts';
import { queryBars, type BarRow, type BarSelection } from '../parquet/barQuery.ts';

/** A snapshot in the list. */
export interface ListedSnapshot extends SnapshotRow {
  /** Whether it is the dataset's current one. */
  readonly isHead: boolean;
}

/** Which snapshot is meant: a digest, or `head` of a dataset, which need not be named where there is only one. */
export interface SnapshotName {
  readonly name: string;
  readonly dataset?: string | undefined;
}

/** The snapshots of the catalogue, to look at. */
export interface SnapshotShelf {
  /** By dataset, oldest session first. */
  list(dataset?: string): Promise<readonly ListedSnapshot[]>;
  /** @throws Failure SNAPSHOT_UNKNOWN */
  find(wanted: SnapshotName): Promise<SnapshotManifest>;
  /** Bars of a snapshot. @throws Failure SNAPSHOT_DAMAGED when a file is not the one that was written */
  bars(manifest: SnapshotManifest, selection: BarSelection): Promise<readonly BarRow[]>;
  /** Every part of a snapshot, decoded. @throws Failure SNAPSHOT_DAMAGED as `bars` does */
  parts(manifest: SnapshotManifest): Promise<readonly ShelfPart[]>;
}

/** A part of a snapshot as it was read. */
export interface ShelfPart extends Pick<SnapshotPart, 'kind' | 'year'> {
  readonly table: ColumnTable;
}

/** Where snapshots are listed and lie. */
export interface ShelfSources {
  readonly catalogue: Pick<Catalogue, 'snapshot' | 'head' | 'snapshots' | 'datasets'>;
  readonly readObject: (key: string) => Promise<Uint8Array>;
}

/** The shelf over a catalogue and an object store. */
export function createSnapshotShelf({ catalogue, readObject }: ShelfSources): SnapshotShelf {
  return {
    async list(dataset) {
      const datasets = dataset === undefined ? await catalogue.datasets() : [dataset];
      const lists = await Promise.all(
        datasets.map(async (one) => {
          const head = await catalogue.head(one);
          const isHead = ({ digest, asOf }: SnapshotRow): boolean => digest === head?.digest && asOf === head.asOf;
          return (await catalogue.snapshots(one)).map((row) => ({ ...row, isHead: isHead(row) }));
        }),
      );
      return lists.flat();
    },

    async find({ name, dataset }) {
      const row = name === 'head' ? await headOf(catalogue, dataset) : await snapshotOf(catalogue, name);
      const text = new TextDecoder().decode(await readObject(row.manifestKey));
      return JSON.parse(text) as SnapshotManifest;
    },

    async bars(manifest, selection) {
      const { from = '', to = '9999' } = selection;
      const within = manifest.parts.filter(
        ({ firstSession, lastSession }) => firstSession <= to && lastSession >= from,
      );
      const read = (kind: PartKind): Promise<readonly Uint8Array[]> =>
        Promise.all(within.filter((part) => part.kind === kind).map((part) => provenBytes(readObject, part)));
      return queryBars({ bars: await read('bars'), adjusted: await read('adjusted') }, selection);
    },

    parts: (manifest) => decodedParts(readObject, manifest),
  };
}

async function decodedParts(
  readObject: ShelfSources['readObject'],
  { parts }: SnapshotManifest,
): Promise<readonly ShelfPart[]> {
  const files = await Promise.all(parts.map((part) => provenBytes(readObject, part)));
  const tables = await parquetTables.decodeAll(files);
  return parts.map(({ kind, year }, index) => ({ kind, year, table: tables[index]! }));
}

async function headOf(catalogue: ShelfSources['catalogue'], dataset: string | undefined): Promise<SnapshotRow> {
  const datasets = dataset === undefined ? await catalogue.datasets() : [dataset];
  const [only, ...others] = datasets;
  if (only === undefined || others.length > 0) {
    const message = only === undefined ? 'there is no snapshot' : `say which dataset: ${datasets.join(', ')}`;
    throw new Failure('SNAPSHOT_UNKNOWN', message, { datasets });
  }
  const head = await catalogue.head(only);
  if (!head) throw new Failure('SNAPSHOT_UNKNOWN', `dataset ${only} has no snapshot`, { dataset: only });
  return head;
}

async function snapshotOf(catalogue: ShelfSources['catalogue'], name: string): Promise<SnapshotRow> {
  const row = /^[0-9a-f]{64}$/.test(name) ? await catalogue.snapshot(name as Digest) : undefined;
  if (!row) throw new Failure('SNAPSHOT_UNKNOWN', `the catalogue holds no snapshot ${name}`, { name });
  return row;
}

async function provenBytes(
  readObject: ShelfSources['readObject'],
  { key, fileDigest }: SnapshotManifest['parts'][number],
): Promise<Uint8Array> {
  const bytes = await readObject(key);
  if (sha256(bytes) === fileDigest) return bytes;
  throw new Failure('SNAPSHOT_DAMAGED', `${key} is not the file that its snapshot was written with`, { key });
}
