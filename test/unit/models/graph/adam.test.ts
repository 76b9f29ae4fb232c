import { describe, expect, it } from 'vitest';
import { adamStep } from '#models/graph/adam.ts';
import { Graph } from '#models/graph/graph.ts';
import { GraphSession } from '#models/graph/graphSession.ts';
import { square, subtract, sum } from '#models/graph/operations.ts';

const target = [3, -2, 0.5];
const [learningRate, beta1, beta2, epsilon] = [0.05, 0.9, 0.999, 1e-7];

/** Adam as Kingma and Ba's algorithm 1 states it, in float64, with the gradient clipped to a norm first. */
function paper(steps: number, clipNorm: number): readonly number[] {
  let point = target.map(() => 0);
  let [mean, variance] = [point, point];
  for (let step = 1; step <= steps; step += 1) {
    const gradient = point.map((value, index) => 2 * (value - target[index]!));
    const factor = Math.min(1, clipNorm / Math.hypot(...gradient));
    mean = mean.map((value, index) => beta1 * value + (1 - beta1) * factor * gradient[index]!);
    variance = variance.map((value, index) => beta2 * value + (1 - beta2) * (factor * gradient[index]!) ** 2);
    point = point.map((value, index) => {
      const corrected = mean[index]! / (1 - beta1 ** step);
      return value - (learningRate * corrected) / (Math.sqrt(variance[index]! / (1 - beta2 ** step)) + epsilon);
    });
  }
  return point;
}

describe('a step of Adam', () => {
  it.each([
    ['clips a gradient over the bound', 0.5],
    ['leaves a gradient under the bound', 1_000],
  ])('is that of the paper: %s', async (_, clipNorm) => {
    const graph = new Graph();
    const wanted = graph.placeholder('wanted', [3]);
    const rate = graph.placeholder('rate', []);
    const point = graph.variable('point', [3]);
    const loss = sum(graph, square(graph, subtract(graph, point.value, wanted)));
    const gradients = graph.gradients(loss, [point.value]);
    const applied = adamStep(graph, [point], { gradients, learningRate: rate, clipNorm });
    graph.signature('train', { wanted, rate }, { loss: graph.after('loss', loss, applied) });
    graph.stateSignatures();
    const session = await GraphSession.load(graph);
    const zeros = (): Float32Array => new Float32Array(3);
    session.run('assign', {
      point: zeros(),
      'adam/step': new Float32Array(1),
      'adam/mean/point': zeros(),
      'adam/variance/point': zeros(),
    });
    for (let step = 0; step < 40; step += 1) {
      session.run('train', { wanted: Float32Array.from(target), rate: Float32Array.of(learningRate) });
    }
    const reached = session.run('read');
    session.dispose();
    expect(reached['adam/step']).toEqual(Float32Array.of(40));
    for (const [index, value] of paper(40, clipNorm).entries()) expect(reached.point![index]).toBeCloseTo(value, 4);
  });
});
