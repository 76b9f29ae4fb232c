import { describe, expect, it } from 'vitest';
import { loadForecaster, forecasterFiles, readSpec } from '#models/forecaster.ts';
import { parityTolerance, proveServing, requireParity } from '#models/serving.ts';
import { initialParameters } from '#models/layers/initialParameters.ts';
import { trainingPlan } from '#models/networks.ts';
import { seededRandom } from '#domain/random.ts';
import { predictStandardised, train, type SampleSet } from '#models/training.ts';
import type { TrainingSpec } from '#models/trainingSpec.ts';

const features = 3;
const learning = {
  windowSessions: 8,
  epochs: 6,
  batchSize: 32,
  towers: 2,
  learningRate: 0.01,
  dropout: 0.1,
  patienceEpochs: 6,
  clipNorm: 1,
  validationFraction: 0.2,
  seed: 7,
};
const specs: Readonly<Record<string, TrainingSpec>> = {
  'CNN+LSTM': { ...learning, kind: 'cnn-lstm', filters: 8, units: 12 },
  attention: { ...learning, kind: 'attention', width: 12, heads: 3, blocks: 2, feedForward: 16 },
};
const random = seededRandom(4, 0);
const floats = (count: number): Float32Array => Float32Array.from({ length: count }, () => random() * 2 - 1);

/** Returns that follow from the window, and noise that does not. */
function samples(count: number): SampleSet {
  const width = learning.windowSessions * features;
  const inputs = floats(count * width);
  const labels = Float32Array.from({ length: count }, (_, row) => {
    return 0.02 * (inputs[(row + 1) * width - 1]! + inputs[row * width]!) + 0.02 * (random() - random());
  });
  return { inputs, labels };
}

describe.each(Object.entries(specs))('a trained %s forecaster', (_, spec) => {
  const data = { features, training: samples(600), validation: samples(300) };
  const trained = train({ spec, data, clockMs: () => performance.now() });

  it('is served as it was trained, and its smaller forms cost what the artifact says', async () => {
    const { serving, curve, bestEpoch } = await trained;
    expect(serving.parity).toBeLessThanOrEqual(parityTolerance);
    const { float16, int8 } = serving.variants;
    expect(float16.meanSquaredErrorOfFloat32).toBeCloseTo(curve[bestEpoch - 1]!.validationLoss, 4);
    expect(float16.largestDifference).toBeGreaterThan(0);
    expect(float16.largestDifference).toBeLessThan(0.01);
    expect(int8.largestDifference).toBeGreaterThan(float16.largestDifference);
    expect(int8.meanSquaredError).toBeLessThan(1.1 * int8.meanSquaredErrorOfFloat32 + 0.02);
  });

  it('forecasts as its graph does, with an interval that holds new returns as often as it says', async () => {
    const network = await trained;
    const files = forecasterFiles(network, spec, features);
    const fresh = samples(2_000);
    const forecaster = await loadForecaster(files);
    const forecasts = await forecaster.predict(fresh.inputs);
    await forecaster.release();
    const graph = await predictStandardised(trainingPlan(spec, features), network.parameters, fresh.inputs);
    const { labelMean, labelScale } = readSpec(files);
    for (const [row, { mean }] of forecasts.entries()) {
      expect(Math.abs(mean - (labelMean + graph[row]! * labelScale))).toBeLessThan(parityTolerance * labelScale * 2);
    }
    const held = forecasts.filter(
      ({ lower, upper }, row) => fresh.labels[row]! >= lower && fresh.labels[row]! <= upper,
    );
    // 300 calibration samples: their own chance is a standard deviation of 1.7 percent.
    expect(Math.abs(held.length / 2_000 - 0.9)).toBeLessThan(0.06);
  });
});

describe('parity', () => {
  it.each([
    ['a sample that differs', [1, 2.001], [1, 2]],
    ['no number in one form', [1, 2], [1, Number.NaN]],
    ['fewer answers', [1, 2], [1]],
  ])('is broken by %s (ONNX_PARITY_BROKEN)', (_, graph, onnx) =>
    expect(() => requireParity(Float32Array.from(graph), Float32Array.from(onnx))).toThrow(
      expect.objectContaining({ code: 'ONNX_PARITY_BROKEN' }),
    ),
  );

  it('refuses a network whose graph answered otherwise than its parameters do (ONNX_PARITY_BROKEN)', async () => {
    const { network } = trainingPlan(specs.attention!, features);
    const inputs = floats(4 * 8 * features);
    const parameters = initialParameters(network, 1);
    const elsewhere = await predictStandardised(
      trainingPlan(specs.attention!, features),
      initialParameters(network, 2),
      inputs,
    );
    await expect(
      proveServing({ network, parameters, inputs, labels: floats(4), predictions: elsewhere }),
    ).rejects.toMatchObject({ code: 'ONNX_PARITY_BROKEN' });
  });
});
