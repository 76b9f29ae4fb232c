import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { endWithParent } from '#infra/stack/endWithParent.ts';
import { median, rounded } from './figures.ts';
import { benchBatch, benchNetworks, benchParameters, writeParameters, type BenchNetwork } from './benchNetworks.ts';
import { inTurn, turnRatios, type Turn } from './turns.ts';
import { benchProgram, peerPython, startLines, type LineProcess } from './lineProcess.ts';

// Training steps of two networks beside PyTorch, from the same parameters on the same batch, each side with one and with
// two threads, in turns: `npm run bench -- training [--inputs FOLDER] [--rounds 16] [--steps 4] [--json]` after
// `test/bench/peers/setup.sh`.
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '../shared/bench/inputs' },
    rounds: { type: 'string', default: '16' },
    steps: { type: 'string', default: '4' },
    json: { type: 'boolean', default: false },
  },
});

const python = peerPython('dl');

interface Pass {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly losses: readonly number[];
}

interface Side {
  readonly of: 'ours' | 'peer';
  readonly threads: number;
  readonly process: LineProcess;
  readonly passes: Pass[];
}

function startSides(name: BenchNetwork, inputs: string, parameters: string): readonly Side[] {
  return [1, 2].flatMap((threads): readonly Side[] => {
    const worker = [process.execPath, '--import', 'tsx', benchProgram('trainingWorker.ts')] as const;
    const ours = startLines([...worker, name, inputs, String(threads)], {
      TF_NUM_INTRAOP_THREADS: '1',
      TF_NUM_INTEROP_THREADS: String(threads),
      TF_CPP_MIN_LOG_LEVEL: '3',
    });
    const script = benchProgram('peers/training.py');
    const peer = startLines([python, script, name, inputs, parameters, String(threads)], {
      OMP_NUM_THREADS: String(threads),
      MKL_NUM_THREADS: String(threads),
    });
    return [
      { of: 'ours', threads, process: ours, passes: [] },
      { of: 'peer', threads, process: peer, passes: [] },
    ];
  });
}

async function measure(name: BenchNetwork, inputs: string, folder: string): Promise<object> {
  const parameters = path.join(folder, `${name}.json`);
  writeParameters(parameters, benchParameters(name));
  const sides = startSides(name, inputs, parameters);
  try {
    // Untimed, and the proof that both sides learn the same from the same: their first losses are equal.
    const firsts: number[] = [];
    for (const { process: side } of sides) firsts.push((await side.ask<Pass>({ steps: 3 })).losses[0]!);
    if (Math.max(...firsts) - Math.min(...firsts) > 1e-5) throw new Error(`first losses differ: ${firsts.join(', ')}`);
    for (let round = 0; round < Number(values.rounds); round += 1) {
      for (const side of inTurn(sides, round)) {
        side.passes.push(await side.process.ask<Pass>({ steps: Number(values.steps) }));
      }
    }
  } finally {
    for (const side of sides) side.process.stop();
  }
  return lineOf(name, sides);
}

function turnOf({ seconds, processorSeconds }: Pass): Turn {
  return { wall: seconds, processor: processorSeconds };
}

function lineOf(name: BenchNetwork, sides: readonly Side[]): object {
  const samples = benchBatch * Number(values.steps);
  const rate = ({ passes }: Side): number => samples / median(passes.map(({ seconds }) => seconds));
  const best = (of: Side['of']): Side =>
    sides.filter((side) => side.of === of).reduce((a, b) => (rate(a) >= rate(b) ? a : b));
  const [ours, peer] = [best('ours'), best('peer')];
  const described = (side: Side) => ({
    side: side.of,
    threads: side.threads,
    samplesPerSecond: Math.round(rate(side)),
    processorMsPerStep: rounded(
      (median(side.passes.map(({ processorSeconds }) => processorSeconds)) / Number(values.steps)) * 1_000,
    ),
  });
  return {
    name: `training/${name}`,
    ours: Math.round(rate(ours)),
    peer: Math.round(rate(peer)),
    unit: 'samples/s',
    ...turnRatios(ours.passes.map(turnOf), peer.passes.map(turnOf)),
    oursThreads: ours.threads,
    peerThreads: peer.threads,
    sides: sides.map(described),
  };
}

endWithParent();
const inputs = path.resolve(values.inputs);
for (const needed of [path.join(inputs, 'dl_input.bin'), python]) {
  if (!existsSync(needed)) throw new Error(`there is no ${needed}: give --inputs, or run test/bench/peers/setup.sh`);
}
const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'));
try {
  for (const name of Object.keys(benchNetworks) as BenchNetwork[]) {
    const line = await measure(name, inputs, folder);
    console.log(values.json ? JSON.stringify(line) : line);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
