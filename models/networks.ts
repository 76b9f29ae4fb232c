import type { Layer, Network } from './layers/layer.ts';
import type { TrainingPlan } from './trainingGraph.ts';
import type { AttentionSpec, CnnLstmSpec, TrainingSpec } from './trainingSpec.ts';

/**
 * The network a specification asks for.
 * @param features number of features of a sample's session
 */
export function forecasterNetwork(spec: TrainingSpec, features: number): Network {
  const layers = spec.kind === 'cnn-lstm' ? cnnLstm(spec) : attention(spec);
  return { input: [spec.windowSessions, features], layers };
}

/** What a training of a specification is built from. */
export function trainingPlan(spec: TrainingSpec, features: number): TrainingPlan {
  const { batchSize, towers, clipNorm, seed } = spec;
  return { network: forecasterNetwork(spec, features), batchSize, towers, clipNorm, seed };
}

/** Sessions a convolution sees. */
const kernelSteps = 3;

/** Two convolutions over time, an LSTM, and one number from its last state. */
function cnnLstm({ filters, units, dropout }: CnnLstmSpec): readonly Layer[] {
  const convolution = { kind: 'conv1d', filters, kernelSteps, padding: 'same', activation: 'relu' } as const;
  return [
    { ...convolution, name: 'conv1' },
    { ...convolution, name: 'conv2' },
    { kind: 'lstm', name: 'lstm', units, returns: 'last' },
    ...(dropout > 0 ? [{ kind: 'dropout', name: 'dropout', rate: dropout } as const] : []),
    { kind: 'dense', name: 'dense', units: 1, activation: 'none' },
  ];
}

/** An embedding with positions, blocks of attention, and one number from their mean over time. */
function attention({ width, heads, blocks, feedForward, dropout }: AttentionSpec): readonly Layer[] {
  return [
    { kind: 'dense', name: 'embedding', units: width, activation: 'none' },
    { kind: 'positions', name: 'positions' },
    ...Array.from({ length: blocks }, (_, block) => {
      return { kind: 'attentionBlock', name: `block${block + 1}`, heads, feedForward, dropout } as const;
    }),
    { kind: 'meanOverSteps', name: 'mean' },
    { kind: 'dense', name: 'dense', units: 1, activation: 'none' },
  ];
}
