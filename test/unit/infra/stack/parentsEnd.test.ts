import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { identityOf, isAlive, type ProcessIdentity } from '#infra/stack/processIdentity.ts';
import { processTree } from '#infra/stack/processTree.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const patience = { timeout: 30_000, interval: 100 };

/** A program that needs a moment to stop, as one with servers does, and says that it did. */
const program = (mark: string): string => `
  import { writeFileSync } from 'node:fs';
  import { endWithParent } from '${root}infra/stack/endWithParent.ts';
  import { outliveOutput, untilStopped } from '${root}console/untilStopped.ts';
  endWithParent();
  outliveOutput();
  const stopped = untilStopped();
  writeFileSync('${mark}.pid', String(process.pid));
  const awake = setInterval(() => console.error('still here'), 100);
  const signal = await stopped;
  await new Promise((resolve) => setTimeout(resolve, 500));
  clearInterval(awake);
  writeFileSync('${mark}.stopped', signal);`;

/** A checkout, installed, whose command line is that program. */
async function started(command: readonly string[], stdio: 'ignore' | 'pipe' = 'ignore') {
  const checkout = temporaryFolder();
  const mark = path.join(checkout, 'mark');
  for (const folder of ['infra/stack', 'console', 'node_modules'])
    mkdirSync(path.join(checkout, folder), { recursive: true });
  copyFileSync(path.join(root, 'infra/stack/bootstrap.mjs'), path.join(checkout, 'infra/stack/bootstrap.mjs'));
  const tsx = path.dirname(createRequire(import.meta.url).resolve('tsx/package.json'));
  symlinkSync(tsx, path.join(checkout, 'node_modules/tsx'));
  writeFileSync(path.join(checkout, 'package-lock.json'), '{}');
  const installed = createHash('sha256').update('{}').update(process.version).digest('hex');
  writeFileSync(path.join(checkout, 'node_modules/.plimsoll-installed'), installed);
  const scripts = { start: 'node infra/stack/bootstrap.mjs start' };
  writeFileSync(path.join(checkout, 'package.json'), JSON.stringify({ type: 'module', scripts }));
  writeFileSync(path.join(checkout, 'console/cli.ts'), program(mark));
  const [file = '', ...args] = command;
  const starter = spawn(file, args, { cwd: checkout, stdio: ['ignore', stdio, stdio], detached: true });
  onTestFinished(() => endGroup(starter));
  await vi.waitFor(() => expect(existsSync(`${mark}.pid`)).toBe(true), patience);
  return { starter, mark, identity: identityOf(Number(readFileSync(`${mark}.pid`, 'utf8'))) };
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of it is left.
  }
}

async function untilGone(identities: readonly ProcessIdentity[]): Promise<void> {
  await vi.waitFor(() => expect(identities.filter(isAlive)).toEqual([]), patience);
}

const bootstrap = [process.execPath, 'infra/stack/bootstrap.mjs', 'start'];
const npm = ['npm', 'start', '--silent'];
/** A program that starts another one with a channel, in a group of its own, and waits for it. */
const starter = `require('node:child_process').spawn(process.execPath, ['infra/stack/bootstrap.mjs', 'start'],
  { detached: true, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })`;
const throughChannel = [process.execPath, '--eval', starter];
describe('a program whose starter ends', () => {
  it.each([
    { when: 'the bootstrap was killed', command: bootstrap, signal: 'SIGKILL', heard: 'SIGTERM' },
    { when: 'the bootstrap was asked to end', command: bootstrap, signal: 'SIGTERM', heard: 'SIGTERM' },
    {
      when: 'the program that started the bootstrap was killed',
      command: throughChannel,
      signal: 'SIGKILL',
      heard: 'SIGTERM',
    },
    { when: 'npm was killed', command: npm, signal: 'SIGKILL', heard: 'SIGTERM' },
    { when: 'npm was asked to end', command: npm, signal: 'SIGTERM', heard: 'SIGTERM' },
    { when: 'npm lost its terminal', command: npm, signal: 'SIGHUP', heard: /SIGHUP|SIGTERM/ },
  ] as const)('stops cleanly when $when', async ({ command, signal, heard }) => {
    const { starter, mark, identity } = await started(command);
    const members = (processTree(starter.pid ?? 0) ?? []).map(identityOf);
    starter.kill(signal);
    await untilGone([identity, ...members]);
    expect(readFileSync(`${mark}.stopped`, 'utf8')).toMatch(heard);
  });

  it('stops cleanly when the whole group is asked, and asked again by its parents at once', async () => {
    const { starter, mark, identity } = await started(npm);
    process.kill(-(starter.pid ?? 0), 'SIGTERM');
    await untilGone([identity]);
    expect(readFileSync(`${mark}.stopped`, 'utf8')).toBe('SIGTERM');
  });

  it('stops cleanly when its terminal closes under what it prints', async () => {
    const { starter, mark, identity } = await started(bootstrap, 'pipe');
    starter.stdout?.destroy();
    starter.stderr?.destroy();
    process.kill(-(starter.pid ?? 0), 'SIGHUP');
    await untilGone([identity]);
    expect(readFileSync(`${mark}.stopped`, 'utf8')).toBe('SIGHUP');
  });

  it('goes on while whoever started npm ends, as nohup wants it', async () => {
    const { starter, mark, identity } = await started(['/bin/sh', '-c', `${npm.join(' ')} & wait`]);
    starter.kill('SIGKILL');
    await vi.waitFor(() => expect(starter.signalCode).toBe('SIGKILL'), patience);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(isAlive(identity)).toBe(true);
    expect(existsSync(`${mark}.stopped`)).toBe(false);
    process.kill(identity.pid, 'SIGTERM');
    await untilGone([identity]);
  });
});
