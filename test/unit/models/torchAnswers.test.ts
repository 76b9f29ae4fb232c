import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { benchBatch, benchNetworks, readBatch } from '#test/bench/benchNetworks.ts';
import { adamStep } from '#models/graph/adam.ts';
import { add, scale } from '#models/graph/elementwise.ts';
import { Graph, type Node } from '#models/graph/graph.ts';
import { GraphSession, type Floats } from '#models/graph/graphSession.ts';
import { square, subtract, sum } from '#models/graph/operations.ts';
import { sizeOf } from '#models/graph/shape.ts';
import { networkInGraph, networkInOnnx, parameterShapes } from '#models/layers/network.ts';
import { OnnxSession } from '#models/onnx/onnxSession.ts';
import type { TrainingPlan } from '#models/trainingGraph.ts';
import { predictStandardised } from '#models/training.ts';

// Answers of PyTorch 2.15, recorded with the parameters, inputs and targets that are read here.
const folder = '../shared/bench';
const present = existsSync(`${folder}/expected/dl_outputs.json`);
if (!present) console.warn(`skipped: PyTorch's recorded answers, outside the repository (${folder}), are absent`);

const network = benchNetworks.lstm;
const plan: TrainingPlan = { network, batchSize: benchBatch, towers: 1, clipNorm: 1e9, seed: 0 };

interface Recorded {
  readonly torch_float32: readonly number[];
  readonly torch_float64: readonly number[];
  /** Mean squared error of the batch before each of ten steps of Adam, learning rate 1e-3, in float64. */
  readonly train_adam_1e3_mse_losses_float64: readonly number[];
}

/** PyTorch's tensors by their names, row after row. */
function torchTensors(): Readonly<Record<string, Float32Array>> {
  const { index } = JSON.parse(readFileSync(`${folder}/inputs/dl_weights.json`, 'utf8')) as {
    readonly index: readonly { readonly name: string; readonly shape: readonly number[]; readonly offset: number }[];
  };
  const bytes = new Uint8Array(readFileSync(`${folder}/inputs/dl_weights.bin`));
  const all = new Float32Array(bytes.buffer);
  return Object.fromEntries(
    index.map(({ name, shape, offset }) => [name, all.subarray(offset, offset + shape.reduce((a, b) => a * b, 1))]),
  );
}

/** A matrix [rows, columns] with both swapped. */
function transposed(values: Float32Array, rows: number): Float32Array {
  const columns = values.length / rows;
  return Float32Array.from(values, (_, at) => values[(at % rows) * columns + Math.floor(at / rows)]!);
}

/** A kernel [filters, channels, steps] as ours: [steps, channels, filters]. */
function kernelOf(values: Float32Array, channels: number, filters: number): Float32Array {
  const steps = values.length / channels / filters;
  return Float32Array.from(values, (_, at) => {
    const filter = at % filters;
    const channel = Math.floor(at / filters) % channels;
    return values[(filter * channels + channel) * steps + Math.floor(at / filters / channels)]!;
  });
}

/** Gates i, f, c, o along the last axis of [rows, 4 units] as ours: i, c, f, o. */
function gates(values: Float32Array, units: number): Float32Array {
  const order = [0, 2, 1, 3];
  return Float32Array.from(values, (_, at) => {
    const column = at % (4 * units);
    return values[at - column + order[Math.floor(column / units)]! * units + (column % units)]!;
  });
}

function parametersOf(torch: Readonly<Record<string, Float32Array>>): Floats {
  const units = 128;
  const [input, state] = [torch['lstm.weight_ih_l0']!, torch['lstm.weight_hh_l0']!];
  const [inputBias, stateBias] = [torch['lstm.bias_ih_l0']!, torch['lstm.bias_hh_l0']!];
  const kernel = [...transposed(input, 4 * units), ...transposed(state, 4 * units)];
  return {
    'conv1/kernel': kernelOf(torch['conv1.weight']!, 78, 64),
    'conv1/bias': torch['conv1.bias']!,
    'conv2/kernel': kernelOf(torch['conv2.weight']!, 64, 64),
    'conv2/bias': torch['conv2.bias']!,
    'lstm/kernel': gates(Float32Array.from(kernel), units),
    'lstm/bias': gates(
      inputBias.map((bias, at) => bias + stateBias[at]!),
      units,
    ),
    'fc1/kernel': transposed(torch['fc1.weight']!, 64),
    'fc1/bias': torch['fc1.bias']!,
    'fc2/kernel': torch['fc2.weight']!,
    'fc2/bias': torch['fc2.bias']!,
  };
}

function largestDistance(given: ArrayLike<number>, expected: readonly number[]): number {
  expect(given).toHaveLength(expected.length);
  return Math.max(...expected.map((answer, row) => Math.abs(given[row]! - answer)));
}

async function answersOf(model: Uint8Array, x: Float32Array): Promise<Float32Array> {
  const session = await OnnxSession.load(model, network.input, { provider: 'cpu', threads: 1 });
  try {
    return await session.run(x);
  } finally {
    await session.release();
  }
}

describe.skipIf(!present)('with the parameters of PyTorch, the network', () => {
  const recorded = (): Recorded => JSON.parse(readFileSync(`${folder}/expected/dl_outputs.json`, 'utf8')) as Recorded;

  it('answers in our graph as it does there, within 1e-5', async () => {
    const { x } = readBatch(`${folder}/inputs`);
    const answers = await predictStandardised(plan, parametersOf(torchTensors()), x);
    expect(largestDistance(answers, recorded().torch_float32)).toBeLessThan(1e-5);
    expect(largestDistance(answers, recorded().torch_float64)).toBeLessThan(1e-5);
  });

  it('answers in our ONNX as it does there, within 1e-5', async () => {
    const { x } = readBatch(`${folder}/inputs`);
    const model = networkInOnnx(network, parametersOf(torchTensors()), 'float32');
    expect(largestDistance(await answersOf(model, x), recorded().torch_float32)).toBeLessThan(1e-5);
  });

  it('answers in the ONNX that PyTorch wrote, served by us, as it does there, within 1e-5', async () => {
    const { x } = readBatch(`${folder}/inputs`);
    const model = readFileSync(`${folder}/inputs/model.onnx`);
    expect(largestDistance(await answersOf(model, x), recorded().torch_float32)).toBeLessThan(1e-5);
  });

  // PyTorch's LSTM adds two biases, each with a step of its own: ours has one, so that it learns half as fast.
  it('with two biases learns as it does there: the losses of ten steps of Adam agree within 2e-5', async () => {
    const graph = graphOfTwoBiases();
    const torch = torchTensors();
    const session = await GraphSession.load(graph);
    session.run('assign', {
      ...Object.fromEntries(graph.variables.map(({ name, shape }) => [name, new Float32Array(sizeOf(shape))])),
      ...parametersOf(torch),
      'lstm/bias': gates(torch['lstm.bias_ih_l0']!, 128),
      'lstm/stateBias': gates(torch['lstm.bias_hh_l0']!, 128),
    });
    const feeds = { ...readBatch(`${folder}/inputs`), rate: Float32Array.of(1e-3) };
    const losses = Array.from({ length: 10 }, () => session.run('train', feeds).loss![0]!);
    session.dispose();
    expect(largestDistance(losses, recorded().train_adam_1e3_mse_losses_float64)).toBeLessThan(2e-5);
  });
});

/** The network's mean squared error over the batch, and a step of Adam with PyTorch's epsilon. */
function graphOfTwoBiases(): Graph {
  const graph = new Graph();
  const shapes = parameterShapes(network);
  for (const [name, shape] of Object.entries(shapes)) graph.variable(name, shape);
  graph.variable('lstm/stateBias', shapes['lstm/bias']!);
  const parameters = [...graph.variables];
  const valueOf = (name: string): Node => parameters.find((variable) => variable.name === name)!.value;
  const parameter = (name: string): Node =>
    name === 'lstm/bias' ? add(graph, valueOf(name), valueOf('lstm/stateBias')) : valueOf(name);
  const x = graph.placeholder('x', [benchBatch, ...network.input]);
  const y = graph.placeholder('y', [benchBatch, 1]);
  const learningRate = graph.placeholder('rate', []);
  const errors = square(graph, subtract(graph, networkInGraph(network, x, { graph, parameter }), y));
  const loss = scale(graph, sum(graph, errors), 1 / benchBatch);
  const gradients = graph.gradients(
    loss,
    parameters.map(({ value }) => value),
  );
  const applied = adamStep(graph, parameters, { gradients, learningRate, epsilon: 1e-8 });
  graph.signature('train', { x, y, rate: learningRate }, { loss: graph.after('loss', loss, applied) });
  graph.stateSignatures();
  return graph;
}
