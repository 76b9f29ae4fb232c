import { Failure } from '#domain/failure.ts';
import { createSnapshotShelf } from '#infra/snapshots/snapshotShelf.ts';

const emptyCatalogue = {
  snapshot: () => Promise.resolve(undefined),
  head: () => Promise.resolve(undefined),
  snapshots: () => Promise.resolve([]),
  datasets: () => Promise.resolve([]),
};

function nothingStored(key: string): Promise<never> {
  return Promise.reject(new Failure('OBJECT_MISSING', `no object has the key ${key}`));
}

/** The snapshots of a desk where none was published. */
export const noSnapshots = createSnapshotShelf({ catalogue: emptyCatalogue, readObject: nothingStored });
