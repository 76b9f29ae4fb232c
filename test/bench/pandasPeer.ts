import { benchProgram, peerPython, startLines } from './lineProcess.ts';

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
  const peer = startLines([peerPython('data'), benchProgram('peers/dailyBars.py'), folder, output]);
  return { pass: () => peer.ask<DataPass>({}), stop: () => peer.stop() };
}
