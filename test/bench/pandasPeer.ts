import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One pass over the files. */
export interface DataPass {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly rows: number;
  /** Findings by rule. */
  readonly found: Readonly<Record<string, number>>;
}

/** A process that does a pass with pandas when it is asked. */
export interface PandasPeer {
  pass(): Promise<DataPass>;
  stop(): void;
}

/**
 * Starts the peer; Python and its imports are up before the first pass.
 * @throws Error when its virtual environment was not made (test/bench/peers/setup.sh), or it ends
 */
export function startPandas(folder: string, output: string): PandasPeer {
  const venvs = process.env.PEER_VENVS ?? path.join(homedir(), '.cache/plimsoll/peers');
  const script = fileURLToPath(new URL('peers/dailyBars.py', import.meta.url));
  const child = spawn(path.join(venvs, 'data/bin/python'), [script, folder, output], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error('the peer ended: has test/bench/peers/setup.sh been run?');
  });
  // Looked at when a pass is asked for.
  ended.catch(() => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async pass() {
      child.stdin.write('\n');
      const line = await Promise.race([lines.next(), ended]);
      if (line.done) throw new Error('the peer has ended');
      return JSON.parse(line.value) as DataPass;
    },
    stop: () => child.stdin.end(),
  };
}
