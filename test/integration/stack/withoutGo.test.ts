import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openObjectStore } from '#infra/objects/objectStore.ts';
import { cacheFolder } from '#infra/stack/cache.ts';
import { chooseObjectServer } from '#infra/stack/objectServer.ts';
import { startStack, type RunningStack } from '#infra/stack/stack.ts';
import { status } from '#infra/stack/verbStatus.ts';

const quiet = (): void => undefined;
const bytes = new TextEncoder().encode('kept over a restart');

/** The path of this run without Go on it. */
function pathWithoutGo(): string {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => !/(^|\/)go(\/|$)/.test(folder))
    .join(path.delimiter);
}

/** A cache that holds what the usual one holds, but no MinIO. */
function cacheWithoutMinio(folder: string): string {
  const names = ['python-servers-mlflow3.17.2-temporal1.9.1-1', 'venv-mlflow3.17.2-temporal1.9.1-1'];
  for (const name of names) symlinkSync(path.join(cacheFolder(), name), path.join(folder, name));
  return folder;
}

afterEach(() => void vi.unstubAllEnvs());

describe('a stack on a machine without Go', () => {
  it('keeps its objects in SeaweedFS, MLflow stands on it, and it is still there when Go came since', async () => {
    const home = mkdtempSync(path.join(tmpdir(), 'plimsoll-weed-'));
    const cache = cacheWithoutMinio(mkdtempSync(path.join(tmpdir(), 'plimsoll-weed-cache-')));
    const start = (): Promise<RunningStack> =>
      startStack({ home, cache, progress: quiet, services: ['postgres', 'minio', 'mlflow'] });
    let stack: RunningStack | undefined;
    try {
      vi.stubEnv('PATH', pathWithoutGo());
      stack = await start();
      const { objects, mlflow } = stack.addresses;
      expect((await status(home)).servers.map(({ name, state }) => [name, state])).toEqual([
        ['mlflow', 'healthy'],
        ['postgres', 'healthy'],
        ['seaweedfs', 'healthy'],
      ]);
      const store = await openObjectStore(objects);
      await store.put('kept/object', bytes, 'text/plain');
      expect(await store.exists('kept/none')).toBe(false);
      expect(await store.list('kept/')).toEqual(['kept/object']);
      await expect(openObjectStore({ ...objects, secretKey: 'another' })).rejects.toMatchObject({
        code: 'OBJECT_STORE_REFUSED',
      });
      const artifact = `${mlflow.url}/api/2.0/mlflow-artifacts/artifacts/kept/artifact.txt`;
      expect((await fetch(artifact, { method: 'PUT', body: 'through MLflow' })).status).toBe(200);
      expect(await (await fetch(artifact)).text()).toBe('through MLflow');
      await stack.stop();
      vi.unstubAllEnvs();
      expect(await chooseObjectServer({ home, cache })).toBe('seaweedfs');
      stack = await start();
      const again = await openObjectStore(stack.addresses.objects);
      expect(await again.get('kept/object')).toEqual(Buffer.from(bytes));
    } finally {
      await stack?.stop();
      for (const folder of [home, cache]) rmSync(folder, { recursive: true, force: true });
    }
  }, 400_000);
});
