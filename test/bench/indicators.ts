import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { endWithParent } from '#infra/stack/endWithParent.ts';
import { indicators } from '#pipelines/indicators/registry.ts';
import { lineText, median, rounded } from './figures.ts';
import { barsShape, peerTask, talibPeer } from './indicatorBars.ts';
import { benchProgram, startLines } from './lineProcess.ts';

// 78 indicators of 50 symbols over 5,000 bars, in processes, beside TA-Lib from Python on the same bars, in turns:
// `npm run bench -- indicators [--bars FILE] [--rounds 5] [--processes N] [--json]` after `test/bench/peers/setup.sh`.
const { values } = parseArgs({
  options: {
    bars: { type: 'string', default: '../shared/bench/inputs/ohlcv50.bin' },
    rounds: { type: 'string', default: '5' },
    processes: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'boolean', default: false },
  },
});

interface Pass {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly columns: number;
}
interface Side {
  pass(): Promise<Pass>;
  stop(): void;
}

/** Symbols dealt out to processes, which are up before the first pass. */
async function startOurs(file: string, processes: number): Promise<Side> {
  const script = benchProgram('indicatorWorker.ts');
  const workers = Array.from({ length: processes }, (_, first) =>
    fork(script, [file, String(first), String(processes)]),
  );
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  return {
    async pass() {
      const beganMs = performance.now();
      const answers = workers.map((worker) => once(worker, 'message') as Promise<[Omit<Pass, 'seconds'>]>);
      for (const worker of workers) worker.send(barsShape[0]);
      const done = (await Promise.all(answers)).map(([answer]) => answer);
      return {
        seconds: (performance.now() - beganMs) / 1_000,
        processorSeconds: done.reduce((sum, answer) => sum + answer.processorSeconds, 0),
        columns: done.reduce((sum, answer) => sum + answer.columns, 0),
      };
    },
    stop() {
      for (const worker of workers) worker.disconnect();
    },
  };
}

function startPeer(file: string): Side {
  const peer = startLines([talibPeer.python, talibPeer.script]);
  peer.tell(peerTask(file));
  return { pass: () => peer.ask<Pass>({}), stop: () => peer.stop() };
}

async function inTurns(ours: Side, peer: Side, rounds: number): Promise<Record<'ours' | 'peer', Pass[]>> {
  // Untimed: compiled code and memory are warm on both sides afterwards.
  for (let warmUp = 0; warmUp < 3; warmUp += 1) await ours.pass();
  await peer.pass();
  const passes = { ours: [] as Pass[], peer: [] as Pass[] };
  for (let round = 0; round < rounds; round += 1) {
    // The order turns with every round, so that whatever drifts meets both.
    if (round % 2 === 0) passes.ours.push(await ours.pass());
    passes.peer.push(await peer.pass());
    if (round % 2 === 1) passes.ours.push(await ours.pass());
  }
  return passes;
}

function report({ ours, peer }: Readonly<Record<'ours' | 'peer', readonly Pass[]>>, processes: number): void {
  const seconds = (side: readonly Pass[]): number => median(side.map((pass) => pass.seconds));
  const processor = (side: readonly Pass[]): number => median(side.map((pass) => pass.processorSeconds));
  if (ours[0]!.columns !== peer[0]!.columns) {
    throw new Error(`${ours[0]!.columns} columns of ours, ${peer[0]!.columns} of the peer`);
  }
  const [symbols, , bars] = barsShape;
  const line = {
    name: 'indicators/talib',
    ours: rounded(seconds(ours)),
    peer: rounded(seconds(peer)),
    ratio: rounded(seconds(peer) / seconds(ours)),
    unit: 's',
    indicators: indicators.length,
    symbols,
    bars,
    processes,
    oursSeconds: ours.map((pass) => rounded(pass.seconds)),
    peerSeconds: peer.map((pass) => rounded(pass.seconds)),
    oursProcessorSeconds: rounded(processor(ours)),
    peerProcessorSeconds: rounded(processor(peer)),
  };
  console.log(lineText(line, values.json ? 'json' : 'text'));
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new RangeError(`not a whole number from 1: ${text}`);
  return Number(text);
}

endWithParent();
const file = path.resolve(values.bars);
for (const needed of [file, talibPeer.python]) {
  if (!existsSync(needed)) throw new Error(`there is no ${needed}: give --bars, or run test/bench/peers/setup.sh`);
}
const processes = wholeNumber(values.processes);
const [ours, peer] = [await startOurs(file, processes), startPeer(file)];
try {
  report(await inTurns(ours, peer, wholeNumber(values.rounds)), processes);
} finally {
  ours.stop();
  peer.stop();
}
