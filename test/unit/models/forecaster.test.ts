import { describe, expect, it } from 'vitest';
import { naiveForecaster, ridgeForecaster } from '#models/baselines.ts';
import { calibrate } from '#models/confidence.ts';
import { forecasterFiles, loadForecaster } from '#models/forecaster.ts';
import { initialParameters } from '#models/layers/initialParameters.ts';
import { networkInOnnx } from '#models/layers/network.ts';
import { trainingPlan } from '#models/networks.ts';
import { buildTrainingGraph } from '#models/trainingGraph.ts';
import type { VariantLoss } from '#models/serving.ts';
import { train, type TrainedNetwork } from '#models/training.ts';
import type { TrainingSpec } from '#models/trainingSpec.ts';
import { seededRandom } from '#domain/random.ts';

const spec: TrainingSpec = {
  kind: 'cnn-lstm',
  windowSessions: 5,
  filters: 3,
  units: 4,
  epochs: 3,
  batchSize: 8,
  towers: 1,
  dropout: 0,
  learningRate: 0.01,
  patienceEpochs: 5,
  clipNorm: 1,
  validationFraction: 0.2,
  seed: 11,
};
const features = 2;
const sample = spec.windowSessions * features;
const random = seededRandom(2, 0);
const floats = (count: number): Float32Array => Float32Array.from({ length: count }, () => random() - 0.5);
const { network: layers } = trainingPlan(spec, features);
const parameters = initialParameters(layers, 4);
const network: TrainedNetwork = {
  parameters,
  labelMean: 0.001,
  labelScale: 0.02,
  calibration: calibrate(floats(300)),
  model: networkInOnnx(layers, parameters, 'float32'),
  serving: { samples: 0, parity: 0, variants: { float16: noLoss(), int8: noLoss() } },
  curve: [],
  bestEpoch: 1,
};

function noLoss(): VariantLoss {
  return { bytes: 0, largestDifference: 0, meanSquaredError: 0, meanSquaredErrorOfFloat32: 0 };
}

describe('a forecaster read from an artifact', () => {
  it('forecasts a sample alike in every company', async () => {
    const forecaster = await loadForecaster(forecasterFiles(network, spec, features));
    const inputs = floats(19 * sample);
    const together = await forecaster.predict(inputs);
    expect(together).toHaveLength(19);
    expect(new Set(together.map(({ mean }) => mean)).size).toBe(19);
    for (const row of [0, 7, 8, 18]) {
      const [alone] = await forecaster.predict(inputs.subarray(row * sample, (row + 1) * sample));
      expect(alone).toEqual(together[row]);
    }
  });

  it('forecasts nothing from nothing', async () => {
    const forecaster = await loadForecaster(forecasterFiles(network, spec, features));
    expect(await forecaster.predict(new Float32Array())).toEqual([]);
  });

  it('refuses inputs that end within a sample (MODEL_SHAPE_MISMATCH)', async () => {
    const forecaster = await loadForecaster(forecasterFiles(network, spec, features));
    await expect(forecaster.predict(floats(sample + 1))).rejects.toMatchObject({ code: 'MODEL_SHAPE_MISMATCH' });
  });

  it('refuses to forecast from what is no number, naming the sample (FORECAST_NOT_FINITE)', async () => {
    const inputs = floats(3 * sample);
    inputs[2 * sample + 3] = Number.NaN;
    const forecaster = await loadForecaster(forecasterFiles(network, spec, features));
    await expect(forecaster.predict(inputs)).rejects.toMatchObject({
      code: 'FORECAST_NOT_FINITE',
      details: { sample: 2 },
    });
  });

  it('is the same bytes whatever the order in which its specification was written', () => {
    const reversed = Object.fromEntries(Object.entries(spec).toReversed()) as unknown as TrainingSpec;
    expect(forecasterFiles(network, reversed, features)).toEqual(forecasterFiles(network, spec, features));
  });

  it.each(['spec.json', 'model.onnx'])('is refused without %s (ARTIFACT_UNREADABLE)', async (missing) => {
    const { [missing]: _, ...files } = forecasterFiles(network, spec, features);
    await expect(loadForecaster(files)).rejects.toMatchObject({ code: 'ARTIFACT_UNREADABLE' });
  });
});

describe('a damaged artifact', () => {
  it('is refused when its specification is no JSON (ARTIFACT_UNREADABLE)', async () => {
    const files = { ...forecasterFiles(network, spec, features), 'spec.json': Uint8Array.of(123) };
    await expect(loadForecaster(files)).rejects.toMatchObject({ code: 'ARTIFACT_UNREADABLE' });
  });
});

describe('a training', () => {
  const set = (count: number) => ({ inputs: floats(count * sample), labels: floats(count) });
  const data = { features, training: set(50), validation: set(20) };
  const clockMs = (): number => performance.now();

  it('ends in the same parameters when forecasts of its shape are made between its epochs', async () => {
    const alone = await train({ spec, data, clockMs });
    const forecaster = await loadForecaster(forecasterFiles(network, spec, features));
    const disturbed = await train({
      spec,
      data,
      clockMs,
      onEpoch: async () => void (await forecaster.predict(floats(sample))),
    });
    expect(disturbed.parameters).toEqual(alone.parameters);
  });

  it('differs with the seed', async () => {
    const [first, second] = [
      await train({ spec, data, clockMs }),
      await train({ spec: { ...spec, seed: 12 }, data, clockMs }),
    ];
    expect(first.parameters).not.toEqual(second.parameters);
  });

  it.each([
    ['labels for fewer samples', { ...data, training: { ...data.training, labels: floats(49) } }],
    ['inputs of another number of features', { ...data, features: 3 }],
  ])('refuses %s (MODEL_SHAPE_MISMATCH)', (_, given) =>
    expect(train({ spec, data: given, clockMs })).rejects.toMatchObject({ code: 'MODEL_SHAPE_MISMATCH' }),
  );

  it.each(['windowSessions', 'filters', 'units', 'batchSize', 'towers'] as const)(
    'refuses a network whose %s is not a whole number of at least 1 (MODEL_SHAPE_MISMATCH)',
    (size) => {
      for (const value of [0, -1, 1.5, Number.NaN]) {
        expect(() => buildTrainingGraph(trainingPlan({ ...spec, [size]: value }, features))).toThrow(
          expect.objectContaining({ code: 'MODEL_SHAPE_MISMATCH' }),
        );
      }
    },
  );
});

describe('a baseline', () => {
  const shape = { windowSessions: spec.windowSessions, features };
  const set = { inputs: floats(30 * sample), labels: floats(30) };
  it.each([
    ['naive', naiveForecaster(set, shape)],
    ['ridge', ridgeForecaster(set, shape)],
  ])('%s refuses inputs that end within a sample (MODEL_SHAPE_MISMATCH)', (_, forecaster) =>
    expect(forecaster.predict(floats(sample + 1))).rejects.toMatchObject({ code: 'MODEL_SHAPE_MISMATCH' }),
  );

  it('ridge refuses labels for fewer samples (MODEL_SHAPE_MISMATCH)', () =>
    expect(() => ridgeForecaster({ ...set, labels: floats(29) }, shape)).toThrow(
      expect.objectContaining({ code: 'MODEL_SHAPE_MISMATCH' }),
    ));
});
