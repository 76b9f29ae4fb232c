import { assert, asyncProperty, integer, nat, tuple } from 'fast-check';
import type { Tensor2D } from '@tensorflow/tfjs-node-gpu';
import { describe, expect, it } from 'vitest';
import {
  add,
  clip,
  exp,
  logSoftmax,
  mean,
  minimum,
  scale,
  shift,
  softplus,
  sumRows,
  tanh,
} from '#models/graph/elementwise.ts';
import { Graph, type Node } from '#models/graph/graph.ts';
import { tensorflow } from '#models/tensorflow.ts';
import { expectTwin, type Twin } from './gradientCheck.ts';

const tf = tensorflow();

type Sizes = readonly [number, number];
const one = (graph: Twin['graph'], eager: Twin['eager']) => (sizes: Sizes) => ({ shapes: [sizes], graph, eager });
const two = (graph: Twin['graph'], eager: Twin['eager']) => (sizes: Sizes) => ({
  shapes: [sizes, sizes],
  graph,
  eager,
});

/** Inputs are between 0.1 and 1 in size, so that no difference straddles a bound below or a tie. */
const twins: Readonly<Record<string, (sizes: Sizes) => Twin>> = {
  add: two(
    (graph, [x, y]) => add(graph, x!, y!),
    (x, y) => tf.add(x, y),
  ),
  scale: one(
    (graph, [x]) => scale(graph, x!, -1.5),
    (x) => tf.mul(x, -1.5),
  ),
  shift: one(
    (graph, [x]) => shift(graph, x!, 0.75),
    (x) => tf.add(x, 0.75),
  ),
  exp: one(
    (graph, [x]) => exp(graph, x!),
    (x) => tf.exp(x),
  ),
  tanh: one(
    (graph, [x]) => tanh(graph, x!),
    (x) => tf.tanh(x),
  ),
  softplus: one(
    (graph, [x]) => softplus(graph, x!),
    (x) => tf.softplus(x),
  ),
  minimum: two(
    (graph, [x, y]) => minimum(graph, x!, add(graph, x!, y!)),
    (x, y) => tf.minimum(x, tf.add(x, y)),
  ),
  'clip from above': one(
    (graph, [x]) => clip(graph, x!, [-2, 0.05]),
    (x) => tf.clipByValue(x, -2, 0.05),
  ),
  'clip from below': one(
    (graph, [x]) => clip(graph, x!, [-0.05, 2]),
    (x) => tf.clipByValue(x, -0.05, 2),
  ),
  sumRows: one(
    (graph, [x]) => sumRows(graph, x!),
    (x) => tf.sum(x, 1),
  ),
  mean: one(
    (graph, [x]) => mean(graph, x!),
    (x) => tf.mean(x),
  ),
  logSoftmax: one(
    (graph, [x]) => logSoftmax(graph, x!),
    (x) => tf.logSoftmax(x as Tensor2D),
  ),
};

describe('an operation of policies', () => {
  const size = integer({ min: 1, max: 5 });
  it.each(Object.entries(twins))('%s has the values and gradients of autodiff and of differences', async (_, twin) => {
    const agrees = asyncProperty(tuple(size, size), nat(1_000), (sizes, seed) => expectTwin(twin(sizes), seed));
    await expect(assert(agrees, { numRuns: 6 })).resolves.toBeUndefined();
  });

  const misfits: Readonly<Record<string, (graph: Graph, node: (...shape: number[]) => Node) => unknown>> = {
    'a sum that would broadcast': (graph, node) => add(graph, node(2, 3), node(3)),
    'the lesser of unlike shapes': (graph, node) => minimum(graph, node(2, 3), node(3, 2)),
    'a scale that is no scalar': (graph, node) => scale(graph, node(2, 3), node(3)),
    'rows of a scalar': (graph, node) => sumRows(graph, node()),
    'a log-softmax of what is no matrix': (graph, node) => logSoftmax(graph, node(3)),
  };
  it.each(Object.entries(misfits))('refuses %s while the graph is built (MODEL_SHAPE_MISMATCH)', (_, build) => {
    const graph = new Graph();
    let count = 0;
    const node = (...shape: number[]): Node => graph.placeholder(`input${count++}`, shape);
    expect(() => build(graph, node)).toThrow(expect.objectContaining({ code: 'MODEL_SHAPE_MISMATCH' }));
  });
});
