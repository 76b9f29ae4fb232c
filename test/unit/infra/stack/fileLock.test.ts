import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { lockHolder, tryLock, withLock } from '#infra/stack/fileLock.ts';
import { identityOf } from '#infra/stack/processIdentity.ts';
import { temporaryFolder } from './temporaryFolder.ts';

describe('a lock file', () => {
  it('is held by one at a time, and let go also when the body throws', async () => {
    const file = path.join(temporaryFolder(), 'lock');
    let inside = 0;
    let insideMax = 0;
    const bodies = Array.from({ length: 5 }, () =>
      withLock(file, async () => {
        inside += 1;
        insideMax = Math.max(insideMax, inside);
        await sleep(10);
        inside -= 1;
      }),
    );
    await Promise.all(bodies);
    expect(insideMax).toBe(1);
    await expect(withLock(file, () => Promise.reject(new Error('body')))).rejects.toThrow('body');
    expect(existsSync(file)).toBe(false);
  });

  it('names its holder and is refused to others while that one lives', async () => {
    const file = path.join(temporaryFolder(), 'lock');
    expect(await tryLock(file)).toBe(true);
    expect(await lockHolder(file)).toEqual(identityOf(process.pid));
    expect(await tryLock(file)).toBe(false);
    expect(await tryLock(file)).toBe(false);
  });

  it('is taken over from a holder that died', async () => {
    const file = path.join(temporaryFolder(), 'lock');
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(file, JSON.stringify({ pid, startedAt: '1' }));
    expect(await withLock(file, () => Promise.resolve('mine'))).toBe('mine');
  });

  it('is taken over from a process whose number another one was given since', async () => {
    const file = path.join(temporaryFolder(), 'lock');
    writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: '1' }));
    expect(await tryLock(file)).toBe(false);
    expect(await tryLock(file)).toBe(true);
  });

  it('is taken over although somebody died in the middle of taking it over', async () => {
    const file = path.join(temporaryFolder(), 'lock');
    writeFileSync(file, JSON.stringify({ pid: process.pid, startedAt: '1' }));
    mkdirSync(`${file}.takeover`);
    expect(await tryLock(file)).toBe(false);
    expect(await tryLock(file)).toBe(false);
    utimesSync(`${file}.takeover`, 0, 0);
    expect(await withLock(file, () => Promise.resolve('mine'))).toBe('mine');
  });

  it('can be asked for many times at once by one process', async () => {
    const file = path.join(temporaryFolder(), 'lock');
    const tries = await Promise.all(Array.from({ length: 50 }, () => tryLock(file)));
    expect(tries.filter(Boolean)).toHaveLength(1);
  });
});
