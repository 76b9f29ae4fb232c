import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { identityOf, isAlive } from '#infra/stack/processIdentity.ts';
import { flags, mustRun, run } from '#infra/stack/run.ts';
import { temporaryFolder } from './temporaryFolder.ts';

describe('running a program', () => {
  it('tells how it ended and what it said', async () => {
    expect(await run('/bin/sh', ['-c', 'echo out; echo err >&2; exit 3'])).toEqual({ status: 3, output: 'out\nerr\n' });
    await expect(mustRun('/bin/sh', ['-c', 'echo why; exit 3'])).rejects.toThrow('/bin/sh ended with 3: why');
    await expect(run('no-such-program', [])).rejects.toThrow('ENOENT');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('is given up, with all that it started, by %s', async (signal) => {
    const file = path.join(temporaryFolder(), 'pid');
    const runUrl = new URL('../../../../infra/stack/run.ts', import.meta.url).href;
    const program = `import { run } from '${runUrl}'; await run('/bin/sh', ['-c', 'sleep 60 & echo $! > ${file}; wait']);`;
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program]);
    const grandchild = await vi.waitFor(
      () => {
        const text = readFileSync(file, 'utf8');
        expect(text).toMatch(/^\d+\n$/);
        return identityOf(Number(text));
      },
      { timeout: 15_000 },
    );
    expect(isAlive(grandchild)).toBe(true);
    parent.kill(signal);
    expect(await once(parent, 'exit')).toEqual([130, null]);
    await vi.waitFor(() => expect(isAlive(grandchild)).toBe(false));
  });
});

describe('flags', () => {
  it('are said once for each value', () => {
    expect(flags({ '--port': 80, '-I': ['a', 'b'] })).toEqual(['--port', '80', '-I', 'a', '-I', 'b']);
  });
});
