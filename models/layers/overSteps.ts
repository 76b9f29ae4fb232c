import type { Node } from '../graph/graph.ts';
import { addBias, reshape } from '../graph/operations.ts';
import { lastOfAxis, meanOfAxis } from '../graph/sequenceOperations.ts';
import { sizeOf, type Shape } from '../graph/shape.ts';
import type { GraphContext, OnnxContext } from './context.ts';
import { requireSequence } from './layerRules.ts';
import type { LastStep, MeanOverSteps, Placement, Positions } from './layer.ts';

/** What is left of a sequence when its steps become one. */
export function placeOverSteps(layer: MeanOverSteps | LastStep, input: Shape): Placement {
  const [, channels] = requireSequence(layer, input);
  return { output: [channels], parameters: {} };
}

/** The steps' mean, or the last of them. */
export function overStepsInGraph({ kind }: MeanOverSteps | LastStep, x: Node, { graph }: GraphContext): Node {
  return kind === 'meanOverSteps' ? meanOfAxis(graph, x, 1) : lastOfAxis(graph, x, 1);
}

/** The same in ONNX. */
export function overStepsInOnnx({ kind }: MeanOverSteps | LastStep, x: string, { onnx }: OnnxContext): string {
  if (kind === 'meanOverSteps') return onnx.node('ReduceMean', [x], { axes: [1], keepdims: 0 });
  return onnx.node('Gather', [x, onnx.wholes([-1], [])], { axis: 1 });
}

/** Positions change no shape. */
export function placePositions(layer: Positions, input: Shape): Placement {
  requireSequence(layer, input);
  // A convolution's beginning: small enough to leave the features readable.
  return { output: input, parameters: { table: { shape: input, beginning: 'glorot' } } };
}

/** Steps and channels of a sample as one axis, so that the table is a bias. */
export function positionsInGraph(_: Positions, x: Node, { graph, parameter }: GraphContext): Node {
  const [batch = 0, ...sample] = x.shape;
  const flat = reshape(graph, x, [batch, sizeOf(sample)]);
  return reshape(graph, addBias(graph, flat, reshape(graph, parameter('table'), [sizeOf(sample)])), x.shape);
}

/** The same in ONNX. */
export function positionsInOnnx(_: Positions, x: string, { onnx, parameter }: OnnxContext): string {
  const { values, shape } = parameter('table');
  return onnx.node('Add', [x, onnx.floats(values, shape)]);
}
