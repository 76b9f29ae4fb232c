import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { leftBehind } from '#test/chaos/leftBehind.ts';

const home = mkdtempSync(path.join(tmpdir(), 'plimsoll-left-'));
let child: ChildProcess | undefined;
afterEach(async () => {
  if (child?.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const sleeper = (extra: readonly string[], options: Parameters<typeof spawn>[2] = {}): number => {
  const args = ['-e', 'setTimeout(() => {}, 60_000)', ...extra];
  child = spawn(process.execPath, args, { stdio: 'ignore', ...options });
  return child.pid!;
};

describe('a process left behind is reported', () => {
  test('when it was started with the home in its environment', async () => {
    const pid = sleeper([], { env: { PLIMSOLL_HOME: home } });
    expect(await leftBehind(home, 0)).toEqual([expect.stringMatching(`^${pid} `)]);
  });

  test('when its arguments name the home', async () => {
    const pid = sleeper([path.join(home, 'temporal.db')], { env: {} });
    expect(await leftBehind(home, 0)).toEqual([expect.stringMatching(`^${pid} `)]);
  });

  test('when it works in a folder of the home, whatever it shows of itself', async () => {
    const data = path.join(home, 'postgres');
    mkdirSync(data);
    const pid = sleeper([], { env: {}, cwd: data });
    expect(await leftBehind(home, 0)).toEqual([expect.stringMatching(`^${pid} `)]);
  });
});

test('a process of another home is not reported', async () => {
  sleeper([], { env: { PLIMSOLL_HOME: `${home}-other` }, cwd: tmpdir() });
  expect(await leftBehind(home, 0)).toEqual([]);
});

test('one that ends within the time given to it is not reported, and its end is waited for', async () => {
  child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600)'], {
    stdio: 'ignore',
    env: { PLIMSOLL_HOME: home },
  });
  expect(await leftBehind(home, 30_000)).toEqual([]);
});
