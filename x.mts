import { loadTrainingGraph, optimiserZeros } from '#models/trainingGraph.ts';
import { initialParameters } from '#models/layers/initialParameters.ts';
import { benchNetworks, readBatch } from '#test/bench/benchNetworks.ts';
const batch = { ...readBatch('/work/shared/bench/inputs'), weight: new Float32Array(64).fill(1 / 64), learningRate: Float32Array.of(0.001) };
const L = benchNetworks.lstm.layers as any[];
const nets: Record<string, any> = {
  full: benchNetworks.lstm,
  conv: { input: [60, 78], layers: [L[0], L[1], { kind: 'meanOverSteps', name: 'm' }, L[3], L[4]] },
  conv1: { input: [60, 78], layers: [L[0], { kind: 'meanOverSteps', name: 'm' }, L[3], L[4]] },
  lstm: { input: [60, 78], layers: [L[2], L[3], L[4]] },
  head: { input: [60, 78], layers: [{ kind: 'meanOverSteps', name: 'm' }, L[3], L[4]] },
};
const only = process.argv.slice(2);
for (const [name, network] of Object.entries(nets)) {
  if (only.length && !only.includes(name)) continue;
  const s = await loadTrainingGraph({ network, batchSize: 64, towers: 1, clipNorm: 1e9, seed: 1 });
  s.run('assign', { ...optimiserZeros(network), ...initialParameters(network, 7) });
  for (let i = 0; i < 10; i++) s.run('train', batch);
  const t: number[] = []; const p: number[] = []; const u = process.cpuUsage();
  for (let i = 0; i < 50; i++) { const b = performance.now(); s.run('train', batch); t.push(performance.now() - b); const c = performance.now(); s.run('predict', { x: batch.x }); p.push(performance.now() - c); }
  t.sort((a, b) => a - b); p.sort((a, b) => a - b);
  console.log(name, 'train min', t[0]!.toFixed(1), 'q1', t[12]!.toFixed(1), 'med', t[25]!.toFixed(1), 'predict min', p[0]!.toFixed(1), p[12]!.toFixed(1));
}
