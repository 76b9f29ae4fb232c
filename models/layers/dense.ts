import type { Node } from '../graph/graph.ts';
import { addBias, matmul, reshape } from '../graph/operations.ts';
import { requireShape, sizeOf, type Shape } from '../graph/shape.ts';
import { activateGraph, activateOnnx } from './activation.ts';
import type { GraphContext, OnnxContext } from './context.ts';
import { requireWhole } from './layerRules.ts';
import type { Dense, Placement } from './layer.ts';

/** A dense layer's output and parameters. */
export function placeDense(layer: Dense, input: Shape): Placement {
  requireShape(input.length > 0, `give layer ${layer.name} (dense), which needs channels,`, [input]);
  requireWhole(layer, { units: layer.units });
  return {
    output: [...input.slice(0, -1), layer.units],
    parameters: {
      kernel: { shape: [input.at(-1)!, layer.units], beginning: 'glorot' },
      bias: { shape: [layer.units], beginning: 'zeros' },
    },
  };
}

/** One product over all rows. */
export function denseInGraph(layer: Dense, x: Node, { graph, parameter }: GraphContext): Node {
  const rows = sizeOf(x.shape.slice(0, -1));
  const flat = reshape(graph, x, [rows, x.shape.at(-1)!]);
  const mixed = addBias(graph, matmul(graph, flat, parameter('kernel')), parameter('bias'));
  return reshape(graph, activateGraph(graph, mixed, layer.activation), [...x.shape.slice(0, -1), layer.units]);
}

/** A product and a bias over the rows of all samples, quantised where the writer quantises. */
export function denseInOnnx(layer: Dense, x: string, { onnx, parameter, input }: OnnxContext): string {
  const { values, shape } = parameter('kernel');
  const outer = input.slice(0, -1);
  const rows = outer.length === 0 ? x : onnx.node('Reshape', [x, onnx.wholes([-1, input.at(-1)!])]);
  const affine = { kernel: values, shape, bias: parameter('bias').values, sampleRows: sizeOf(outer) };
  const mixed = activateOnnx(onnx, onnx.affine(rows, affine), layer.activation);
  return outer.length === 0 ? mixed : onnx.node('Reshape', [mixed, onnx.wholes([-1, ...outer, layer.units])]);
}
