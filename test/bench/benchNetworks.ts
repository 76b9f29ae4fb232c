import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Floats } from '#models/graph/graphSession.ts';
import { initialParameters } from '#models/layers/initialParameters.ts';
import type { Layer, Network } from '#models/layers/layer.ts';

/** Samples of the inputs that both sides read: 64 of 60 steps of 78 features. */
export const benchBatch = 64;
const input = [60, 78] as const;

const head: readonly Layer[] = [
  { kind: 'dense', name: 'fc1', units: 64, activation: 'relu' },
  { kind: 'dense', name: 'fc2', units: 1, activation: 'none' },
];

const block = { kind: 'attentionBlock', heads: 2, feedForward: 128, dropout: 0 } as const;

/** The networks that are measured, each written again in peers/networks.py. */
export const benchNetworks = {
  lstm: {
    input,
    layers: [
      { kind: 'conv1d', name: 'conv1', filters: 64, kernelSteps: 3, padding: 'valid', activation: 'relu' },
      { kind: 'conv1d', name: 'conv2', filters: 64, kernelSteps: 3, padding: 'valid', activation: 'none' },
      { kind: 'lstm', name: 'lstm', units: 128, returns: 'last' },
      ...head,
    ],
  },
  attention: {
    input,
    layers: [
      { kind: 'dense', name: 'embed', units: 64, activation: 'none' },
      { ...block, name: 'block1' },
      { ...block, name: 'block2' },
      { kind: 'meanOverSteps', name: 'mean' },
      ...head,
    ],
  },
} as const satisfies Readonly<Record<string, Network>>;

/** One of them. */
export type BenchNetwork = keyof typeof benchNetworks;

/** Parameters that both sides begin with. */
export function benchParameters(name: BenchNetwork): Floats {
  return initialParameters(benchNetworks[name], 7);
}

/** Writes parameters for the peer: a JSON object of base64 texts by name. */
export function writeParameters(file: string, parameters: Floats): void {
  const texts = Object.entries(parameters).map(([name, { buffer, byteOffset, byteLength }]) => [
    name,
    Buffer.from(buffer, byteOffset, byteLength).toString('base64'),
  ]);
  writeFileSync(file, JSON.stringify(Object.fromEntries(texts)));
}

/** The batch's inputs and targets from the folder of the peers' inputs. */
export function readBatch(folder: string): { readonly x: Float32Array; readonly y: Float32Array } {
  const floats = (name: string): Float32Array =>
    new Float32Array(new Uint8Array(readFileSync(path.join(folder, name))).buffer);
  return { x: floats('dl_input.bin'), y: floats('dl_target.bin') };
}
