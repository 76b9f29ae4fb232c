import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { identityOf, isAlive } from '#infra/stack/processIdentity.ts';
import { processTree, treeMemoryBytes } from '#infra/stack/processTree.ts';

describe('a process identity', () => {
  it('is alive while that very process runs, and not after its end', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const identity = identityOf(child.pid ?? 0);
    expect(isAlive(identity)).toBe(true);
    expect(isAlive({ ...identity, startedAt: '1' })).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(identity)).toBe(false);
  });
});

describe('a process tree', () => {
  it('holds a process and what it started, and weighs them together', async () => {
    const child = spawn('/bin/sh', ['-c', 'sleep 30 & echo $!; wait'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const grandchild = Number(line.toString());
    expect(processTree(child.pid ?? 0)).toEqual([child.pid, grandchild]);
    expect(treeMemoryBytes(process.pid)).toBeGreaterThan(10 * 1024 * 1024);
    process.kill(grandchild, 'SIGKILL');
    await once(child, 'exit');
  });
});
