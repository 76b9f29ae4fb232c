import { assert, asyncProperty, integer, nat, tuple } from 'fast-check';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-node-gpu';
import { describe, expect, it } from 'vitest';
import { Graph, type Node } from '#models/graph/graph.ts';
import { hiddenStates, lastHiddenState } from '#models/graph/lstm.ts';
import {
  addBias,
  convolve,
  matmul,
  multiply,
  rawConcat,
  rawPack,
  rawSlice,
  relu,
  reshape,
  square,
  subtract,
  sum,
  transpose,
} from '#models/graph/operations.ts';
import { tensorflow } from '#models/tensorflow.ts';
import { expectTwin, type Twin } from './gradientCheck.ts';

const tf = tensorflow();

type Sizes = readonly [number, number, number, number];

/** Every differentiable operation at random sizes, beside the library's own. */
const twins: Readonly<Record<string, (sizes: Sizes) => Twin>> = {
  matmul: ([a, b, c]) => ({
    shapes: [
      [a, b],
      [b, c],
    ],
    graph: (graph, [x, y]) => matmul(graph, x!, y!),
    eager: (x, y) => tf.matMul(x, y),
  }),
  addBias: ([a, b, c]) => ({
    shapes: [[a, b, c], [c]],
    graph: (graph, [x, bias]) => addBias(graph, x!, bias!),
    eager: (x, bias) => tf.add(x, bias),
  }),
  subtract: ([a, b]) => ({
    shapes: [
      [a, b],
      [a, b],
    ],
    graph: (graph, [x, y]) => subtract(graph, x!, y!),
    eager: (x, y) => tf.sub(x, y),
  }),
  multiply: ([a, b]) => ({
    shapes: [
      [a, b],
      [a, b],
    ],
    graph: (graph, [x, y]) => multiply(graph, x!, y!),
    eager: (x, y) => tf.mul(x, y),
  }),
  relu: ([a, b]) => ({ shapes: [[a, b]], graph: (graph, [x]) => relu(graph, x!), eager: (x) => tf.relu(x) }),
  square: ([a, b]) => ({ shapes: [[a, b]], graph: (graph, [x]) => square(graph, x!), eager: (x) => tf.square(x) }),
  sum: ([a, b, c]) => ({ shapes: [[a, b, c]], graph: (graph, [x]) => sum(graph, x!), eager: (x) => tf.sum(x) }),
  reshape: ([a, b, c]) => ({
    shapes: [[a, b, c]],
    graph: (graph, [x]) => reshape(graph, x!, [b * c, a]),
    eager: (x) => tf.reshape(x, [b * c, a]),
  }),
  transpose: ([a, b, c]) => ({
    shapes: [[a, b, c]],
    graph: (graph, [x]) => transpose(graph, x!, [2, 0, 1]),
    eager: (x) => tf.transpose(x, [2, 0, 1]),
  }),
  'convolve without padding': ([batch, width, channels, filters]) => ({
    shapes: [
      [batch, 1, width + 2, channels],
      [1, 3, channels, filters],
    ],
    graph: (graph, [x, kernel]) => convolve(graph, [x!, kernel!], 'VALID'),
    eager: (x, kernel) => tf.conv2d(x as Tensor4D, kernel as Tensor4D, 1, 'valid'),
  }),
  convolve: ([batch, width, channels, filters]) => ({
    shapes: [
      [batch, 1, width, channels],
      [1, 3, channels, filters],
    ],
    graph: (graph, [x, kernel]) => convolve(graph, [x!, kernel!], 'SAME'),
    eager: (x, kernel) => tf.conv2d(x as Tensor4D, kernel as Tensor4D, 1, 'same'),
  }),
  lastHiddenState: ([steps, batch, inputs, units]) => ({
    shapes: [[steps, batch, inputs], [inputs + units, 4 * units], [4 * units]],
    graph: (graph, [x, kernel, bias]) => lastHiddenState(graph, x!, { kernel: kernel!, bias: bias! }),
    eager: (x, kernel, bias) => plainLstm(x, kernel, bias).at(-1)!,
  }),
  hiddenStates: ([steps, batch, inputs, units]) => ({
    shapes: [[steps, batch, inputs], [inputs + units, 4 * units], [4 * units]],
    graph: (graph, [x, kernel, bias]) => hiddenStates(graph, x!, { kernel: kernel!, bias: bias! }),
    eager: (x, kernel, bias) => tf.reshape(tf.concat([...plainLstm(x, kernel, bias)]), [steps, batch, units]),
  }),
  'a sum over two uses of one node': ([a, b]) => ({
    shapes: [
      [a, b],
      [a, b],
    ],
    graph: (graph, [x, y]) => subtract(graph, multiply(graph, x!, y!), square(graph, x!)),
    eager: (x, y) => tf.sub(tf.mul(x, y), tf.square(x)),
  }),
};

/** The textbook's recurrence, one step after the other; gates in the order i, c, f, o. */
function plainLstm(x: Tensor, kernel: Tensor, bias: Tensor): readonly Tensor[] {
  const [steps = 0, batch = 0] = x.shape;
  const units = bias.shape[0] / 4;
  let hidden: Tensor = tf.zeros([batch, units]);
  let cell: Tensor = tf.zeros([batch, units]);
  const states: Tensor[] = [];
  for (let step = 0; step < steps; step += 1) {
    // Not tf.unstack: its gradient fails for a single step.
    const input = tf.reshape(tf.slice(x, [step], [1]), [batch, x.shape[2]!]);
    const mixed = tf.add(tf.matMul(tf.concat([input as Tensor2D, hidden as Tensor2D], 1), kernel), bias);
    const [i, candidate, f, o] = tf.split(mixed, 4, 1);
    cell = tf.add(tf.mul(tf.sigmoid(f!), cell), tf.mul(tf.sigmoid(i!), tf.tanh(candidate!)));
    hidden = tf.mul(tf.sigmoid(o!), tf.tanh(cell));
    states.push(hidden);
  }
  return states;
}

describe('an operation of the graph', () => {
  const size = integer({ min: 1, max: 4 });
  it.each(Object.entries(twins))('%s has the values and gradients of autodiff and of differences', async (_, twin) => {
    const agrees = asyncProperty(tuple(size, size, size, size), nat(1_000), (sizes, seed) =>
      expectTwin(twin(sizes), seed),
    );
    await expect(assert(agrees, { numRuns: 6 })).resolves.toBeUndefined();
  });

  const misfits: Readonly<Record<string, (graph: Graph, node: (...shape: number[]) => Node) => unknown>> = {
    'a product of inner sizes that differ': (graph, node) => matmul(graph, node(2, 3), node(4, 2)),
    'a product of what is no matrix': (graph, node) => matmul(graph, node(2, 3, 1), node(3, 2)),
    'a bias of another length': (graph, node) => addBias(graph, node(2, 3), node(2)),
    'a difference that would broadcast': (graph, node) => subtract(graph, node(2, 3), node(1, 3)),
    'an elementwise product that would broadcast': (graph, node) => multiply(graph, node(2, 3), node(3)),
    'a shape of other size': (graph, node) => reshape(graph, node(2, 3), [5]),
    'an order that names an axis twice': (graph, node) => transpose(graph, node(2, 3), [0, 0]),
    'a kernel longer than what it convolves without padding': (graph, node) =>
      convolve(graph, [node(1, 1, 2, 2), node(1, 3, 2, 4)], 'VALID'),
    'a kernel for other channels': (graph, node) => convolve(graph, [node(1, 1, 5, 2), node(1, 3, 3, 4)], 'SAME'),
    'a slice beyond the end': (graph, node) => rawSlice(graph, node(2, 3), { begin: [1, 0], size: [2, 3] }),
    'a stack of unlike parts': (graph, node) => rawPack(graph, [node(2), node(3)]),
    'a join of unlike parts': (graph, node) => rawConcat(graph, [node(2, 3), node(2, 4)], 0),
    'an LSTM whose kernel has other inputs': (graph, node) =>
      lastHiddenState(graph, node(5, 2, 3), { kernel: node(6, 8), bias: node(8) }),
    'an LSTM without steps': (graph, node) =>
      lastHiddenState(graph, node(0, 2, 3), { kernel: node(5, 8), bias: node(8) }),
    'gradients of more than one number': (graph, node) => graph.gradients(node(2), []),
  };
  it.each(Object.entries(misfits))('refuses %s while the graph is built (MODEL_SHAPE_MISMATCH)', (_, build) => {
    const graph = new Graph();
    let count = 0;
    const node = (...shape: number[]): Node => graph.placeholder(`input${count++}`, shape);
    expect(() => build(graph, node)).toThrow(expect.objectContaining({ code: 'MODEL_SHAPE_MISMATCH' }));
  });

  it('has no gradient towards what it does not depend on', () => {
    const graph = new Graph();
    const [a, b] = [graph.placeholder('a', []), graph.placeholder('b', [])];
    expect(() => graph.gradients(square(graph, a), [b])).toThrow(/does not depend on b/);
  });
});
