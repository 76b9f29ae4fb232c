import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { endWithParent } from '#infra/stack/endWithParent.ts';
import { networkInOnnx } from '#models/layers/network.ts';
import type { OnnxPrecision } from '#models/onnx/onnxWriter.ts';
import { benchBatch, benchNetworks, benchParameters, writeParameters, type BenchNetwork } from './benchNetworks.ts';
import { median, rounded } from './figures.ts';
import { benchProgram, peerPython, startLines } from './lineProcess.ts';
import { inTurn, turnRatios, type Turn } from './turns.ts';

// Single forecasts and batches, one thread a side: ours from the ONNX model that we write, in Node; the peer's from what
// PyTorch exports, in Python; and our file in Python. Many short turns:
// `npm run bench -- inference [--inputs FOLDER] [--rounds 40] [--calls 60] [--json]` after `test/bench/peers/setup.sh`.
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '../shared/bench/inputs' },
    rounds: { type: 'string', default: '40' },
    calls: { type: 'string', default: '60' },
    json: { type: 'boolean', default: false },
  },
});

const python = peerPython('dl');
/** Calls of a batch in a turn. */
const batchCalls = 3;

interface Answer {
  readonly milliseconds: readonly number[];
  readonly processorMs: number;
  readonly outputs: readonly number[];
}

interface Case {
  readonly network: BenchNetwork;
  readonly precision: OnnxPrecision;
  readonly batch: number;
}

/** A model in a process, and what it answered. */
interface Side {
  readonly name: string;
  readonly ask: () => Promise<Answer>;
  readonly turns: Turn[];
  readonly milliseconds: number[];
}

const cases: readonly Case[] = (Object.keys(benchNetworks) as BenchNetwork[]).flatMap((network) => [
  { network, precision: 'float32', batch: 1 },
  { network, precision: 'int8', batch: 1 },
  { network, precision: 'float32', batch: benchBatch },
]);

async function measure({ network, precision, batch }: Case, inputs: string, folder: string): Promise<object> {
  const model = path.join(folder, `${network}-${precision}.onnx`);
  const parameters = path.join(folder, `${network}.json`);
  writeFileSync(model, networkInOnnx(benchNetworks[network], benchParameters(network), precision));
  writeParameters(parameters, benchParameters(network));
  const worker = [process.execPath, '--import', 'tsx', benchProgram('inferenceWorker.ts')] as const;
  const ours = startLines([...worker, model, inputs]);
  const script = benchProgram('peers/inference.py');
  const peer = startLines([python, script, model, inputs, network, precision, parameters]);
  const calls = batch === 1 ? Number(values.calls) : batchCalls;
  const side = (name: string, ask: () => Promise<Answer>): Side => ({ name, ask, turns: [], milliseconds: [] });
  try {
    const { candidates } = await peer.hear<{ readonly candidates: readonly string[] }>();
    const sides = [
      side('ours', () => ours.ask({ calls, batch })),
      ...[...candidates, 'sameFile'].map((name) => side(name, () => peer.ask({ model: name, calls, batch }))),
    ];
    await requireAlike(sides, precision);
    for (let round = 0; round < Number(values.rounds); round += 1) {
      for (const { ask, turns, milliseconds } of inTurn(sides, round)) {
        const answer = await ask();
        turns.push({ wall: median(answer.milliseconds), processor: answer.processorMs });
        milliseconds.push(...answer.milliseconds);
      }
    }
    const suffix = `${precision === 'float32' ? '' : `-${precision}`}${batch === 1 ? '' : `-batch${batch}`}`;
    return lineOf(`inference/${network}${suffix}`, sides);
  } finally {
    ours.stop();
    peer.stop();
  }
}

/** Untimed first answers, and the proof that all compute the same; in int8 each quantises in its own way. */
async function requireAlike(sides: readonly Side[], precision: OnnxPrecision): Promise<void> {
  const tolerance = precision === 'int8' ? 0.1 : 1e-5;
  const answers: Answer[] = [];
  for (const { ask } of sides) answers.push(await ask());
  const [first, ...others] = answers;
  for (const [index, { outputs }] of others.entries()) {
    const off = Math.max(...outputs.map((value, row) => Math.abs(value - first!.outputs[row]!)));
    if (!(off < tolerance)) throw new Error(`outputs of ours and of ${sides[index + 1]!.name} differ by ${off}`);
  }
}

/** Ours beside the faster of PyTorch's exports, and beside our own file in Python. */
function lineOf(name: string, [ours, ...peers]: readonly Side[]): object {
  const wall = ({ turns }: Side): number => median(turns.map((turn) => turn.wall));
  const sameFile = peers.at(-1)!;
  const peer = peers.slice(0, -1).reduce((a, b) => (wall(a) <= wall(b) ? a : b));
  const p99 = ({ milliseconds }: Side): number =>
    rounded(milliseconds.toSorted((a, b) => a - b)[Math.floor(milliseconds.length * 0.99)]!);
  return {
    name,
    ours: rounded(wall(ours!)),
    peer: rounded(wall(peer)),
    ...turnRatios(ours!.turns, peer.turns),
    unit: 'ms',
    export: peer.name,
    oursP99: p99(ours!),
    peerP99: p99(peer),
    calls: ours!.milliseconds.length,
    sameFile: { peer: rounded(wall(sameFile)), ...turnRatios(ours!.turns, sameFile.turns), peerP99: p99(sameFile) },
  };
}

endWithParent();
const inputs = path.resolve(values.inputs);
for (const needed of [path.join(inputs, 'dl_input.bin'), python]) {
  if (!existsSync(needed)) throw new Error(`there is no ${needed}: give --inputs, or run test/bench/peers/setup.sh`);
}
const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-bench-'));
try {
  for (const one of cases) {
    const line = await measure(one, inputs, folder);
    console.log(values.json ? JSON.stringify(line) : line);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
