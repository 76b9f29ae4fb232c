import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { endWithParent } from '#infra/stack/endWithParent.ts';
import { networkInOnnx } from '#models/layers/network.ts';
import type { OnnxPrecision } from '#models/onnx/onnxWriter.ts';
import { median, rounded } from './figures.ts';
import { benchBatch, benchNetworks, benchParameters, type BenchNetwork } from './benchNetworks.ts';
import { benchProgram, peerPython, startLines, type LineProcess } from './lineProcess.ts';

// Single forecasts and batches from the same ONNX model, one thread a side, in Node and in Python, in turns:
// `npm run bench -- inference [--inputs FOLDER] [--rounds 5] [--calls 200] [--json]` after `test/bench/peers/setup.sh`.
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '../shared/bench/inputs' },
    rounds: { type: 'string', default: '5' },
    calls: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
  },
});

const python = peerPython('dl');

interface Answer {
  readonly milliseconds: readonly number[];
  readonly outputs: readonly number[];
}

interface Case {
  readonly network: BenchNetwork;
  readonly precision: OnnxPrecision;
  readonly batch: number;
}

const cases: readonly Case[] = (Object.keys(benchNetworks) as BenchNetwork[]).flatMap((network) => [
  { network, precision: 'float32', batch: 1 },
  { network, precision: 'int8', batch: 1 },
  { network, precision: 'float32', batch: benchBatch },
]);

async function measure({ network, precision, batch }: Case, inputs: string, folder: string): Promise<object> {
  const model = path.join(folder, `${network}-${precision}.onnx`);
  writeFileSync(model, networkInOnnx(benchNetworks[network], benchParameters(network), precision));
  const worker = [process.execPath, '--import', 'tsx', benchProgram('inferenceWorker.ts')] as const;
  const ours = startLines([...worker, model, inputs]);
  const peer = startLines([python, benchProgram('peers/inference.py'), model, inputs]);
  const calls = batch === 1 ? Number(values.calls) : 10;
  const seen = { ours: [] as number[], peer: [] as number[] };
  try {
    const ask = (side: LineProcess): Promise<Answer> => side.ask<Answer>({ calls, batch });
    // Untimed, and the proof that both sides compute the same.
    const [first, other] = [await ask(ours), await ask(peer)];
    const off = Math.max(...first.outputs.map((value, row) => Math.abs(value - other.outputs[row]!)));
    if (!(off < (precision === 'int8' ? 0.05 : 1e-5))) throw new Error(`outputs differ by ${off}`);
    for (let round = 0; round < Number(values.rounds); round += 1) {
      // The order turns with every round, so that whatever drifts meets both.
      if (round % 2 === 0) seen.ours.push(...(await ask(ours)).milliseconds);
      seen.peer.push(...(await ask(peer)).milliseconds);
      if (round % 2 === 1) seen.ours.push(...(await ask(ours)).milliseconds);
    }
  } finally {
    ours.stop();
    peer.stop();
  }
  const suffix = `${precision === 'float32' ? '' : `-${precision}`}${batch === 1 ? '' : `-batch${batch}`}`;
  return {
    name: `inference/${network}${suffix}`,
    ours: rounded(median(seen.ours)),
    peer: rounded(median(seen.peer)),
    ratio: rounded(median(seen.peer) / median(seen.ours)),
    unit: 'ms',
    oursP99: rounded(percentile99(seen.ours)),
    peerP99: rounded(percentile99(seen.peer)),
    calls: seen.ours.length,
  };
}

function percentile99(of: readonly number[]): number {
  return of.toSorted((a, b) => a - b)[Math.floor(of.length * 0.99)]!;
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
