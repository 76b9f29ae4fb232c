import { describe, expect, it } from 'vitest';
import { trainingPlan } from '#models/networks.ts';
import { initialParameters } from '#models/layers/initialParameters.ts';
import { seededRandom } from '#domain/random.ts';
import { tensorflow } from '#models/tensorflow.ts';
import { loadTrainingGraph, optimiserZeros } from '#models/trainingGraph.ts';
import { train, type SampleSet, type TrainingData, type TrainingState } from '#models/training.ts';
import type { TrainingSpec } from '#models/trainingSpec.ts';
import { decodeTensors, encodeTensors } from '#models/tensorFile.ts';

const spec: TrainingSpec = {
  kind: 'cnn-lstm',
  windowSessions: 6,
  filters: 4,
  units: 5,
  epochs: 4,
  batchSize: 16,
  towers: 1,
  dropout: 0,
  learningRate: 0.01,
  patienceEpochs: 10,
  clipNorm: 1,
  validationFraction: 0.2,
  seed: 7,
};
const features = 3;
const plan = trainingPlan(spec, features);
const random = seededRandom(1, 0);
const floats = (count: number): Float32Array => Float32Array.from({ length: count }, () => random() * 2 - 1);

/** Samples whose label follows from the window: something to be learnt. */
function samples(count: number): SampleSet {
  const width = spec.windowSessions * features;
  const inputs = floats(count * width);
  const labels = Float32Array.from(
    { length: count },
    (_, row) => 0.01 * (inputs[(row + 1) * width - 1]! + inputs[row * width]!),
  );
  return { inputs, labels };
}
const data: TrainingData = { features, training: samples(90), validation: samples(30) };
const clockMs = (): number => performance.now();

describe('a training graph', () => {
  it('gives a padded batch the loss of its true rows alone', async () => {
    const session = await loadTrainingGraph(plan);
    session.run('assign', { ...optimiserZeros(plan.network), ...initialParameters(plan.network, 3) });
    const x = floats(16 * 18);
    const y = floats(16);
    const weight = new Float32Array(16).fill(1 / 10, 0, 10);
    const padded = session.run('loss', { x, y, weight }).loss![0];
    const junk = session.run('loss', {
      x: x.map((v, i) => (i < 180 ? v : 99)),
      y: y.map((v, i) => (i < 10 ? v : 99)),
      weight,
    }).loss![0];
    expect(padded).toBe(junk);
  });

  it('refuses a batch of the wrong size', async () => {
    const session = await loadTrainingGraph(plan);
    expect(() => session.run('predict', { x: new Float32Array(17) })).toThrow(
      expect.objectContaining({ code: 'MODEL_SHAPE_MISMATCH' }),
    );
  });

  it('keeps no tensor over hundreds of steps', async () => {
    const session = await loadTrainingGraph(plan);
    session.run('assign', { ...optimiserZeros(plan.network), ...initialParameters(plan.network, 3) });
    const batch = { x: floats(16 * 18), y: floats(16), weight: new Float32Array(16).fill(1 / 16) };
    const before = tensorflow().memory().numTensors;
    for (let step = 0; step < 300; step += 1) session.run('train', { ...batch, learningRate: Float32Array.of(0.001) });
    expect(tensorflow().memory().numTensors).toBe(before);
  });
});

describe('training', () => {
  it('learns what can be learnt', async () => {
    const { curve } = await train({ spec: { ...spec, epochs: 30 }, data, clockMs });
    expect(curve.at(-1)!.validationLoss).toBeLessThan(0.5 * curve[0]!.validationLoss);
  });

  it('gives the same parameters bit for bit, interrupted and resumed or not', async () => {
    const states: TrainingState[] = [];
    const whole = await train({
      spec,
      data,
      clockMs,
      onEpoch: (_, state) => Promise.resolve(void states.push(state)),
    });
    const saved = states[1]!;
    const resumeFrom = { ...saved, variables: decodeTensors(encodeTensors(saved.variables)).tensors };
    const resumed = await train({ spec, data, clockMs, resumeFrom });
    expect(resumed.parameters).toEqual(whole.parameters);
  });

  it('ends after the epoch it is told to, and goes on from there as if it had never stopped', async () => {
    let state: TrainingState | undefined;
    const keep = (_: unknown, now: TrainingState): Promise<void> => {
      state = now;
      return Promise.resolve();
    };
    const early = await train({ spec, data, clockMs, untilEpoch: 2, onEpoch: keep });
    expect(early.curve.map(({ epoch }) => epoch)).toEqual([1, 2]);
    const late = await train({ spec, data, clockMs, resumeFrom: state!, untilEpoch: 3 });
    expect(late.curve.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    const again = await train({ spec, data, clockMs, untilEpoch: 3 });
    expect(late.parameters).toEqual(again.parameters);
  });

  it('stops when the validation loss has not fallen for the patience', async () => {
    const noise = {
      ...data,
      validation: { ...data.validation, labels: data.validation.labels.map((label) => -label) },
    };
    const { curve } = await train({ spec: { ...spec, epochs: 50, patienceEpochs: 2 }, data: noise, clockMs });
    expect(curve.length).toBeLessThan(50);
  });

  it('refuses data without samples (TRAINING_DATA_EMPTY)', () =>
    expect(
      train({ spec, data: { ...data, training: { inputs: new Float32Array(), labels: new Float32Array() } }, clockMs }),
    ).rejects.toMatchObject({
      code: 'TRAINING_DATA_EMPTY',
    }));

  it('says so when the loss is not finite (TRAINING_DIVERGED)', () =>
    expect(
      train({
        spec,
        data: { ...data, training: { ...data.training, inputs: data.training.inputs.map(() => Number.NaN) } },
        clockMs,
      }),
    ).rejects.toMatchObject({ code: 'TRAINING_DIVERGED' }));
});
