import { assert, asyncProperty, integer, nat } from 'fast-check';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { describe, expect, it } from 'vitest';
import { gaussianLogDensity, logSquashing } from '#models/agents/gaussian.ts';
import { Graph } from '#models/graph/graph.ts';
import { GraphSession } from '#models/graph/graphSession.ts';
import { tensorflow } from '#models/tensorflow.ts';
import { expectTwin, type Twin } from '../graph/gradientCheck.ts';

const tf = tensorflow();

/** The textbook's density at mean 0, of which the noise is the distance in deviations. */
function density(noise: Tensor, logDeviation: Tensor): Tensor {
  const deviation = tf.exp(logDeviation);
  const x = tf.mul(noise, deviation);
  const exponent = tf.div(tf.square(x), tf.mul(tf.square(deviation), -2));
  return tf.sum(tf.sub(exponent, tf.log(tf.mul(deviation, Math.sqrt(2 * Math.PI)))), 1);
}

const twins: Readonly<Record<string, (size: readonly [number, number]) => Twin>> = {
  gaussianLogDensity: (size) => ({
    shapes: [size, size],
    graph: (graph, [noise, logDeviation]) => gaussianLogDensity(graph, noise!, logDeviation!),
    eager: density,
  }),
  logSquashing: (size) => ({
    shapes: [size],
    graph: (graph, [x]) => logSquashing(graph, x!),
    eager: (x) => tf.sum(tf.log(tf.sub(1, tf.square(tf.tanh(x)))), 1),
  }),
};

describe('the density of a policy', () => {
  it.each(Object.entries(twins))('%s is that of the textbook, with its gradients', async (_, twin) => {
    const size = integer({ min: 1, max: 4 });
    const agrees = asyncProperty(size, size, nat(1_000), (a, b, seed) => expectTwin(twin([a, b]), seed));
    await expect(assert(agrees, { numRuns: 6 })).resolves.toBeUndefined();
  });

  it('stays finite where tanh is one to the last bit', async () => {
    const graph = new Graph();
    const x = graph.placeholder('x', [1, 2]);
    graph.signature('run', { x }, { y: graph.after('y', logSquashing(graph, x)) });
    const session = await GraphSession.load(graph);
    const { y } = session.run('run', { x: Float32Array.of(40, -40) });
    session.dispose();
    expect(y![0]).toBeCloseTo(2 * (Math.log(4) - 80), 3);
  });
});
