import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A process that answers each line of JSON with one of its own. */
export interface LineProcess {
  ask<Answer>(question: object): Promise<Answer>;
  stop(): void;
}

/**
 * Starts a program; whatever it has to load is loaded before its first answer.
 * @throws Error when it ends before it answered
 */
export function startLines(
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>>,
): LineProcess {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${path.basename(program)} ended: has test/bench/peers/setup.sh been run?`);
  });
  // Looked at when something is asked.
  ended.catch(() => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask<Answer>(question: object) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const line = await Promise.race([lines.next(), ended]);
      if (line.done) throw new Error('the process has ended');
      return JSON.parse(line.value) as Answer;
    },
    stop: () => child.stdin.end(),
  };
}

/** Python of the peers' virtual environment with PyTorch and ONNX Runtime (test/bench/peers/setup.sh). */
export const deepPython = path.join(
  process.env.PEER_VENVS ?? path.join(homedir(), '.cache/plimsoll/peers'),
  'dl/bin/python',
);

/** Path of a program beside this one. */
export function benchProgram(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** The middle of values: one that something else on the machine disturbed decides nothing. */
export function median(of: readonly number[]): number {
  const sorted = of.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}
