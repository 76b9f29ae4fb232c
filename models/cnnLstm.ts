import { adamStep } from './graph/adam.ts';
import { Graph, type Node } from './graph/graph.ts';
import { GraphSession, type Floats } from './graph/graphSession.ts';
import { lastHiddenState } from './graph/lstm.ts';
import {
  addBias,
  convolve,
  matmul,
  multiply,
  relu,
  reshape,
  square,
  subtract,
  sum,
  transpose,
} from './graph/operations.ts';
import { requireShape, sizeOf, type Shape } from './graph/shape.ts';
import { seededRandom, type Random } from './random.ts';
import type { TrainingSpec } from './trainingSpec.ts';

/** Sizes that fix the network's graph. */
export interface NetworkShape {
  readonly windowSessions: number;
  readonly features: number;
  readonly filters: number;
  readonly units: number;
  readonly batchSize: number;
  readonly clipNorm: number;
}

/** Width of the convolutions' kernels, sessions. */
const kernelSessions = 3;

/** The sizes a spec and a number of features ask for. */
export function networkShape(spec: TrainingSpec, features: number): NetworkShape {
  const { windowSessions, filters, units, batchSize, clipNorm } = spec;
  return { windowSessions, features, filters, units, batchSize, clipNorm };
}

/** The parameters, in the order in which they are declared, drawn and saved. */
export function parameterShapes({ features, filters, units }: NetworkShape): Readonly<Record<string, Shape>> {
  return {
    'conv1/kernel': [1, kernelSessions, features, filters],
    'conv1/bias': [filters],
    'conv2/kernel': [1, kernelSessions, filters, filters],
    'conv2/bias': [filters],
    'lstm/kernel': [filters + units, 4 * units],
    'lstm/bias': [4 * units],
    'dense/kernel': [units, 1],
    'dense/bias': [1],
  };
}

/**
 * Initial parameters: Glorot and Bengio's uniform for kernels, zeros for biases, but ones for the forget gate
 * (Jozefowicz et al. 2015).
 */
export function initialParameters(shape: NetworkShape, seed: number): Floats {
  const random = seededRandom(seed, 0);
  return Object.fromEntries(
    Object.entries(parameterShapes(shape)).map(([name, sizes]) => {
      if (name.endsWith('kernel')) return [name, glorot(sizes, random)];
      const bias = new Float32Array(sizes[0]!);
      if (name === 'lstm/bias') bias.fill(1, 2 * shape.units, 3 * shape.units);
      return [name, bias];
    }),
  );
}

/** The optimiser's variables before the first step. */
export function optimiserZeros(shape: NetworkShape): Floats {
  const moments = Object.entries(parameterShapes(shape)).flatMap(([name, sizes]) => {
    const count = sizeOf(sizes);
    return ['mean', 'variance'].map((moment) => [`adam/${moment}/${name}`, new Float32Array(count)] as const);
  });
  return { 'adam/step': new Float32Array(1), ...Object.fromEntries(moments) };
}

function glorot(sizes: Shape, random: Random): Float32Array {
  const field = sizeOf(sizes.slice(0, -2));
  const limit = Math.sqrt(6 / (field * (sizes.at(-2)! + sizes.at(-1)!)));
  return Float32Array.from({ length: sizeOf(sizes) }, () => (2 * random() - 1) * limit);
}

/**
 * Two convolutions over time, an LSTM, and a dense output of one number a sample.
 * @param x shape [batch, window, features]
 * @returns shape [batch, 1]
 */
function forward(graph: Graph, x: Node, shape: NetworkShape): Node {
  const { windowSessions, filters, batchSize } = shape;
  const declared = parameterShapes(shape);
  const value = (name: string): Node => graph.variable(name, declared[name]!).value;
  const convolution = (input: Node, name: string): Node => {
    const mixed = convolve(graph, input, value(`${name}/kernel`));
    return relu(graph, addBias(graph, mixed, value(`${name}/bias`)));
  };
  const image = reshape(graph, x, [batchSize, 1, windowSessions, shape.features]);
  const filtered = convolution(convolution(image, 'conv1'), 'conv2');
  const sequence = transpose(graph, reshape(graph, filtered, [batchSize, windowSessions, filters]), [1, 0, 2]);
  const state = lastHiddenState(graph, sequence, { kernel: value('lstm/kernel'), bias: value('lstm/bias') });
  return addBias(graph, matmul(graph, state, value('dense/kernel')), value('dense/bias'));
}

/**
 * The network's graph with the signatures `predict` (x), `loss` and `train` (x, y, weight, learningRate), `gradients`,
 * `assign` and `read`. The loss is the weighted mean of squared errors; a padded row has weight 0.
 * @throws Failure MODEL_SHAPE_MISMATCH when a size is not a whole number of at least 1
 */
export function buildNetwork(shape: NetworkShape): Graph {
  const { clipNorm: _, ...sizes } = shape;
  const given = Object.entries(sizes).map(([name, size]) => `${name} ${size}`);
  const whole = Object.values(sizes).every((size) => Number.isSafeInteger(size) && size > 0);
  requireShape(whole, `build a network of ${given.join(', ')}:`, [Object.values(sizes)]);
  const graph = new Graph();
  const { batchSize, windowSessions, features } = shape;
  const x = graph.placeholder('x', [batchSize, windowSessions, features]);
  const y = graph.placeholder('y', [batchSize, 1]);
  // Weights sum to one over the batch's true rows, so that a padded batch has the loss of its rows alone.
  const weight = graph.placeholder('weight', [batchSize, 1]);
  const learningRate = graph.placeholder('learning_rate', []);
  const prediction = forward(graph, x, shape);
  const loss = sum(graph, multiply(graph, square(graph, subtract(graph, prediction, y)), weight));
  const parameters = [...graph.variables];
  const gradients = graph.gradients(
    loss,
    parameters.map((parameter) => parameter.value),
  );
  graph.signature('predict', { x }, { prediction: graph.after('prediction', prediction) });
  graph.signature('loss', { x, y, weight }, { loss: graph.after('loss', loss) });
  const named = parameters.map(
    ({ name }, index) => [name, graph.after(`gradient_${index}`, gradients[index]!)] as const,
  );
  graph.signature('gradients', { x, y, weight }, Object.fromEntries(named));
  const applied = adamStep(graph, parameters, { gradients, learningRate, clipNorm: shape.clipNorm });
  graph.signature('train', { x, y, weight, learningRate }, { loss: graph.after('train_loss', loss, applied) });
  graph.stateSignatures();
  return graph;
}

/** A loaded network; its graph is built and loaded once a shape and process. */
export function loadNetwork(shape: NetworkShape): Promise<GraphSession> {
  const key = JSON.stringify(shape);
  const known = networks.get(key);
  if (known) return known;
  const loading = GraphSession.load(buildNetwork(shape));
  networks.set(key, loading);
  return loading;
}

const networks = new Map<string, Promise<GraphSession>>();
