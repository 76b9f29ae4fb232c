import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { cacheFolder } from '#infra/stack/cache.ts';
import { guarded } from '#infra/stack/processGroup.ts';
import type { taskQueues } from '#workflows/taskQueues.ts';

const checkout = new URL('../..', import.meta.url).pathname;
const startTimeoutMs = 180_000;
const lastWordsMax = 2_000;

/** A worker program that is there to be killed. */
export interface MortalWorker {
  readonly pid: number;
  /** Ends it at once, as `kill -9` does, and waits until it is gone. */
  kill(): Promise<void>;
}

/**
 * Starts the worker program of a queue, the same that a start runs, and waits until it takes work.
 * @param home folder with the addresses of its servers
 * @throws Error with its last words when it does not
 */
export async function startMortalWorker(home: string, queue: keyof typeof taskQueues): Promise<MortalWorker> {
  const place = ['--queue', queue, '--home', home, '--cache', cacheFolder()];
  const { command, args } = guarded({
    command: process.execPath,
    args: ['--import', import.meta.resolve('tsx'), path.join(checkout, 'workers/worker.ts'), ...place],
    stopSignal: 'SIGKILL',
  });
  const child = spawn(command, args, { cwd: checkout, stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  await takesWork(child, gone);
  return {
    pid: child.pid!,
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}

async function takesWork(child: ChildProcess, gone: Promise<void>): Promise<void> {
  let said = '';
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (chunk: Buffer) => {
        said = `${said}${chunk.toString()}`.slice(-lastWordsMax);
        if (said.includes('worker runs')) resolve();
      });
    }
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the worker takes no work; it said: ${said}`)), startTimeoutMs);
  });
  const ended = gone.then(() => Promise.reject(new Error(`the worker ended; it said: ${said}`)));
  // Once it works, its end is what it is there for.
  ended.catch(() => undefined);
  try {
    await Promise.race([ready, ended, late]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
