import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { OnnxSession } from '#models/onnx/onnxSession.ts';
import { benchBatch, benchNetworks, readBatch } from './benchNetworks.ts';

// Our side of `npm run bench -- inference`: MODEL INPUTS. Each line {"calls": N, "batch": B} is answered with the
// milliseconds of each call, as a caller sees them, the milliseconds of processor time a call and the last outputs.
const [, , model = '', inputs = ''] = process.argv;
// Both networks take the same samples.
const { input } = benchNetworks.lstm;
const session = await OnnxSession.load(readFileSync(model), input, { provider: 'cpu', threads: 1 });
const { x } = readBatch(inputs);

for await (const line of createInterface({ input: process.stdin })) {
  const { calls, batch } = JSON.parse(line) as { readonly calls: number; readonly batch: number };
  const given = x.subarray(0, (x.length / benchBatch) * batch);
  const milliseconds: number[] = [];
  let outputs: Float32Array = new Float32Array();
  const used = process.cpuUsage();
  for (let call = 0; call < calls; call += 1) {
    const beganMs = performance.now();
    outputs = await session.run(given);
    milliseconds.push(performance.now() - beganMs);
  }
  const { user, system } = process.cpuUsage(used);
  const processorMs = (user + system) / 1_000 / calls;
  console.log(JSON.stringify({ milliseconds, processorMs, outputs: [...outputs] }));
}
