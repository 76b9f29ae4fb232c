import { describe, expect, it } from 'vitest';
import type { Floats } from '#models/graph/graphSession.ts';
import { initialParameters } from '#models/layers/initialParameters.ts';
import { parameterShapes } from '#models/layers/network.ts';
import { trainingPlan } from '#models/networks.ts';
import { seededRandom } from '#domain/random.ts';
import { loadTrainingGraph, optimiserZeros, type TrainingPlan } from '#models/trainingGraph.ts';
import type { TrainingSpec } from '#models/trainingSpec.ts';

const features = 3;
const rows = 16;
const learning = {
  windowSessions: 6,
  epochs: 4,
  batchSize: rows,
  towers: 1,
  learningRate: 0.01,
  dropout: 0,
  patienceEpochs: 10,
  clipNorm: 1,
  validationFraction: 0.2,
  seed: 7,
};
const specs: Readonly<Record<string, TrainingSpec>> = {
  'CNN+LSTM': { ...learning, kind: 'cnn-lstm', filters: 4, units: 5 },
  attention: { ...learning, kind: 'attention', width: 6, heads: 2, blocks: 2, feedForward: 5 },
};
const random = seededRandom(1, 0);
const floats = (count: number): Float32Array => Float32Array.from({ length: count }, () => random() * 2 - 1);
const batch = { x: floats(rows * 18), y: floats(rows), weight: new Float32Array(rows).fill(1 / rows) };

/** Away from zero, where a rectifier has no derivative and a bias hides nothing. */
function someParameters(plan: TrainingPlan): Floats {
  return Object.fromEntries(
    Object.entries(initialParameters(plan.network, 3)).map(([name, values]) => [
      name,
      name.endsWith('bias') ? values.map((value) => value + 0.2 + 0.3 * random()) : values,
    ]),
  );
}

describe.each(Object.entries(specs))('the %s network', (_, spec) => {
  it.each([
    ['whole', {}],
    ['with dropout, in two towers', { dropout: 0.4, towers: 2 }],
  ])('has the gradients of finite differences: %s', async (_how, more) => {
    const plan = trainingPlan({ ...spec, ...more }, features);
    const session = await loadTrainingGraph(plan);
    const parameters = someParameters(plan);
    const zeros = optimiserZeros(plan.network);
    const gradientsAt = (given: Floats): Floats => {
      session.run('assign', { ...zeros, ...given });
      return session.run('gradients', batch);
    };
    const gradients = gradientsAt(parameters);
    const slopes = Object.keys(parameterShapes(plan.network)).map((name) => {
      const exact = gradients[name]!;
      // Along the gradient itself the loss changes fastest: float32 leaves enough digits there.
      const norm = Math.hypot(...exact);
      const step = 0.002;
      const lossAt = (sign: number): number => {
        const moved = parameters[name]!.map((value, index) => value + (sign * step * exact[index]!) / norm);
        return gradientsAt({ ...parameters, [name]: moved }).loss![0]!;
      };
      return { name, off: Math.abs((lossAt(1) - lossAt(-1)) / (2 * step) - norm) / norm };
    });
    expect(slopes.filter(({ off }) => !(off < 0.02))).toEqual([]);
  });

  it('has the same loss, gradients and predictions in four towers, but for rounding', async () => {
    const answers = await Promise.all(
      [1, 4].map(async (towers) => {
        const plan = trainingPlan({ ...spec, towers }, features);
        const session = await loadTrainingGraph(plan);
        session.run('assign', { ...optimiserZeros(plan.network), ...initialParameters(plan.network, 3) });
        return { ...session.run('gradients', batch), ...session.run('predict', { x: batch.x }) };
      }),
    );
    const [one, four] = answers;
    expect(Object.keys(four!)).toEqual(Object.keys(one!));
    for (const [name, values] of Object.entries(one!)) {
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      for (const [index, value] of values.entries()) {
        expect(Math.abs(four![name]![index]! - value)).toBeLessThanOrEqual(1e-5 * Math.max(largest, 1e-2));
      }
    }
  });

  it('drops in training alone', async () => {
    const plan = trainingPlan({ ...spec, dropout: 0.5 }, features);
    const plain = trainingPlan(spec, features);
    const parameters = { ...optimiserZeros(plan.network), ...initialParameters(plan.network, 3) };
    const [dropping, whole] = [await loadTrainingGraph(plan), await loadTrainingGraph(plain)];
    for (const session of [dropping, whole]) session.run('assign', parameters);
    expect(dropping.run('loss', batch).loss).toEqual(whole.run('loss', batch).loss);
    expect(dropping.run('gradients', batch).loss).not.toEqual(whole.run('gradients', batch).loss);
  });
});

describe('a training plan', () => {
  const plan = trainingPlan(specs['CNN+LSTM']!, features);
  it.each([
    ['towers that do not divide the batch', { ...plan, towers: 3 }],
    ['a network without one number as output', { ...plan, network: { input: [6, 3], layers: [] } }],
  ])('is refused with %s (MODEL_SHAPE_MISMATCH)', (_, given) =>
    expect(() => loadTrainingGraph(given)).toThrow(expect.objectContaining({ code: 'MODEL_SHAPE_MISMATCH' })),
  );
});
