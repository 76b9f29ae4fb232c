/** What asks a program to stop: Ctrl-C, whoever manages it, or a terminal that closes. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

const signals: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Resolves with the signal that asks this program to stop. Further ones change nothing: one request often comes several
 * times, to the whole group and passed on by a parent, and what stops must not be cut off on the way.
 */
export function untilStopped(): Promise<StopSignal> {
  return new Promise((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve(signal));
  });
}

/** A closed terminal must not end a program before it stopped its servers; an answer nobody reads is a reason to stop. */
export function outliveOutput(): void {
  process.stderr.on('error', () => undefined);
  let isTold = false;
  process.stdout.on('error', () => {
    if (!isTold) process.kill(process.pid, 'SIGHUP');
    isTold = true;
  });
}
