import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { OnnxSession } from '#models/onnx/onnxSession.ts';
import { benchBatch, benchNetworks, readBatch } from './benchNetworks.ts';

// Our side of `npm run bench -- inference`: MODEL INPUTS. Each line {"calls": N, "batch": B} is answered with the
// milliseconds of each call, as a caller sees them, and the first outputs.
const [, , model = '', inputs = ''] = process.argv;
// Both networks take the same samples.
const { input } = benchNetworks.lstm;
const session = await OnnxSession.load(readFileSync(model), input, { provider: 'cpu', threads: 1 });
const { x } = readBatch(inputs);

for await (const line of createInterface({ input: process.stdin })) {
  const { calls, batch } = JSON.parse(line) as { readonly calls: number; readonly batch: number };
  const given = x.subarray(0, (x.length / benchBatch) * batch);
  const milliseconds: number[] = [];
  let outputs: readonly number[] = [];
  for (let call = 0; call < calls; call += 1) {
    const beganMs = performance.now();
    const y = await session.run(given);
    milliseconds.push(performance.now() - beganMs);
    outputs = [...y];
  }
  console.log(JSON.stringify({ milliseconds, outputs }));
}
