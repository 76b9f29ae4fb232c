import { setTimeout as sleep } from 'node:timers/promises';
import type { Catalogue, SnapshotRow } from '#activities/ports/catalogue.ts';
import { readManifest, readSnapshot, type SnapshotStores } from '#activities/snapshotStore.ts';
import type { Digest } from '#domain/digest.ts';
import { snapshotDigest } from '#pipelines/snapshot.ts';

/** Where snapshots are seen. */
export interface SnapshotSight extends SnapshotStores {
  readonly catalogue: Catalogue;
}

/** Eyes on a dataset while its worker is being killed. */
export interface SnapshotWatch {
  /** How often the head and the catalogue were read, so far. */
  looks(): number;
  /** Looks a last time and answers what must never be, in words. */
  end(): Promise<readonly string[]>;
}

const lookMs = 100;

/**
 * Reads a dataset's head and catalogue over and over. At the moment a snapshot is first seen it must be whole: its
 * manifest and every part there, and its rows those of its digest; and a head must never go back.
 */
export function watchSnapshots(sight: SnapshotSight, dataset: string): SnapshotWatch {
  const seen = new Set<Digest>();
  const violations: string[] = [];
  const over = new AbortController();
  let [looks, last] = [0, ''];
  const look = async (): Promise<void> => {
    const head = await sight.catalogue.head(dataset);
    const rows = await sight.catalogue.snapshots(dataset);
    looks += 1;
    if (head && head.asOf < last) violations.push(`the head went back from ${last} to ${head.asOf}`);
    last = head?.asOf ?? last;
    if (head && !rows.some(({ digest }) => digest === head.digest)) {
      violations.push(`the head ${head.digest} is not in the catalogue`);
    }
    for (const row of rows.filter(({ digest }) => !seen.has(digest))) {
      seen.add(row.digest);
      violations.push(...(await faultsOf(sight, row)));
    }
  };
  const watching = (async () => {
    while (!over.signal.aborted) {
      await look();
      await sleep(lookMs);
    }
  })();
  watching.catch(() => undefined);
  return {
    looks: () => looks,
    async end() {
      over.abort();
      await watching;
      await look();
      return violations;
    },
  };
}

/** What is wrong with a snapshot that the catalogue names; nothing when it is whole. */
export async function faultsOf(sight: SnapshotSight, row: SnapshotRow): Promise<readonly string[]> {
  try {
    const manifest = await readManifest(sight, row);
    const contents = await readSnapshot(sight, row.digest);
    const actual = snapshotDigest(contents);
    const rows = contents.bars.reduce((sum, { sessions }) => sum + sessions.length, 0);
    return [
      ...(actual === row.digest ? [] : [`snapshot ${row.digest} holds the rows of ${actual}`]),
      ...(rows === row.rows && manifest.rows === row.rows ? [] : [`snapshot ${row.digest} has ${rows} rows`]),
    ];
  } catch (error) {
    return [`snapshot ${row.digest} as of ${row.asOf} is visible and not whole: ${(error as Error).message}`];
  }
}
