import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readManifest } from '#activities/snapshotStore.ts';
import { openIngestHouse, type IngestHouse } from '#test/chaos/ingestHouse.ts';
import { playIngestRounds } from '#test/chaos/ingestRounds.ts';
import { faultsOf } from '#test/chaos/snapshotWatch.ts';

const timeoutMs = 600_000;

let house: IngestHouse;
beforeAll(async () => {
  house = await openIngestHouse(inject('stack'));
}, timeoutMs);
afterAll(() => house.stop());

// The whole is `npm run chaos -- ingest`; here is one kill of it.
describe('a worker that is killed in the middle of an ingest', () => {
  test(
    'leaves no partial snapshot in sight, and its ingest ends with the digest of an undisturbed one',
    async () => {
      const outcome = await playIngestRounds({ ...house, rounds: 1, seed: 7, onRound: () => undefined });
      expect(outcome).toMatchObject({ kills: 1, violations: [] });
      expect(outcome.looks).toBeGreaterThan(3);
    },
    timeoutMs,
  );

  test('would be told on, were a snapshot visible that is not whole', async () => {
    const { sight } = house;
    const [row] = await sight.catalogue.snapshots('chaos-daily');
    expect(await faultsOf(sight, row!)).toEqual([]);
    expect(await faultsOf(sight, { ...row!, rows: row!.rows + 1 })).toHaveLength(1);
    const { parts } = await readManifest(sight, row!);
    const holed = { ...sight, objects: { ...sight.objects, get: cutShort(sight, parts[0]!.key) } };
    expect((await faultsOf(holed, row!))[0]).toContain('visible and not whole');
  });
});

/** Reads objects, the named one without its last byte. */
function cutShort({ objects }: IngestHouse['sight'], cut: string): (key: string) => Promise<Uint8Array> {
  return async (key) => {
    const bytes = await objects.get(key);
    return key === cut ? bytes.subarray(0, -1) : bytes;
  };
}
