import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { cacheFolder, isComplete, provide } from '#infra/stack/cache.ts';
import { temporaryFolder } from './temporaryFolder.ts';

describe('the cache', () => {
  it('is where PLIMSOLL_CACHE says, else in the home of the user', () => {
    expect(cacheFolder({ PLIMSOLL_CACHE: 'elsewhere' })).toBe('elsewhere');
    expect(cacheFolder({})).toBe(path.join(homedir(), '.cache', 'plimsoll'));
  });

  it('fills a thing once for all that ask at the same time', async () => {
    const cache = temporaryFolder();
    let fills = 0;
    const fill = async (folder: string): Promise<void> => {
      fills += 1;
      await sleep(20);
      await writeFile(path.join(folder, 'program'), 'whole');
    };
    const ask = (): Promise<string> => provide({ cache, name: 'thing', version: '1', fill });
    const folders = await Promise.all([ask(), ask(), ask()]);
    expect(new Set(folders)).toEqual(new Set([path.join(cache, 'thing-1')]));
    expect(fills).toBe(1);
    expect(readdirSync(cache)).toEqual(['thing-1']);
  });

  it('fills a thing anew that was interrupted, without what was left of it', async () => {
    const cache = temporaryFolder();
    for (const folder of ['thing-1', 'thing-1.part']) {
      mkdirSync(path.join(cache, folder));
      writeFileSync(path.join(cache, folder, 'half'), 'half');
    }
    const folder = await provide({
      cache,
      name: 'thing',
      version: '1',
      fill: (part) => writeFile(path.join(part, 'program'), 'whole'),
    });
    expect(isComplete(folder)).toBe(true);
    expect(existsSync(path.join(folder, 'half'))).toBe(false);
    expect(readdirSync(cache)).toEqual(['thing-1']);
  });

  it('does not hold a thing whose filling failed', async () => {
    const cache = temporaryFolder();
    const broken = provide({ cache, name: 'thing', version: '1', fill: () => Promise.reject(new Error('no route')) });
    await expect(broken).rejects.toThrow('no route');
    expect(isComplete(path.join(cache, 'thing-1'))).toBe(false);
    const again = await provide({ cache, name: 'thing', version: '1', fill: () => Promise.resolve() });
    expect(isComplete(again)).toBe(true);
  });
});
