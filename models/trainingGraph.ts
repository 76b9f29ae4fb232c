import { adamStep, stepCount } from './graph/adam.ts';
import { dropout } from './graph/dropout.ts';
import { add } from './graph/elementwise.ts';
import { Graph, type Node } from './graph/graph.ts';
import { GraphSession, type Floats } from './graph/graphSession.ts';
import { multiply, rawConcat, rawSlice, square, subtract, sum } from './graph/operations.ts';
import { requireShape, sameShape, sizeOf } from './graph/shape.ts';
import type { Network } from './layers/layer.ts';
import { hasDropout, networkInGraph, outputShape, parameterShapes } from './layers/network.ts';

/** Everything that fixes a training's graph. */
export interface TrainingPlan {
  /** Its output has the shape [1]: one number a sample. */
  readonly network: Network;
  readonly batchSize: number;
  /**
   * Parts a batch is cut into, which compute side by side on as many inter-op threads. Another number of parts adds in
   * another order, so it decides the last bits; the number of threads does not.
   */
  readonly towers: number;
  /** Bound of the gradients' joint norm. */
  readonly clipNorm: number;
  /** Decides what is dropped, where anything is. */
  readonly seed: number;
}

/** The optimiser's variables before the first step. */
export function optimiserZeros(network: Network): Floats {
  const moments = Object.entries(parameterShapes(network)).flatMap(([name, sizes]) => {
    const count = sizeOf(sizes);
    return ['mean', 'variance'].map((moment) => [`adam/${moment}/${name}`, new Float32Array(count)] as const);
  });
  return { 'adam/step': new Float32Array(1), ...Object.fromEntries(moments) };
}

/**
 * A training's graph with the signatures `predict` (x) and `loss` (x, y, weight), in which nothing is dropped, `train`
 * (x, y, weight, learning rate) and `gradients` (x, y, weight), in which dropout drops, `assign` and `read`. The loss is
 * the weighted mean of squared errors; a padded row has weight 0.
 * @throws Failure MODEL_SHAPE_MISMATCH naming the layer or the size that does not fit
 */
export function buildTrainingGraph(plan: TrainingPlan): Graph {
  const { network, batchSize, clipNorm } = plan;
  requirePlan(plan);
  const graph = new Graph();
  const shapes = parameterShapes(network);
  for (const [name, shape] of Object.entries(shapes)) graph.variable(name, shape);
  const parameters = [...graph.variables];
  const x = graph.placeholder('x', [batchSize, ...network.input]);
  const y = graph.placeholder('y', [batchSize, 1]);
  // Weights sum to one over the batch's true rows, so that a padded batch has the loss of its rows alone.
  const weight = graph.placeholder('weight', [batchSize, 1]);
  const learningRate = graph.placeholder('learning_rate', []);

  const towers = towersOf(graph, plan, { x, y, weight });
  const loss = towers.map(({ trainingLoss }) => trainingLoss).reduce((a, b) => add(graph, a, b));
  const gradients = graph.gradients(
    loss,
    parameters.map(({ value }) => value),
  );
  const predictions = towers.map(({ prediction }) => prediction);
  const prediction = predictions.length === 1 ? predictions[0]! : rawConcat(graph, predictions, 0);
  const quietLoss = squaredErrors(graph, prediction, { y, weight });
  graph.signature('predict', { x }, { prediction: graph.after('prediction', prediction) });
  graph.signature('loss', { x, y, weight }, { loss: graph.after('loss', quietLoss) });
  const named = parameters.map(
    ({ name }, index) => [name, graph.after(`gradient_${index}`, gradients[index]!)] as const,
  );
  const learnt = graph.after('learnt_loss', loss);
  graph.signature('gradients', { x, y, weight }, { loss: learnt, ...Object.fromEntries(named) });
  const applied = adamStep(graph, parameters, { gradients, learningRate, clipNorm });
  graph.signature('train', { x, y, weight, learningRate }, { loss: graph.after('train_loss', loss, applied) });
  graph.stateSignatures();
  return graph;
}

/** A loaded training graph; it is built and loaded once a plan and process. */
export function loadTrainingGraph(plan: TrainingPlan): Promise<GraphSession> {
  const key = JSON.stringify(plan);
  const known = sessions.get(key);
  if (known) return known;
  const loading = GraphSession.load(buildTrainingGraph(plan));
  sessions.set(key, loading);
  return loading;
}

const sessions = new Map<string, Promise<GraphSession>>();

interface Batch {
  readonly x: Node;
  readonly y: Node;
  readonly weight: Node;
}

/** Each tower's prediction with nothing dropped, and its share of the loss with dropout. */
function towersOf(
  graph: Graph,
  { network, batchSize, towers, seed }: TrainingPlan,
  batch: Batch,
): readonly { readonly prediction: Node; readonly trainingLoss: Node }[] {
  const values = new Map(graph.variables.map(({ name, value }) => [name, value]));
  const parameter = (name: string): Node => values.get(name)!;
  const rows = batchSize / towers;
  return Array.from({ length: towers }, (_, tower) => {
    const part = (node: Node): Node => {
      if (towers === 1) return node;
      const begin = node.shape.map((_axis, axis) => (axis === 0 ? tower * rows : 0));
      return rawSlice(graph, node, { begin, size: node.shape.with(0, rows) });
    };
    const { x, y, weight } = { x: part(batch.x), y: part(batch.y), weight: part(batch.weight) };
    const prediction = networkInGraph(network, x, { graph, parameter });
    let places = 0;
    const drop = (given: Node, rate: number): Node => {
      if (rate === 0) return given;
      // Neighbouring seeds give unrelated streams: the generator is counter based (Salmon et al. 2011).
      const place = Math.imul(seed + 1, 0x9e3779b1) + tower * 65_537 + places++;
      return dropout(graph, given, { rate, seed: place, step: stepCount(graph, 'adam').value });
    };
    const learnt = hasDropout(network) ? networkInGraph(network, x, { graph, parameter, drop }) : prediction;
    return { prediction, trainingLoss: squaredErrors(graph, learnt, { y, weight }) };
  });
}

function squaredErrors(graph: Graph, prediction: Node, { y, weight }: Omit<Batch, 'x'>): Node {
  return sum(graph, multiply(graph, square(graph, subtract(graph, prediction, y)), weight));
}

function requirePlan({ network, batchSize, towers }: TrainingPlan): void {
  const output = outputShape(network);
  requireShape(sameShape(output, [1]), 'train a network whose output is not one number but', [output]);
  const isWhole = [batchSize, towers].every((size) => Number.isSafeInteger(size) && size > 0);
  requireShape(isWhole && batchSize % towers === 0, 'cut batches evenly into towers:', [[batchSize], [towers]]);
}
