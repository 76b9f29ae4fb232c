import { describe, expect, it } from 'vitest';
import { checkpointOwner, decodeCheckpoint, encodeCheckpoint } from '#models/checkpoint.ts';
import type { TrainingState } from '#models/training.ts';
import type { TrainingSpec } from '#models/trainingSpec.ts';

const sizes = { windowSessions: 5, filters: 3, units: 4, epochs: 3, batchSize: 8, towers: 1, dropout: 0 } as const;
const learning = { learningRate: 0.01, patienceEpochs: 5, clipNorm: 1, validationFraction: 0.2, seed: 1 } as const;
const spec: TrainingSpec = { kind: 'cnn-lstm', ...sizes, ...learning };
const training = { spec, features: 2, data: Uint8Array.of(1, 2, 3) };
const owner = checkpointOwner(training);
const state: TrainingState = {
  epoch: 2,
  bestEpoch: 0,
  bestLoss: Number.POSITIVE_INFINITY,
  curve: [{ epoch: 1, trainingLoss: 0.9, validationLoss: 1.1, samplesPerSecond: 1_000 }],
  variables: { 'dense/kernel': Float32Array.of(0.1, 0.2), 'adam/step': Float32Array.of(7) },
  best: { 'dense/kernel': Float32Array.of(0.3, 0.4) },
};

describe('a checkpoint', () => {
  it('gives back the state, also before any epoch was the best', () =>
    expect(decodeCheckpoint(encodeCheckpoint(state, owner), owner)).toEqual(state));

  it.each([
    ['another seed', { ...training, spec: { ...spec, seed: 2 } }],
    ['other samples', { ...training, data: Uint8Array.of(1, 2, 4) }],
    ['another number of features', { ...training, features: 3 }],
  ])('is refused by a training with %s (CHECKPOINT_FOREIGN)', (_, other) =>
    expect(() => decodeCheckpoint(encodeCheckpoint(state, owner), checkpointOwner(other))).toThrow(
      expect.objectContaining({ code: 'CHECKPOINT_FOREIGN' }),
    ),
  );

  it('is refused when it is cut (ARTIFACT_UNREADABLE)', () =>
    expect(() => decodeCheckpoint(encodeCheckpoint(state, owner).subarray(0, -2), owner)).toThrow(
      expect.objectContaining({ code: 'ARTIFACT_UNREADABLE' }),
    ));
});
