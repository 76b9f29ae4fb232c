import { createInterface } from 'node:readline';
import { loadTrainingGraph, optimiserZeros } from '#models/trainingGraph.ts';
import { benchBatch, benchNetworks, benchParameters, readBatch, type BenchNetwork } from './benchNetworks.ts';

// A side of `npm run bench -- training`: NETWORK INPUTS TOWERS. Each line {"steps": N} is a pass over the same batch,
// answered with its seconds and the losses of its steps.
const [, , name = 'lstm', inputs = '', towers = '1'] = process.argv;
const network = benchNetworks[name as BenchNetwork];
// No step is clipped, but the norm is computed.
const plan = { network, batchSize: benchBatch, towers: Number(towers), clipNorm: 1e9, seed: 1 };
const session = await loadTrainingGraph(plan);
session.run('assign', { ...optimiserZeros(network), ...benchParameters(name as BenchNetwork) });
const batch = {
  ...readBatch(inputs),
  weight: new Float32Array(benchBatch).fill(1 / benchBatch),
  learningRate: Float32Array.of(0.001),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { steps } = JSON.parse(line) as { readonly steps: number };
  const used = process.cpuUsage();
  const beganMs = performance.now();
  const losses = Array.from({ length: steps }, () => session.run('train', batch).loss![0]!);
  const seconds = (performance.now() - beganMs) / 1_000;
  const { user, system } = process.cpuUsage(used);
  console.log(JSON.stringify({ seconds, processorSeconds: (user + system) / 1e6, losses }));
}
