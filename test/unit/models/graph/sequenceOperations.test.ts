import { assert, asyncProperty, integer, nat, tuple } from 'fast-check';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { describe, expect, it } from 'vitest';
import { Graph, type Node } from '#models/graph/graph.ts';
import { multiply } from '#models/graph/operations.ts';
import { add } from '#models/graph/elementwise.ts';
import {
  batchMatmul,
  lastOfAxis,
  layerNorm,
  layerNormEpsilon,
  meanOfAxis,
  sigmoid,
  softmax,
  unstack,
} from '#models/graph/sequenceOperations.ts';
import { tensorflow } from '#models/tensorflow.ts';
import { expectTwin, type Twin } from './gradientCheck.ts';

const tf = tensorflow();

type Sizes = readonly [number, number, number, number];

const elementwise = (graph: (graph: Graph, x: Node) => Node, eager: (x: Tensor) => Tensor) => {
  return ([a, b]: Sizes): Twin => ({ shapes: [[a, b]], graph: (of, [x]) => graph(of, x!), eager });
};

const ramp = (rows: number, columns: number): readonly number[] =>
  Array.from({ length: rows * columns }, (_, at) => 3 * (at % columns));

/** Every operation at random sizes, beside the library's own. */
const twins: Readonly<Record<string, (sizes: Sizes) => Twin>> = {
  sigmoid: elementwise(sigmoid, (x) => tf.sigmoid(x)),
  batchMatmul: ([a, b, c, d]) => ({
    shapes: [
      [d, 2, a, b],
      [d, 2, b, c],
    ],
    graph: (graph, [x, y]) => batchMatmul(graph, [x!, y!], 'plain'),
    eager: (x, y) => tf.matMul(x, y),
  }),
  'batchMatmul, the second transposed': ([a, b, c, d]) => ({
    shapes: [
      [d, 2, a, b],
      [d, 2, c, b],
    ],
    graph: (graph, [x, y]) => batchMatmul(graph, [x!, y!], 'transposed'),
    eager: (x, y) => tf.matMul(x, y, false, true),
  }),
  softmax: ([a, b, c]) => ({
    shapes: [[a, b, c]],
    graph: (graph, [x]) => softmax(graph, x!),
    eager: (x) => tf.softmax(x),
  }),
  layerNorm: ([rows, , channels]) => ({
    shapes: [[rows, channels + 2], [channels + 2], [channels + 2]],
    // Apart from each other: a row of nearly equal numbers bends too much for differences.
    graph: (graph, [x, gain, bias]) => {
      const spread = graph.constant(ramp(rows, channels + 2), [rows, channels + 2]);
      return layerNorm(graph, add(graph, x!, spread), { scale: gain!, bias: bias! });
    },
    eager: (x, gain, bias) => {
      const spread = tf.add(x, tf.tensor2d([...ramp(rows, channels + 2)], [rows, channels + 2]));
      const { mean, variance } = tf.moments(spread, 1, true);
      return tf.add(tf.mul(tf.div(tf.sub(spread, mean), tf.sqrt(tf.add(variance, layerNormEpsilon))), gain), bias);
    },
  }),
  'unstack, of which one part is not used': ([a, b]) => ({
    shapes: [[3, a, b]],
    graph: (graph, [x]) => {
      const [first, , third] = unstack(graph, x!);
      return multiply(graph, first!, third!);
    },
    eager: (x) => tf.mul(tf.reshape(tf.slice(x, [0], [1]), [a, b]), tf.reshape(tf.slice(x, [2], [1]), [a, b])),
  }),
  meanOfAxis: ([a, b, c]) => ({
    shapes: [[a, b, c]],
    graph: (graph, [x]) => meanOfAxis(graph, x!, 1),
    eager: (x) => tf.mean(x, 1),
  }),
  lastOfAxis: ([a, b, c]) => ({
    shapes: [[a, b, c]],
    graph: (graph, [x]) => lastOfAxis(graph, x!, 1),
    eager: (x) => tf.reshape(tf.slice(x, [0, b - 1, 0], [a, 1, c]), [a, c]),
  }),
};

describe('an operation on sequences', () => {
  const size = integer({ min: 1, max: 4 });
  it.each(Object.entries(twins))('%s has the values and gradients of autodiff and of differences', async (_, twin) => {
    const agrees = asyncProperty(tuple(size, size, size, size), nat(1_000), (sizes, seed) =>
      expectTwin(twin(sizes), seed),
    );
    await expect(assert(agrees, { numRuns: 6 })).resolves.toBeUndefined();
  });

  const misfits: Readonly<Record<string, (graph: Graph, node: (...shape: number[]) => Node) => unknown>> = {
    'products of other batches': (graph, node) => batchMatmul(graph, [node(2, 3, 4), node(3, 4, 5)], 'plain'),
    'products of inner sizes that differ': (graph, node) => batchMatmul(graph, [node(2, 3, 4), node(2, 3, 4)], 'plain'),
    'a norm of other channels': (graph, node) => layerNorm(graph, node(2, 3), { scale: node(3), bias: node(2) }),
    'a mean over an axis that is not there': (graph, node) => meanOfAxis(graph, node(2, 3), 2),
    'the last of no steps': (graph, node) => lastOfAxis(graph, node(2, 0, 3), 1),
  };
  it.each(Object.entries(misfits))('refuses %s while the graph is built (MODEL_SHAPE_MISMATCH)', (_, build) => {
    const graph = new Graph();
    let count = 0;
    const node = (...shape: number[]): Node => graph.placeholder(`input${count++}`, shape);
    expect(() => build(graph, node)).toThrow(expect.objectContaining({ code: 'MODEL_SHAPE_MISMATCH' }));
  });
});
