import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A process that answers each line of JSON with one of its own. */
export interface LineProcess {
  ask<Answer>(question: object): Promise<Answer>;
  /** Says what is not answered. */
  tell(said: object): void;
  /** What it says next, unasked. @throws Error when it has ended */
  hear<Answer>(): Promise<Answer>;
  stop(): void;
}

/**
 * Starts a program; whatever it has to load is loaded before its first answer.
 * @throws Error when it ends before it answered
 */
export function startLines(
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> = {},
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
  const tell = (said: object): void => void child.stdin.write(`${JSON.stringify(said)}\n`);
  const hear = async <Answer>(): Promise<Answer> => {
    const line = await Promise.race([lines.next(), ended]);
    if (line.done) throw new Error('the process has ended');
    return JSON.parse(line.value) as Answer;
  };
  return {
    ask: (question) => {
      tell(question);
      return hear();
    },
    tell,
    hear,
    stop: () => child.stdin.end(),
  };
}

/** Python of a virtual environment of the peers: `dl`, `ind`, `data` (test/bench/peers/setup.sh). */
export function peerPython(environment: string): string {
  const venvs = process.env.PEER_VENVS ?? path.join(homedir(), '.cache/plimsoll/peers');
  return path.join(venvs, environment, 'bin/python');
}

/** Path of a program beside this one. */
export function benchProgram(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
