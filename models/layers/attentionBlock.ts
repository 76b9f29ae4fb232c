import { add, scale } from '../graph/elementwise.ts';
import type { Node } from '../graph/graph.ts';
import { addBias, matmul, relu, reshape, transpose } from '../graph/operations.ts';
import { batchMatmul, layerNorm, layerNormEpsilon, softmax, unstack } from '../graph/sequenceOperations.ts';
import { requireShape, type Shape } from '../graph/shape.ts';
import type { GraphContext, OnnxContext } from './context.ts';
import { requireRate, requireSequence, requireWhole } from './layerRules.ts';
import type { AttentionBlock, Placement } from './layer.ts';

/** A block's output and parameters. */
export function placeAttentionBlock(layer: AttentionBlock, input: Shape): Placement {
  const [, channels] = requireSequence(layer, input);
  const { heads, feedForward } = layer;
  requireWhole(layer, { heads, feedForward });
  requireRate(layer, layer.dropout);
  requireShape(channels % heads === 0, `share channels among the heads of layer ${layer.name} (attentionBlock):`, [
    [channels],
    [heads],
  ]);
  const kernel = (rows: number, columns: number) => ({ shape: [rows, columns], beginning: 'glorot' }) as const;
  const vector = (size: number, beginning: 'zeros' | 'ones') => ({ shape: [size], beginning }) as const;
  return {
    output: input,
    parameters: {
      'norm1/scale': vector(channels, 'ones'),
      'norm1/bias': vector(channels, 'zeros'),
      'attention/kernel': kernel(channels, 3 * channels),
      'attention/bias': vector(3 * channels, 'zeros'),
      'joined/kernel': kernel(channels, channels),
      'joined/bias': vector(channels, 'zeros'),
      'norm2/scale': vector(channels, 'ones'),
      'norm2/bias': vector(channels, 'zeros'),
      'feedForward1/kernel': kernel(channels, feedForward),
      'feedForward1/bias': vector(feedForward, 'zeros'),
      'feedForward2/kernel': kernel(feedForward, channels),
      'feedForward2/bias': vector(channels, 'zeros'),
    },
  };
}

/** Rows of all samples and steps lie below each other, so that every product but attention's own is one. */
export function attentionBlockInGraph(layer: AttentionBlock, x: Node, context: GraphContext): Node {
  const { graph, parameter, drop } = context;
  const [batch = 0, steps = 0, channels = 0] = x.shape;
  const affine = (rows: Node, part: string): Node =>
    addBias(graph, matmul(graph, rows, parameter(`${part}/kernel`)), parameter(`${part}/bias`));
  const norm = (rows: Node, part: string): Node =>
    layerNorm(graph, rows, { scale: parameter(`${part}/scale`), bias: parameter(`${part}/bias`) });

  const rows = reshape(graph, x, [batch * steps, channels]);
  const mixed = affine(norm(rows, 'norm1'), 'attention');
  const size = channels / layer.heads;
  const byHead = transpose(graph, reshape(graph, mixed, [batch, steps, 3, layer.heads, size]), [2, 0, 3, 1, 4]);
  const [query, key, value] = unstack(graph, byHead);
  const scores = scale(graph, batchMatmul(graph, [query!, key!], 'transposed'), 1 / Math.sqrt(size));
  const heard = batchMatmul(graph, [softmax(graph, scores), value!], 'plain');
  const joined = reshape(graph, transpose(graph, heard, [0, 2, 1, 3]), [batch * steps, channels]);
  const attended = add(graph, rows, drop(affine(joined, 'joined'), layer.dropout));
  const hidden = relu(graph, affine(norm(attended, 'norm2'), 'feedForward1'));
  const fed = add(graph, attended, drop(affine(hidden, 'feedForward2'), layer.dropout));
  return reshape(graph, fed, x.shape);
}

/** The same in ONNX, attention itself as one operation of the runtime's. */
export function attentionBlockInOnnx(layer: AttentionBlock, x: string, context: OnnxContext): string {
  const { onnx, parameter, input } = context;
  const [steps = 0, channels = 0] = input;
  const values = (name: string): Float32Array => parameter(name).values;
  const affine = (rows: string, part: string): string => {
    const { values: kernel, shape } = parameter(`${part}/kernel`);
    return onnx.affine(rows, { kernel, shape, bias: values(`${part}/bias`), sampleRows: steps });
  };
  const norm = (rows: string, part: string): string => {
    const weights = ['scale', 'bias'].map((name) => onnx.floats(values(`${part}/${name}`), [channels]));
    return onnx.node('LayerNormalization', [rows, ...weights], { axis: -1, epsilon: { float: layerNormEpsilon } });
  };
  const flat = (value: string): string => onnx.node('Reshape', [value, onnx.wholes([-1, channels])]);
  const mixing = { kernel: values('attention/kernel'), bias: values('attention/bias'), heads: layer.heads };
  const rows = flat(x);
  const heard = flat(onnx.attention(norm(x, 'norm1'), mixing));
  const attended = onnx.node('Add', [rows, affine(heard, 'joined')]);
  const hidden = onnx.node('Relu', [affine(norm(attended, 'norm2'), 'feedForward1')]);
  const fed = onnx.node('Add', [attended, affine(hidden, 'feedForward2')]);
  return onnx.node('Reshape', [fed, onnx.wholes([-1, steps, channels])]);
}
