import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { ColumnTables } from '#activities/ports/columnTables.ts';
import type { ObjectStore } from '#activities/ports/objectStore.ts';
import type { ColumnTable } from '#domain/columnTable.ts';
import type { Digest } from '#domain/digest.ts';
import { marketEventText } from '#domain/marketEventText.ts';
import type { MarketEvent } from '#domain/marketEvents.ts';
import { readCapture } from './readCapture.ts';

/** A segment in the object store. */
export interface StoredSegment {
  /** SHA-256 of the segment's lines: what a replay of it tells. */
  readonly digest: Digest;
  readonly key: string;
  readonly events: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** What uploading needs. */
export interface UploadRequest {
  readonly segments: readonly string[];
  /** Name of the feed: the folder of its keys. */
  readonly feed: string;
  readonly objects: ObjectStore;
  readonly tables: ColumnTables;
}

/**
 * Puts complete segments into the object store as Parquet, under the digest of their lines, and removes each from the disk
 * once the store has it. Doing it again changes nothing.
 */
export async function uploadSegments({
  segments,
  feed,
  objects,
  tables,
}: UploadRequest): Promise<readonly StoredSegment[]> {
  const stored: StoredSegment[] = [];
  for (const segment of segments) {
    const events: MarketEvent[] = [];
    for await (const event of readCapture([segment])) events.push(event);
    if (events.length > 0) {
      const hash = createHash('sha256');
      for (const event of events) hash.update(`${marketEventText(event)}\n`);
      const digest = hash.digest('hex') as Digest;
      const key = `captures/${feed}/${digest}.parquet`;
      if (!(await objects.exists(key))) {
        await objects.put(key, await tables.encode(tableOf(events)), 'application/vnd.apache.parquet');
      }
      const [firstMs, lastMs] = [events[0]!.receivedMs, events.at(-1)!.receivedMs];
      stored.push({ digest, key, events: events.length, firstMs, lastMs });
    }
    await rm(segment);
  }
  return stored;
}

/** Columns that are asked for by themselves, and the whole event, from which it is replayed bit by bit. */
function tableOf(events: readonly MarketEvent[]): ColumnTable {
  const figures = (of: (event: MarketEvent) => number | null): Float64Array =>
    Float64Array.from(events, (event) => of(event) ?? Number.NaN);
  return [
    { name: 'kind', type: 'text', values: events.map(({ kind }) => kind) },
    { name: 'symbol', type: 'text', values: events.map(({ symbol }) => symbol) },
    { name: 'receivedMs', type: 'double', values: figures(({ receivedMs }) => receivedMs) },
    { name: 'venueMs', type: 'double', values: figures(({ venueMs }) => venueMs) },
    { name: 'price', type: 'double', values: figures((event) => (event.kind === 'trade' ? event.price : null)) },
    { name: 'size', type: 'double', values: figures((event) => (event.kind === 'trade' ? event.size : null)) },
    { name: 'event', type: 'text', values: events.map(marketEventText) },
  ];
}
