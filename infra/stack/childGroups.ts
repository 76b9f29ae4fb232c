import type { ChildProcess } from 'node:child_process';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const interruptedStatus = 130;
const running = new Set<ChildProcess>();

/**
 * Ends a child's whole process group when we end, however we are asked to: a download or a build has processes of its
 * own that would go on without us. The child must have been started detached, which makes it the leader of a group.
 */
export function endWithUs(child: ChildProcess): void {
  if (running.size === 0) for (const signal of signals) process.on(signal, leave);
  running.add(child);
  const forget = (): void => {
    if (running.delete(child) && running.size === 0) for (const signal of signals) process.off(signal, leave);
  };
  child.once('error', forget);
  child.once('close', forget);
}

/** By itself a signal would end us without a word to anyone; a program that handles it decides when to end. */
function leave(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) === 1) process.exit(interruptedStatus);
}

process.on('exit', () => {
  for (const { pid } of running) {
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGTERM');
    } catch {
      // It ended in between.
    }
  }
});
